package dev.panpty;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.loop.EventProcess;
import dev.panpty.internal.loop.Listener;
import dev.panpty.internal.loop.Outcome;
import java.nio.ByteBuffer;

/** Turns what the loop tells into calls of a protocol and a producer, and what these throw into reports. The loop's, after begin. */
final class ProtocolListener implements Listener {

    /** In place of the user's protocol after the end, which is let go. */
    private static final ProcessProtocol NOBODY = new ProcessProtocol() {};

    private ProcessProtocol protocol;
    private final String protocolName;
    private PtyProcess transport;
    private ProducerSlot producers;

    ProtocolListener(ProcessProtocol protocol) {
        this.protocol = protocol;
        Class<?> type = protocol.getClass();
        protocolName = type.getSimpleName().isEmpty() ? type.getName() : type.getSimpleName();
    }

    /** To be called before the process begins. */
    void attach(PtyProcess newTransport, EventProcess process) {
        transport = newTransport;
        producers = new ProducerSlot(process, this::guarded);
    }

    String protocolName() {
        return protocolName;
    }

    ProducerSlot producers() {
        return producers;
    }

    @Override
    public void connected() {
        try {
            protocol.connectionMade(transport);
        } catch (Throwable thrown) {
            failed(thrown);
        }
    }

    @Override
    public void data(int childFd, ByteBuffer data) {
        try {
            protocol.childDataReceived(childFd, data);
        } catch (Throwable thrown) {
            failed(thrown);
        }
    }

    @Override
    public void sideLost(int childFd) {
        if (childFd == 0) {
            producers.ended();
        }
        try {
            protocol.childConnectionLost(childFd);
        } catch (Throwable thrown) {
            failed(thrown);
        }
    }

    @Override
    public void full() {
        producers.full();
    }

    @Override
    public void drained() {
        producers.drained();
    }

    @Override
    public void emptied() {
        producers.emptied();
    }

    @Override
    public void exited(Outcome outcome) {
        try {
            protocol.processExited(PtyProcess.exitStatus(outcome));
        } catch (Throwable thrown) {
            failed(thrown);
        }
    }

    @Override
    public void ended(Outcome outcome) {
        try {
            protocol.processEnded(PtyProcess.exitStatus(outcome));
        } catch (Throwable thrown) {
            failed(thrown);
        }
        protocol = NOBODY;
    }

    @Override
    public void inputCut(String reason, long writtenBytes) {
        failed(new PartialWriteException("write to " + transport.ptsName() + ", " + writtenBytes + " bytes done: " + reason, writtenBytes));
    }

    @Override
    public void failed(Throwable thrown) {
        try {
            protocol.onError(thrown);
        } catch (Throwable again) {
            EventLoop.report("in the protocol of a process", thrown);
            if (again != thrown) { // it may have been thrown on
                EventLoop.report("in the onError of that protocol", again);
            }
        }
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable thrown) {
            failed(thrown);
        }
    }
}
