package dev.panpty.internal.event;

import dev.panpty.internal.process.LineGuard;
import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.process.Source;
import dev.panpty.internal.process.WriteSide;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * The program's input in event style: written at once while nothing is pending, else queued and drained by the loop.
 *
 * <pre>
 *   open --closeAfterPending--> closing --nothing pending: VEOF typed--> closed (the listener hears sideLost)
 *   open or closing --close-------------> closed, what was pending is unwritten
 *   any --a line would be cut when it is to be written--> as before, what was pending is unwritten
 *   any --write(2) or tcgetattr(3) fails--> nothing is written any more, the terminal is closed
 *   any --terminal closed, or at its end--> ended, what was pending is unwritten
 * </pre>
 *
 * <p>Writes are accepted when open only. The lock orders the bytes of all threads; the listener is called without it, on the loop's
 * thread: at once if that is the caller, else by a command.
 */
public final class WriteQueue implements WriteSide {

    private enum State { OPEN, CLOSING, CLOSED, ENDED }

    private final PtmxChannel terminal;
    private final Listener listener;
    private final QueueNews news;
    private final ReentrantLock lock = new ReentrantLock();
    private final LineGuard guard;
    private final Source guarded = new Source();
    private final PendingInput pending;
    private State state = State.OPEN;
    private long writtenBytes;
    private long unwrittenBytes;
    /** What is typed when all else is written, from the line and the mode then. */
    private Optional<Function<LineGuard, byte[]>> typedLast = Optional.empty();
    private boolean endsInput;
    private boolean mayTell; // the loop's
    private final Runnable report = this::report;

    /**
     * Of one terminal; what it is given is called with its lock.
     *
     * @param whenCut tells the listener that a line would be cut, and so much of all that was accepted was written before
     * @param whenFailed closes the terminal, and that ends the queue
     */
    public WriteQueue(PtmxChannel terminal, Listener listener, int highWaterBytes, int lowWaterBytes, boolean splitLongLines,
            LongConsumer whenCut, Consumer<IOException> whenFailed) {
        this.terminal = terminal;
        this.listener = listener;
        news = new QueueNews(highWaterBytes, lowWaterBytes);
        guard = new LineGuard(terminal.ptmx(), splitLongLines);
        pending = new PendingInput(terminal, guard, new PendingInput.Owner() {
            @Override
            public void written(int count) {
                writtenBytes += count;
                news.written();
            }

            @Override
            public void cut() {
                giveUp();
                whenCut.accept(writtenBytes);
            }

            @Override
            public void failed(IOException reason) {
                whenFailed.accept(reason);
            }
        });
    }

    /** The listener is about to be told of its connection, and may be told of all else from then on. On the loop's thread. */
    void mayTell() {
        mayTell = true;
    }

    /**
     * Takes over all bytes between position and limit; false if it is not open. Any thread.
     *
     * @throws IllegalArgumentException for a line that the kernel would cut, and then nothing is taken
     * @throws OutOfMemoryError and then nothing is taken that the buffer's position does not tell
     */
    public boolean write(ByteBuffer source) {
        return change(() -> {
            try {
                typeLines(source);
            } finally {
                guarded.forget();
            }
        });
    }

    private void typeLines(ByteBuffer source) {
        int admitted = guard.accept(guarded.of(source), !pending.isEmpty());
        if (admitted == LineGuard.REFUSED) {
            throw new IllegalArgumentException(LineGuard.REFUSAL);
        }
        if (admitted < 0) {
            pending.fail("tcgetattr", admitted); // nothing of it will be written
        }
        pending.add(source, admitted);
    }

    /**
     * Gives up what is pending, as unwritten, and discards what the program has not read; an end of the input that it has not read is typed
     * again. Where the kernel refuses the flush, what is pending is given up all the same and a half-typed line erased, or the next reader
     * would take it for the start of its own. Any thread.
     */
    void discard() {
        boolean tell;
        lock.lock();
        try {
            boolean endUnread = endsInput && typedLast.isEmpty() && terminal.ptmx().mayHaveUnreadInput();
            giveUp();
            if (terminal.ptmx().discardInput() == 0) {
                guard.discarded();
                pending.roomMade();
                typedLast = endUnread ? Optional.of(LineGuard::endOfInput) : typedLast;
            } else if (pending.look()) {
                typeNow(guard.lineKill());
            }
            drain();
            tell = news.needsReport(now());
        } finally {
            lock.unlock();
        }
        tellIf(tell);
    }

    private void giveUp() {
        unwrittenBytes += pending.clear();
        news.written();
    }

    /** Accepts no more; when nothing is pending any more, types the end of the input. Any thread; idempotent. */
    public void closeAfterPending() {
        closeAfterPending(LineGuard::endOfInput, true);
    }

    /** Accepts no more; when nothing is pending any more, pushes an unfinished line. Any thread; idempotent. */
    void closeAndPush() {
        closeAfterPending(LineGuard::push, false);
    }

    private void closeAfterPending(Function<LineGuard, byte[]> lastWords, boolean end) {
        change(() -> {
            state = State.CLOSING;
            endsInput = end;
            typedLast = Optional.of(lastWords);
            drain();
        });
    }

    /** Whether {@link Listener#emptied} is to be told. */
    void wantEmptied(boolean wanted) {
        lock.lock();
        try {
            news.wantEmptied(wanted);
        } finally {
            lock.unlock();
        }
    }

    boolean isOpen() {
        lock.lock();
        try {
            return state == State.OPEN;
        } finally {
            lock.unlock();
        }
    }

    long pendingBytes() {
        lock.lock();
        try {
            return pending.size();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that the kernel has taken. */
    long writtenBytes() {
        lock.lock();
        try {
            return writtenBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is pending, the end of the input or a push included. */
    boolean isDrained() {
        lock.lock();
        try {
            return isWritten();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the listener was told that it is full, and not yet that it is drained. */
    boolean isFull() {
        lock.lock();
        try {
            return news.isFull();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that were accepted and never written. */
    long unwrittenBytes() {
        lock.lock();
        try {
            return unwrittenBytes;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        end(State.CLOSED);
    }

    @Override
    public void ready() {
        lock.lock();
        try {
            pending.roomMade();
            drain();
        } finally {
            lock.unlock();
        }
        report();
    }

    @Override
    public void reaped() {
        ready(); // another process that holds the terminal may read what is pending; the end comes with the terminal's
    }

    @Override
    public void closed() {
        end(State.ENDED);
    }

    private void end(State last) {
        boolean tell;
        lock.lock();
        try {
            if (state != State.ENDED) {
                state = last;
            }
            unwrittenBytes += pending.clear();
            typedLast = Optional.empty();
            tell = news.needsReport(now());
        } finally {
            lock.unlock();
        }
        if (terminal.loop().isCurrent()) {
            report(); // now, also where one is on its way: what follows on this thread must find it told
        } else {
            tellIf(tell);
        }
    }

    /** Counts bytes that were written and are known not to have been read when the terminal was closed. */
    void addUnread(int bytes) {
        lock.lock();
        try {
            unwrittenBytes += bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Changes an open queue; false if it is not open. */
    private boolean change(Runnable change) {
        boolean tell;
        lock.lock();
        try {
            if (state != State.OPEN) {
                return false;
            }
            change.run();
            tell = news.needsReport(now());
        } finally {
            lock.unlock();
        }
        tellIf(tell);
        return true;
    }

    private void tellIf(boolean due) {
        if (!due) {
            return;
        }
        boolean onItsWay = false;
        try {
            terminal.loop().run(report);
            onItsWay = true;
        } finally {
            if (!onItsWay) {
                untold();
            }
        }
    }

    /** There was no memory to tell it: whoever has news next does. */
    private void untold() {
        lock.lock();
        try {
            news.untold();
        } finally {
            lock.unlock();
        }
    }

    /** Writes what is pending until the kernel takes no more, then, when closing, the end of the input. */
    private void drain() {
        pending.drain();
        while (pending.isEmpty() && pending.mayWrite() && typedLast.isPresent()) {
            typeLast(typedLast.get());
        }
        if (isWritten() && state == State.CLOSING && !pending.hasFailed()) {
            state = State.CLOSED;
        }
        pending.restIfEmpty();
    }

    /** As they are to be now: the mode may have changed while there was no room, and of two VEOF the first may be written. */
    private void typeLast(Function<LineGuard, byte[]> lastWords) {
        if (!pending.look()) {
            return;
        }
        if (typeNow(lastWords.apply(guard))) {
            typedLast = Optional.empty();
        }
    }

    /** Whether all of it was written. */
    private boolean typeNow(byte[] keys) {
        return keys.length == 0 || pending.writeEnd(keys) == keys.length;
    }

    private boolean isWritten() {
        return pending.isEmpty() && typedLast.isEmpty();
    }

    private QueueNews.Queue now() {
        return new QueueNews.Queue(pending.size(), state == State.OPEN, state.compareTo(State.CLOSED) >= 0);
    }

    /** On the loop's thread. What the listener does may change the queue again, so it is called on what was seen. */
    void report() {
        if (!mayTell) {
            return;
        }
        QueueNews.Due due;
        lock.lock();
        try {
            due = news.take(now());
        } finally {
            lock.unlock();
        }
        if (due.full()) {
            listener.full();
        }
        if (due.drained()) {
            listener.drained();
        }
        if (due.emptied()) {
            terminal.loop().slice(this::reportEmptied); // not from here: the listener writes, and would be told again inside
        }
        if (due.lost()) {
            listener.sideLost(0);
        }
    }

    private void reportEmptied() {
        boolean still;
        lock.lock();
        try {
            still = news.takeEmptied(now());
        } finally {
            lock.unlock();
        }
        if (still) {
            listener.emptied();
        }
    }
}
