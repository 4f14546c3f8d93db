package dev.panpty.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.Signal;
import dev.panpty.WindowSize;
import dev.panpty.testing.Chatter;
import dev.panpty.testing.ChatterListeners;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The actions of the caller on its child, one after the other. */
final class ChaosActs {

    private final ChaosPlan plan;
    private final ChaosChild child;
    private final ChaosThreads threads;
    private final Optional<ChatterListeners.Subscriber> subscriber;
    private final PtyProcess process;
    private final Random random;
    private int written;

    ChaosActs(ChaosPlan plan, ChaosChild child, ChaosThreads threads, Optional<ChatterListeners.Subscriber> subscriber) {
        this.plan = plan;
        this.child = child;
        this.threads = threads;
        this.subscriber = subscriber;
        process = child.process;
        random = plan.random;
    }

    void act() throws Exception {
        switch (random.nextInt(plan.hasStreams() ? 12 : 20)) {
            case 0, 1 -> resize();
            case 2 -> process.attributes(process.attributes());
            case 3 -> {
                process.signal(Signal.STOP);
                child.stopped = true;
            }
            case 4, 5 -> child.goOn();
            case 6 -> process.stopOutput();
            case 7 -> process.resumeOutput();
            case 8 -> harmlessSignal();
            case 9 -> look();
            case 10 -> threads.interrupt();
            case 11 -> closeASide();
            case 12 -> process.pauseProducing();
            case 13, 14 -> resume();
            case 15 -> child.type(random);
            case 16 -> writeInPieces();
            default -> writeUnit();
        }
    }

    private void resize() throws IOException {
        WindowSize size = new WindowSize(1 + random.nextInt(200), 1 + random.nextInt(300));
        process.resize(size);
        assertEquals(size, process.windowSize());
    }

    private void harmlessSignal() throws IOException {
        Signal signal = plan.pick(new Signal[] {Signal.WINCH, Signal.of("URG"), Signal.CONT});
        switch (random.nextInt(4)) {
            case 0 -> process.signalGroup(signal);
            case 1 -> process.signalForeground(signal);
            case 2 -> process.signalProcess(signal.name());
            default -> process.signalProcess(signal.number());
        }
    }

    private void look() throws IOException {
        assertEquals(process.pid(), process.toHandle().pid());
        assertTrue(process.pendingBytes() >= 0 && process.droppedBytes() >= 0 && process.unwrittenBytes() >= 0);
        process.foregroundProcess().ifPresent(foreground -> assertTrue(foreground.pid() > 0));
        assertTrue(process.toString().contains(Long.toString(process.pid())));
    }

    /** Rarely. */
    private void closeASide() throws IOException {
        switch (random.nextInt(40)) {
            case 0 -> {
                child.inputClosed = true;
                if (!plan.hasStreams()) {
                    process.closeStdin();
                }
            }
            case 1 -> {
                child.outputClosed = true;
                if (plan.hasStreams()) {
                    process.getInputStream().close();
                } else {
                    process.closeStdout();
                }
            }
            default -> { }
        }
    }

    /** Undoes everything that stops the output. */
    void resume() {
        subscriber.ifPresent(one -> one.ask(1 + random.nextInt(5)));
        process.resumeProducing();
    }

    private void writeUnit() {
        if (!child.inputClosed && process.pendingBytes() < ChaosChild.MAX_PENDING_BYTES) {
            process.write(Chatter.unit(ChaosChild.OWN_WRITER, written, random.nextInt(ChaosChild.MAX_PADDING)));
            written++;
        }
    }

    private void writeInPieces() {
        if (!child.inputClosed && process.pendingBytes() < ChaosChild.MAX_PENDING_BYTES) {
            byte[] unit = Chatter.unit(ChaosChild.OWN_WRITER, written, random.nextInt(ChaosChild.MAX_PADDING));
            int cut = random.nextInt(unit.length);
            process.writeSequence(List.of(ByteBuffer.wrap(unit, 0, cut), ByteBuffer.wrap(unit, cut, unit.length - cut)));
            written++;
        }
    }
}
