package dev.panpty.examples.web;

import dev.panpty.ExitStatus;
import dev.panpty.LongLines;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.Tapped;
import dev.panpty.TerminalTap;
import dev.panpty.WindowSize;
import dev.panpty.screen.Screen;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A program and the page that shows it. The program's output is a sequence of bytes with offsets; the ring has the last of them.
 *
 * <pre>
 *   without a page --a page loads, or comes back--> with a page --its response ends--> without a page --30 s--> terminated
 *   with a page --another page loads--> with that one
 *   any --the program ends--> ended: the page gets the rest, then the status --> terminated
 * </pre>
 *
 * <p>Back-pressure: a page that reads slowly blocks its response; when the output is half a ring ahead of it, the program is paused. Without a
 * page the program goes on, and the ring drops the oldest bytes.
 */
final class WebSession implements TerminalTap {

    private static final int RING_BYTES = 1 << 20;
    private static final int MOST_AHEAD = RING_BYTES / 2;
    private static final int CHUNK_BYTES = 32 * 1024;
    private static final long IDLE_SECONDS = 20; // then a response ends, so that a page that is gone is noticed
    private static final long GONE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final PtyProcess process;
    private final Screen screen = new Screen().synchronizedOutputLimit(Duration.ZERO).answering();
    private final ReentrantLock lock = new ReentrantLock(); // guards what follows
    private final Condition changed = lock.newCondition();
    private final byte[] ring = new byte[RING_BYTES];
    private long end;
    private Optional<Response> response = Optional.empty(); // the present one
    private String page = "";
    private long goneNanos = System.nanoTime();
    private Tapped terminal;
    private Optional<ExitStatus> status = Optional.empty();
    private boolean told; // the page has the status
    private final ReentrantLock typing = new ReentrantLock(); // outer; guards what follows
    private String typingPage = "";
    private long nextSequence;

    WebSession(PtyProcessBuilder builder) throws IOException {
        builder.environment().put("TERM", "xterm-256color");
        process = builder.longLines(LongLines.SPLIT).tap(this).start();
        process.drain();
    }

    @Override
    public void started(Tapped started) {
        terminal = started;
        screen.started(started);
    }

    @Override
    public void output(ByteBuffer data) {
        lock.lock();
        try {
            screen.output(data.duplicate());
            while (data.hasRemaining()) {
                int at = (int) (end % RING_BYTES);
                int count = Math.min(data.remaining(), RING_BYTES - at);
                data.get(ring, at, count);
                end += count;
            }
            if (response.isPresent() && end - response.get().position > MOST_AHEAD) {
                terminal.pauseProducing();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void resized(WindowSize size) {
        screen.resized(size);
    }

    @Override
    public void ended(ExitStatus how) {
        lock.lock();
        try {
            status = Optional.of(how);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What a page gets: a picture of the screen, which is empty where the ring has the bytes that the page lacks; then the output. */
    final class Response {

        byte[] picture = {};
        long position; // the offset of the next byte; guarded by the lock once the response is written

        /** Until the program ends, another page loads, nothing comes for 20 s, or the page is gone, which is an exception of the stream. */
        void writeTo(OutputStream out) throws IOException, InterruptedException {
            byte[] chunk = new byte[CHUNK_BYTES];
            try {
                out.write(picture);
                out.flush();
                for (int count = next(chunk, 0); count > 0; count = next(chunk, count)) {
                    out.write(chunk, 0, count);
                    out.flush();
                }
            } finally {
                lock.lock();
                try {
                    if (isPresent()) {
                        response = Optional.empty();
                        goneNanos = System.nanoTime();
                        terminal.resumeProducing();
                        changed.signalAll();
                    }
                } finally {
                    lock.unlock();
                }
            }
        }

        private boolean isPresent() {
            return response.equals(Optional.of(this));
        }

        /** The next bytes, once these many were written. */
        private int next(byte[] chunk, int written) throws InterruptedException {
            lock.lock();
            try {
                position += written;
                if (isPresent() && end - position < MOST_AHEAD / 2) {
                    terminal.resumeProducing();
                }
                while (isPresent() && position == end && status.isEmpty()) {
                    if (!changed.await(IDLE_SECONDS, TimeUnit.SECONDS)) {
                        return 0;
                    }
                }
                int at = (int) (position % RING_BYTES);
                int count = isPresent() ? (int) Math.min(Math.min(end - position, chunk.length), RING_BYTES - at) : 0;
                System.arraycopy(ring, at, chunk, 0, count);
                return count;
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * A page loads or comes back.
     *
     * @param from the offset that the page has come to; one that loads has none, and takes the session over
     * @return empty if another page has taken the session over
     */
    Optional<Response> respond(String reader, WindowSize size, OptionalLong from) throws IOException, InterruptedException {
        if (from.isPresent() && !isShownBy(reader)) {
            return Optional.empty();
        }
        process.resize(size);
        lock.lock();
        try {
            Response next = new Response();
            page = reader;
            response = Optional.of(next);
            changed.signalAll(); // the response before it ends
            if (from.isPresent() && from.getAsLong() <= end && from.getAsLong() >= end - RING_BYTES) {
                next.position = from.getAsLong();
                return response;
            }
            next.position = end;
            while (screen.isInSequence() && status.isEmpty() && changed.await(1, TimeUnit.SECONDS)) {
                next.position = end; // a picture in the middle of a sequence would show its second half as text
            }
            next.picture = ("\033c" + screen.snapshot().toAnsi()).getBytes(StandardCharsets.UTF_8);
            return Optional.of(next);
        } finally {
            lock.unlock();
        }
    }

    private boolean isShownBy(String somePage) {
        lock.lock();
        try {
            return page.equals(somePage);
        } finally {
            lock.unlock();
        }
    }

    /** How the program has ended, for a page that has all of its output. */
    Optional<ExitStatus> statusBehind(OptionalLong offset) {
        lock.lock();
        try {
            told |= status.isPresent() && offset.equals(OptionalLong.of(end));
            changed.signalAll();
            return told ? status : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** What a page does: input or a resize. */
    interface Action {
        void on(PtyProcess process) throws IOException;
    }

    /**
     * Does it once and in order, however often and late its request comes. It waits while the program reads no input.
     *
     * @return false if another page has taken the session over, or an action before this one is missing
     */
    boolean act(String actor, long sequence, Action action) throws IOException {
        typing.lock();
        try {
            boolean shown = isShownBy(actor);
            if (shown && !actor.equals(typingPage)) {
                typingPage = actor;
                nextSequence = 0;
            }
            if (shown && sequence == nextSequence) {
                action.on(process);
                nextSequence++;
            }
            return shown && sequence < nextSequence;
        } finally {
            typing.unlock();
        }
    }

    /** Returns when a page has been told that the program has ended, or when no page was there for 30 s; the session is terminated then. */
    void await() throws IOException, InterruptedException {
        lock.lock();
        try {
            long left = GONE_NANOS;
            while (!told && left > 0) {
                changed.awaitNanos(left);
                left = response.isPresent() ? GONE_NANOS : goneNanos + GONE_NANOS - System.nanoTime();
            }
        } finally {
            lock.unlock();
        }
        process.terminateSession(GRACE);
    }
}
