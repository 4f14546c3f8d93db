package dev.panpty;

import dev.panpty.internal.event.EventProcess;
import dev.panpty.internal.event.Listener;
import dev.panpty.internal.loop.Callbacks;
import dev.panpty.internal.loop.Reports;
import dev.panpty.internal.process.WaitStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns the loop's events into calls of a protocol and a producer, and reports what these throw. On the loop's thread, after begin. */
final class ProtocolListener implements Listener {

    /** Replaces the user's protocol after the end, so that it can be collected. */
    private static final ProcessProtocol NO_PROTOCOL = new ProcessProtocol() {};

    private volatile ProcessProtocol protocol; // written by the loop's thread, read by any
    private final boolean owned;
    private final String protocolName;
    private final String className;
    private EventProcess process;
    private Callbacks callbacks;
    private PtyProcess transport;
    private ProducerSlot producers;
    private final List<Throwable> thrownInside = new ArrayList<>(); // by a producer that was called inside a callback

    /** @param owned whether the protocol gets buffers of its own */
    ProtocolListener(ProcessProtocol protocol, boolean owned) {
        this.protocol = protocol;
        this.owned = owned;
        Class<?> type = protocol.getClass();
        className = type.getName();
        protocolName = type.getSimpleName().isEmpty() ? className : type.getSimpleName();
    }

    /** To be called before the process begins. */
    void attach(PtyProcess newTransport, EventProcess process) {
        transport = newTransport;
        this.process = process;
        callbacks = process.loop().callbacks();
        producers = new ProducerSlot(process, this::guarded, transport::onReactor);
    }

    /** The user's protocol; empty after the end. Any thread. */
    Optional<ProcessProtocol> protocol() {
        ProcessProtocol now = protocol;
        return now == NO_PROTOCOL ? Optional.empty() : Optional.of(now);
    }

    String protocolName() {
        return protocolName;
    }

    ProducerSlot producers() {
        return producers;
    }

    @Override
    public void connected() {
        boolean entered = callbacks.enter(this);
        try {
            protocol.connectionMade(transport);
        } catch (Throwable thrown) {
            failed(thrown);
        } finally {
            leaveIf(entered);
        }
    }

    @Override
    public void data(int childFd, ByteBuffer data) {
        boolean entered = callbacks.enter(this);
        try {
            protocol.childDataReceived(childFd, owned ? ByteBuffer.allocate(data.remaining()).put(data).flip() : data);
        } catch (Throwable thrown) {
            failed(thrown);
        } finally {
            leaveIf(entered);
        }
    }

    @Override
    public void sideLost(int childFd) {
        boolean entered = callbacks.enter(this);
        try {
            protocol.childConnectionLost(childFd);
        } catch (Throwable thrown) {
            failed(thrown);
        } finally {
            leaveIf(entered);
        }
    }

    @Override
    public void backpressure() {
        while (!thrownInside.isEmpty()) {
            failed(thrownInside.removeFirst());
        }
        producers.advance();
    }

    @Override
    public void full() {
        producers.full();
    }

    @Override
    public void losing() {
        producers.losing();
    }

    @Override
    public boolean produces(boolean drained) {
        return producers.produces(drained);
    }

    @Override
    public void exited(WaitStatus waited) {
        ExitStatus status = PtyProcess.exitStatus(waited); // first: if it runs out of memory, the callback is repeated
        boolean entered = callbacks.enter(this);
        try {
            protocol.processExited(status);
        } catch (Throwable thrown) {
            failed(thrown);
        } finally {
            leaveIf(entered);
        }
    }

    @Override
    public void ended(WaitStatus waited) {
        ExitStatus status = PtyProcess.exitStatus(waited);
        boolean entered = callbacks.enter(this);
        try {
            protocol.processEnded(status);
        } catch (Throwable thrown) {
            failed(thrown);
        } finally {
            leaveIf(entered);
        }
        protocol = NO_PROTOCOL;
    }

    @Override
    public void inputCut(String reason, long writtenBytes) {
        failed(new PartialWriteException("write to " + transport.ptsName() + ", " + writtenBytes + " bytes done: " + reason, writtenBytes));
    }

    @Override
    public void failed(Throwable thrown) {
        boolean entered = callbacks.enter(this);
        try {
            protocol.onError(thrown);
        } catch (Throwable again) {
            Reports.log("in the protocol of a process", thrown);
            if (again != thrown) { // onError may have rethrown it
                Reports.log("in the onError of that protocol", again);
            }
        } finally {
            leaveIf(entered);
        }
    }

    private void leaveIf(boolean entered) {
        if (entered) {
            callbacks.leave();
        }
    }

    /** Runs the user's code and reports what it throws; inside a callback, it is reported once that has returned. */
    void guarded(Runnable call) {
        boolean entered = callbacks.enter(this);
        try {
            call.run();
        } catch (Throwable thrown) {
            if (entered || !process.loop().isCurrent()) {
                failed(thrown);
            } else {
                thrownInside.add(thrown);
                process.producerChanged(); // backpressure() then reports it
            }
        } finally {
            leaveIf(entered);
        }
    }

    /** For the log. Any thread. */
    @Override
    public String toString() {
        return "a callback of " + className + " (pid " + transport.pid() + ")";
    }
}
