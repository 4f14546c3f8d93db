package dev.panpty.junit;

import dev.panpty.ExitStatus;
import dev.panpty.TerminalTap;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The tap behind the screen: when output came, what of it no wait has accepted, and whether the program has ended. All state is guarded by the
 * lock, which is held for a moment only, since a tap must not block.
 */
final class Traffic implements TerminalTap {

    static final int MOST_UNREAD = 2048;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition output = lock.newCondition();
    private final Condition end = lock.newCondition();
    private final TerminalOutput plain;
    private final byte[] unread = new byte[MOST_UNREAD]; // the last of it, at unreadBytes modulo its length
    private long unreadBytes;
    private long calls;
    private long outputNanos = System.nanoTime();
    private boolean ended;
    private boolean typedSecret;

    /** What no wait has accepted: how much, and the last of it. */
    record Unread(long bytes, byte[] last) {}

    Traffic(TerminalOutput plain) {
        this.plain = plain;
    }

    @Override
    public void output(ByteBuffer data) {
        plain.add(data.duplicate());
        lock.lock();
        try {
            calls++;
            outputNanos = System.nanoTime();
            unreadBytes += Math.max(data.remaining() - MOST_UNREAD, 0);
            data.position(Math.max(data.limit() - MOST_UNREAD, data.position()));
            while (data.hasRemaining()) {
                int at = (int) (unreadBytes % MOST_UNREAD);
                int count = Math.min(MOST_UNREAD - at, data.remaining());
                data.get(unread, at, count);
                unreadBytes += count;
            }
            output.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void input(ByteBuffer data, boolean secret) {
        lock.lock();
        try {
            typedSecret |= secret;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void ended(ExitStatus status) {
        plain.end();
        lock.lock();
        try {
            ended = true;
            output.signalAll();
            end.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** All output until now is read. */
    void read() {
        lock.lock();
        try {
            unreadBytes = 0;
        } finally {
            lock.unlock();
        }
    }

    Unread unread() {
        lock.lock();
        try {
            byte[] last = new byte[(int) Math.min(unreadBytes, MOST_UNREAD)];
            for (int i = 0; i < last.length; i++) {
                last[i] = unread[(int) ((unreadBytes - last.length + i) % MOST_UNREAD)];
            }
            return new Unread(unreadBytes, last);
        } finally {
            lock.unlock();
        }
    }

    /** Whether anything was typed at a password prompt since the last call. */
    boolean takeTypedSecret() {
        lock.lock();
        try {
            boolean taken = typedSecret;
            typedSecret = false;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Counts pieces of output. */
    long calls() {
        lock.lock();
        try {
            return calls;
        } finally {
            lock.unlock();
        }
    }

    long outputNanos() {
        lock.lock();
        try {
            return outputNanos;
        } finally {
            lock.unlock();
        }
    }

    boolean hasEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is more output than so many pieces, the end, or for so long. */
    void awaitOutput(long seen, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (long left = nanos; calls == seen && !ended && left > 0; ) {
                left = output.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the program has ended and all output has come, at most so long. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (long left = nanos; !ended && left > 0; ) {
                left = end.awaitNanos(left);
            }
            return ended;
        } finally {
            lock.unlock();
        }
    }

    static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
