package dev.panpty.internal.event;

import dev.panpty.internal.process.LineGuard;
import dev.panpty.internal.process.ProcessStart;
import dev.panpty.internal.process.TerminalProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A process whose listener is notified by the loop. {@code Told} is the last stage that the listener was notified of:
 *
 * <pre>
 *   NOTHING --begun--> CONNECTED --child reaped--> EXITED --all output delivered--> ENDED
 * </pre>
 *
 * <p>Callers and events change the state, here and in the parts ({@link EventReader}, {@link WriteQueue}, {@link GracefulClose}, the
 * child), and call {@link #changed}. {@link #step} compares the state with what the listener was notified of, and notifies it;
 * {@link Advancing} decides when. A notification that throws does not count and is repeated by the next step.
 *
 * <p>Methods may be called from any thread. Those that change reading take effect at once on the loop's thread, else in the order of
 * the calls.
 */
public final class EventProcess extends TerminalProcess implements Advancing.Owner, EventReader.Owner {

    private enum Told { NOTHING, CONNECTED, EXITED, ENDED }

    private final Listener listener;
    private final List<EventReader> readers; // the terminal's, and that of standard error if it has a pipe
    private final WriteQueue queue;
    private final GracefulClose closing;
    private final Advancing advancing;
    private final AtomicReference<IOException> failure = new AtomicReference<>();
    private final TapFailures tapFailures = new TapFailures(loop(), this::advance);
    private Told told = Told.NOTHING; // confined to the loop's thread, as what follows
    private boolean begun;

    /** Water marks of the write queue; up to how many bytes reads are joined, 0 for not; how long {@link #loseConnection} may take. */
    public record Limits(int highWaterBytes, int lowWaterBytes, int joinedBytes, Duration loseConnection) {}

    /** {@link #prepare} follows. */
    public EventProcess(ProcessStart start, Limits limits, Listener listener) {
        super(start);
        this.listener = listener;
        advancing = new Advancing(loop(), this);
        EventReader reader = new EventReader(terminal(), 1, this, advancing, start.endAtExit(), limits.joinedBytes());
        Optional<EventReader> errorReader =
                sides().errorPipe().map(pipe -> new EventReader(pipe, 2, this, advancing, start.endAtExit(), limits.joinedBytes()));
        readers = errorReader.isPresent() ? List.of(reader, errorReader.get()) : List.of(reader);
        queue = new WriteQueue(terminal(), limits.highWaterBytes(), limits.lowWaterBytes(), start.splitLongLines(), new WriteQueue.Owner() {
            @Override
            public void changed() {
                EventProcess.this.changed();
            }

            @Override
            public boolean flushesLater() {
                return advancing.defers();
            }

            @Override
            public void cut(long writtenBytes) {
                loop().post(() -> inputCut(writtenBytes));
            }

            @Override
            public void failed(IOException reason) {
                failure.compareAndSet(null, reason);
            }
        });
        closing = new GracefulClose(this, advancing, readers, queue, listener, TimeUnit.NANOSECONDS.convert(limits.loseConnection()));
        attach(reader, queue, errorReader);
    }

    @Override
    public int reserve() {
        int registered = terminal().register();
        return registered == 0 && sides().errorPipe().isPresent() ? sides().errorPipe().get().register() : registered;
    }

    @Override
    public void watch() {
        super.watch();
        if (!loop().post(this::connect)) {
            throw new IllegalStateException("the reactor is closed");
        }
    }

    private void connect() {
        begun = true;
        advance();
    }

    private void listen() {
        terminal().listen();
        if (sides().errorPipe().isPresent()) {
            sides().errorPipe().get().listen();
        }
    }

    /** The state has changed. Any thread. */
    void changed() {
        advancing.changed();
    }

    /** Inside the user's code only a full queue is notified: a producer that writes until it is paused would never return. */
    @Override
    public void changedInside() {
        if (queue.isFull()) {
            listener.full();
        }
    }

    @Override
    public void advance() {
        advancing.advance();
    }

    @Override
    public void flushHeld() {
        queue.flush();
    }

    @Override
    public void deliver(int childFd, ByteBuffer data) {
        listener.data(childFd, data);
        advancing.stepAgain();
    }

    @Override
    public void step() {
        if (!begun) {
            return; // events of a hang-up come from the registration on
        }
        child().advance();
        repeatMissed();
        if (told == Told.NOTHING) {
            listen();
            listener.connected();
            told = Told.CONNECTED;
        }
        tapFailures.tell(listener::failed);
        tellFailure();
        if (child().isReaped() && told == Told.CONNECTED) {
            exited().reach();
            listener.exited(outcome().orElseThrow());
            told = Told.EXITED;
        }
        for (EventReader reader : readers) {
            reader.advance();
        }
        if (child().isReaped()) {
            endKillSequence();
        }
        sides().closeFinished();
        for (EventReader reader : readers) {
            if (reader.isLossDue()) {
                listener.sideLost(reader.childFd());
                reader.lossTold();
            }
        }
        listener.backpressure();
        if (queue.isLossDue()) {
            listener.sideLost(0);
            queue.lossTold();
        }
        closing.advance();
        if (told == Told.EXITED && sides().isOutputFinished() && !readers.getFirst().isLossDue() && !readers.getLast().isLossDue()) {
            terminal().tellEnd();
            tapFailures.tell(listener::failed);
            listener.ended(outcome().orElseThrow());
            told = Told.ENDED;
            reachEnd();
        }
    }

    private void tellFailure() {
        IOException reason = failure.get();
        if (reason == null) {
            return;
        }
        boolean closed = terminal().isClosed() && (sides().errorPipe().isEmpty() || sides().errorPipe().get().isClosed());
        if (!closed) {
            listener.failed(reason);
            sides().failing(reason.getMessage());
            hangUpNow();
        }
        failure.set(null);
    }

    /** A descriptor or the loop has failed: the listener is notified and the terminal closed. Any thread. */
    @Override
    public void failed(IOException reason) {
        failure.compareAndSet(null, reason);
        changed();
    }

    @Override
    public void tapFailed(Throwable thrown) {
        if (!tapFailures.add(thrown)) {
            super.tapFailed(thrown);
        }
    }

    private void inputCut(long writtenBytes) {
        advancing.run(() -> {
            if (told != Told.ENDED) {
                listener.inputCut(LineGuard.REFUSAL, writtenBytes);
            }
        });
    }

    /** Callers see the exit at once; the loop notifies the listener. */
    @Override
    public void pollExit() {
        if (child().reapNow()) {
            exited().reach();
            changed();
        }
    }

    @Override
    public void type(byte[] keys, boolean secret) throws IOException {
        if (!queue.write(ByteBuffer.wrap(keys), secret)) {
            throw new IOException("write (" + ptmx() + "): no more input is accepted");
        }
    }

    @Override
    public void discardInput() {
        queue.discard();
    }

    public void pause() {
        readers.forEach(EventReader::pause);
    }

    public void resume() {
        readers.forEach(EventReader::resume);
    }

    /** Whether {@link #pause} was called last. */
    public boolean isPaused() {
        return readers.getFirst().isPaused();
    }

    @Override
    public void readAhead() {} // the loop reads

    @Override
    public long acceptedInput() {
        return queue.acceptedBytes();
    }

    @Override
    public long writtenInput() {
        return queue.doneBytesNow();
    }

    @Override
    public boolean hasPendingInput() {
        return queue.pendingBytes() > 0;
    }

    /** The program's input. */
    public WriteQueue queue() {
        return queue;
    }

    /** Runs a part, which may call back, in a slice of its own. On the loop's thread. */
    public void slice(Runnable part) {
        loop().slice(() -> advancing.run(part));
    }

    /** The producer, or what it waits for, has changed. Any thread; false once the loop is stopped: there is no callback then. */
    public boolean producerChanged() {
        changed();
        return !loop().isStopped();
    }

    /** Hangs up once pending input is written and read, and the program's output is delivered. */
    public void loseConnection() {
        closing.announce();
        changed();
    }

    /** A producer has unregistered: during a graceful close no more input is accepted from now on. */
    public void producerLeft() {
        closing.producerLeft();
    }

    /** Whether {@link #loseConnection} has begun. */
    public boolean isLosing() {
        return closing.isAnnounced();
    }
}
