package dev.panpty.internal.event;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.process.LineGuard;
import dev.panpty.internal.process.TerminalProcess;
import dev.panpty.internal.process.WaitStatus;
import dev.panpty.internal.sys.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process whose listener is told of everything by the loop. See {@link EventReader} and {@link WriteQueue} for its two sides; what
 * this adds is the connection as a whole:
 *
 * <pre>
 *   begun --on the loop--> connected --loseConnection--> disconnecting --hung up, or ended--> disconnected
 *                                    --abort, or ended----------------------------------------^
 * </pre>
 *
 * <p>Methods may be called from any thread. Those that change reading take effect at once on the loop's thread, else in the order of
 * the calls.
 */
public final class EventProcess extends TerminalProcess {

    private static final int LAST_STEP = 4;

    private final Listener listener;
    private final EventReader reader;
    private final Optional<EventReader> errorReader;
    private final WriteQueue queue;
    private final GracefulClose losing;
    private boolean connected;

    /** The high and low water mark of the write queue, and how long {@link #loseConnection} may take. */
    public record Limits(int highWaterBytes, int lowWaterBytes, Duration loseConnection) {}

    /** {@link #begin} is to follow. */
    public EventProcess(Start start, Limits limits, Listener listener) {
        super(start);
        this.listener = listener;
        reader = new EventReader(terminal(), 1, listener, start.endAtExit(), this::outputFinished, this::failed);
        queue = new WriteQueue(terminal(), listener, limits.highWaterBytes(), limits.lowWaterBytes(),
                start.splitLongLines(), this::cut, this::failed);
        errorReader = errorPipe().map(pipe -> new EventReader(pipe, 2, listener, start.endAtExit(),
                this::errorsFinished, this::failed));
        List<EventReader> readers = errorReader.isPresent() ? List.of(reader, errorReader.get()) : List.of(reader);
        losing = new GracefulClose(this, readers, queue, listener, TimeUnit.NANOSECONDS.convert(limits.loseConnection()));
        attach(reader, queue, errorReader);
    }

    @Override
    public int reserve() {
        int reserved = terminal().reserve();
        return reserved == 0 && errorPipe().isPresent() ? errorPipe().get().reserve() : reserved;
    }

    @Override
    public void watch() {
        super.watch();
        if (!loop().post(this::connect)) {
            throw new IllegalStateException("the reactor is closed");
        }
    }

    private void connect() {
        connected = true;
        int listening = listen();
        queue.mayTell();
        listener.connected();
        connect(listening, 0);
    }

    /** Fails only where memory is short. */
    private int listen() {
        try {
            terminal().listen();
            if (errorPipe().isPresent()) {
                errorPipe().get().listen();
            }
            return 0;
        } catch (OutOfMemoryError noMemory) {
            return -Linux.ENOMEM();
        }
    }

    /** Each of the steps from the given one on, also where there was no memory for the one before. */
    private void connect(int listening, int step) {
        try {
            switch (step) {
                case 0 -> reader.connected();
                case 1 -> {
                    if (errorReader.isPresent()) {
                        errorReader.get().connected();
                    }
                }
                case 2 -> queue.report();
                case 3 -> {
                    if (listening < 0) {
                        breakOff("epoll_ctl", listening);
                    }
                }
                default -> {
                    if (child().isConcluded()) {
                        reaped(outcome().get());
                    }
                }
            }
        } finally {
            if (step < LAST_STEP) {
                connect(listening, step + 1);
            }
        }
    }

    private void breakOff(String call, int error) {
        try {
            listener.failed(new IOException(call + " (" + ptmx() + "): " + Errno.describe(-error)));
        } finally {
            hangUpNow();
        }
    }

    /** What the process cannot do without has failed: the listener is told, and all is closed. Any thread. */
    private void failed(IOException reason) {
        loop().post(() -> {
            if (!terminal().isClosed() || errorPipe().isPresent() && !errorPipe().get().isClosed()) {
                listener.failed(reason);
                hangUpNow();
            }
        });
    }

    /** Input that was accepted would be cut: the listener is told. Any thread. */
    private void cut(long writtenBytes) {
        loop().post(() -> {
            if (!ended().isReached()) {
                listener.inputCut(LineGuard.REFUSAL, writtenBytes);
            }
        });
    }

    /** The exit is there for callers at once, and told by the loop. */
    @Override
    public void lookForExit() {
        if (child().reapForTheLoop()) {
            exited().reach();
        }
    }

    /** The exit may be seen before the command that connects has run; it then waits for it. */
    @Override
    public void reaped(WaitStatus outcome) {
        if (connected) {
            super.reaped(outcome);
        }
    }

    @Override
    protected void exitReached(WaitStatus outcome) {
        listener.exited(outcome);
    }

    @Override
    public void end() {
        try {
            listener.ended(outcome().orElseThrow());
        } finally {
            super.end();
        }
    }

    /** As {@link WriteQueue#write}. */
    public boolean write(ByteBuffer source) {
        return queue.write(source);
    }

    @Override
    public void type(byte[] keys) throws IOException {
        if (!queue.write(ByteBuffer.wrap(keys))) {
            throw new IOException("write (" + ptmx() + "): no more input is accepted");
        }
    }

    @Override
    public void discardInput() {
        queue.discard();
    }

    public void closeInputAfterPending() {
        queue.closeAfterPending();
    }

    public void pause() {
        reader.pause();
        errorReader.ifPresent(EventReader::pause);
    }

    public void resume() {
        reader.resume();
        errorReader.ifPresent(EventReader::resume);
    }

    @Override
    public void readAhead() {
        // the loop reads
    }

    @Override
    public boolean hasPendingInput() {
        return queue.pendingBytes() > 0;
    }

    public long pendingBytes() {
        return queue.pendingBytes();
    }

    /** Bytes that were accepted and never written. */
    public long unwrittenBytes() {
        return queue.unwrittenBytes();
    }

    /** Whether a write is not refused. */
    public boolean acceptsInput() {
        return queue.isOpen();
    }

    /** Whether the listener was told that the queue is full, and not yet that it is drained. */
    public boolean isFull() {
        return queue.isFull();
    }

    /** Whether the listener is to hear of an emptied queue. */
    public void wantEmptied(boolean wanted) {
        queue.wantEmptied(wanted);
    }

    /** Hangs up once what is pending is written and read, and what was written by the program is delivered. */
    public void loseConnection() {
        losing.announce();
        loop().run(losing::begin);
    }

    /** A producer has left; where the connection is being lost nothing more is accepted from now on. */
    public void producerLeft() {
        losing.producerLeft();
    }

    /** Whether {@link #loseConnection} has begun. */
    public boolean isLosing() {
        return losing.isBegun();
    }

    /** Runs the command at once on the loop's thread, else in the order of the calls; false, and not at all, once it is stopped. */
    public boolean onLoop(Runnable command) {
        return loop().run(command);
    }
}
