package dev.panpty.internal.process;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.SignalNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How a process is brought to its end: asked, asked again, killed, and given up on, with a grace time after each.
 *
 * <pre>
 *   idle --close--> SIGHUP --grace--> SIGTERM --grace--> SIGKILL --grace--> given up: hung up, the loop reaps it later
 *   any of these --the child is reaped--> hung up, over
 *   a signal is not permitted (a set-user-ID child): hung up at once, which reaches it all the same
 * </pre>
 *
 * <p>Each signal but the last is followed by SIGCONT: a stopped process would not see it. The callers that wait for the end take
 * the steps, each of them once, on their own threads: pidfds may be signalled and the terminal closed on any, so a callback that
 * holds the loop holds no caller. After the reap it is the loop that hangs up, in order with what it tells; a caller does so only
 * where the loop does not come to it. The lock guards the steps.
 */
final class KillSequence {

    static final int SIGKILL = SignalNumber.SIGKILL;

    private static final int[] SIGNALS = {SignalNumber.SIGHUP, SignalNumber.SIGTERM, SIGKILL};
    private static final long LOOK_NANOS = 10_000_000;
    private static final long LEAST_NANOS = 1_000_000;

    private final Owner process;
    private final long graceNanos;
    private final Stage over;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile int sent; // how many of the signals; written with the lock
    private long sentNanos; // when the last was, with the lock

    /** The process. */
    interface Owner {

        EventLoop loop();

        /** Sends a signal to the child; 0 or the negative errno. */
        int signal(int signal);

        /** How the child has ended, once it is reaped. */
        Optional<WaitStatus> outcome();

        Stage ended();

        /** Reaps the child if it has exited: the loop may be held. Any thread. */
        void lookForExit();

        /** Closes the terminal here and now, and leaves it to the loop to say so. Not in a callback, which the end must not overtake. */
        void hangUpAhead();
    }

    KillSequence(Owner process, long graceNanos) {
        this.process = process;
        this.graceNanos = graceNanos;
        over = new Stage(process.loop());
    }

    /** Ends them, all at the same time; returns when each is over or given up on. Not on a loop's thread. */
    public static void run(List<KillSequence> all) throws InterruptedException {
        List<KillSequence> left = new ArrayList<>(all);
        for (;;) {
            for (int i = left.size() - 1; i >= 0; i--) { // a lambda here would be linked when there may be no memory for it
                if (left.get(i).advance()) {
                    left.remove(i);
                }
            }
            if (left.isEmpty()) {
                return;
            }
            left.getFirst().awaitStep();
        }
    }

    /** Until it is over, or there may be something to do. */
    private void awaitStep() throws InterruptedException {
        over.await(Math.clamp(graceNanos, LEAST_NANOS, LOOK_NANOS));
        process.loop().callbacks().nameTheHolder();
    }

    /** Takes the steps that are due; true if it is over. */
    private boolean advance() {
        if (over.isReached()) {
            return true;
        }
        process.lookForExit();
        lock.lock();
        try {
            boolean last = isLast();
            while (!last && isDue()) {
                ask(SIGNALS[sent]);
                sentNanos = System.nanoTime();
                sent++;
                last = isLast();
            }
            if (last) {
                finish();
            }
            return last;
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is nothing left but to hang up. Where a signal was sent before the reap, that is the loop's for a moment. */
    private boolean isLast() {
        long now = System.nanoTime();
        if (process.outcome().isPresent()) {
            return sent == 0 || process.ended().isReached() || now - process.outcome().get().atNanos() >= LOOK_NANOS;
        }
        return sent == SIGNALS.length && now - sentNanos >= graceNanos;
    }

    private boolean isDue() {
        return process.outcome().isEmpty() && (sent == 0 || sent < SIGNALS.length && System.nanoTime() - sentNanos >= graceNanos);
    }

    private void ask(int signal) {
        if (process.signal(signal) == -Errno.EPERM) {
            process.hangUpAhead();
        }
        if (signal != SIGKILL) {
            process.signal(SignalNumber.SIGCONT);
        }
    }

    private void finish() {
        try {
            if (!process.ended().isReached()) { // else all is closed, and the loop need not be woken
                process.hangUpAhead();
            }
        } finally {
            over.reach();
        }
    }

    /** Whether a signal was sent. */
    boolean isBegun() {
        return sent > 0;
    }

    boolean isOver() {
        return over.isReached();
    }

    /** The child is reaped and its terminal closed. Any thread; idempotent. */
    void over() {
        over.reach();
    }
}
