package dev.panpty.internal.process;

import dev.panpty.internal.loop.CallbackQueue;
import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.loop.Timers;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.SignalNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Ends a process by SIGHUP, SIGTERM and SIGKILL, with a grace time after each; after SIGKILL a second at least.
 *
 * <pre>
 *   idle --run--> SIGHUP --grace--> SIGTERM --grace--> SIGKILL --grace, a second--> over: hung up, the loop reaps the child later
 *   idle, SIGHUP, SIGTERM, SIGKILL --the child is reaped--> over: hung up
 *   kill(2) gives EPERM (a set-user-ID child)--> hung up at once: the kernel's SIGHUP needs no permission
 * </pre>
 *
 * <p>SIGHUP and SIGTERM are followed by SIGCONT: a stopped process would not act on them. The callers that wait take the steps on their own
 * threads, each step once. Any thread may signal a pidfd and close the terminal, so a callback that holds the loop delays no caller. After
 * the reap the loop hangs up, in order with its callbacks; a caller does so only if the loop has not within {@code POLL_NANOS}.
 *
 * <p>After {@link #start} no caller waits: the first step is taken at once, the others by a timer of the loop, which a callback that holds
 * the loop delays. If the loop is held already at the start, a virtual thread waits and takes them. The lock guards the steps and the
 * timer.
 */
final class KillSequence implements Runnable {

    static final int SIGKILL = SignalNumber.SIGKILL;

    private static final int[] SIGNALS = {SignalNumber.SIGHUP, SignalNumber.SIGTERM, SIGKILL};
    private static final long POLL_NANOS = 10_000_000;
    private static final long LEAST_NANOS = 1_000_000;
    private static final long KILLED_NANOS = 1_000_000_000; // a killed process exits before that, unless the kernel holds it

    private final Owner process;
    private final long graceNanos;
    private final Stage over;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile int sent; // number of signals sent; written with the lock
    private long sentNanos; // time of the last one, guarded by the lock
    private Timers.Timer timer; // of the next step after start, null while none is pending; guarded by the lock
    private volatile boolean missed; // a step or the timer, after start

    /** The process. */
    interface Owner {

        EventLoop loop();

        /** Sends a signal to the child; 0 or the negative errno. */
        int signal(int signal);

        /** How the child has ended, once it is reaped. */
        Optional<WaitStatus> outcome();

        Stage ended();

        /** Reaps the child if it has exited: a callback may hold the loop. Any thread. */
        void pollExit();

        /** Closes the terminal at once; the loop reports it later. Not inside a callback, which the end must not overtake. */
        void hangUpAhead();
    }

    KillSequence(Owner process, long graceNanos) {
        this.process = process;
        this.graceNanos = graceNanos;
        over = new Stage(process.loop());
    }

    /** Ends the processes, all at the same time; returns when each is over. Not on a loop's thread. */
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

    /**
     * Begins it without a caller that waits. On the loop's thread it begins when the callback that is running has returned, which the end
     * must not overtake. Any thread; idempotent.
     */
    void start() {
        EventLoop loop = process.loop();
        boolean begun = false;
        try {
            if (!loop.isCurrent() || !loop.post(this)) {
                run();
            }
            if (!loop.isCurrent() && loop.callbacks().isHeld() && !isOver()) {
                loop.starter().start(new CallbackQueue.Work(this::runWhileHeld));
            }
            begun = true;
        } finally {
            repeatUnless(begun);
        }
    }

    private void runWhileHeld() {
        try {
            run(List.of(this));
        } catch (InterruptedException stop) {
            repeatUnless(false);
        }
    }

    /** After {@link #start}: takes the steps that are due, and sets the timer for the next one. Any thread. */
    @Override
    public void run() {
        boolean done = false;
        try {
            if (!advance()) {
                setTimer();
            }
            done = true;
        } finally {
            repeatUnless(done);
        }
    }

    private void setTimer() {
        lock.lock();
        try {
            cancelTimer();
            timer = process.loop().schedule(untilNextStep(), this);
            if (isOver()) {
                cancelTimer();
            }
        } catch (RejectedExecutionException stopped) {
            timer = null; // the loop abandons its processes in its last turn, and that ends this
        } finally {
            lock.unlock();
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /**
     * What was not done, as a rule for lack of memory, is repeated by the resync: it advances the process, and that calls {@link #resume}.
     */
    private void repeatUnless(boolean done) {
        if (!done) {
            missed = true;
            process.loop().resync();
        }
    }

    /** To be called by each advance of the process on the loop's thread. */
    void resume() {
        if (missed) {
            missed = false;
            run();
        }
    }

    /** With the lock. */
    private long untilNextStep() {
        return process.outcome().isPresent() ? POLL_NANOS : Math.max(stepNanos() - (System.nanoTime() - sentNanos), LEAST_NANOS);
    }

    /** Waits until it is over or a step may be due. */
    private void awaitStep() throws InterruptedException {
        over.await(Math.clamp(graceNanos, LEAST_NANOS, POLL_NANOS));
        process.loop().callbacks().nameTheHolder();
    }

    /** Takes the steps that are due; true if it is over. No lock is held over the hang-up: on the loop's thread it may call back. */
    private boolean advance() {
        if (over.isReached()) {
            return true;
        }
        process.pollExit();
        boolean refused = false;
        boolean last;
        lock.lock();
        try {
            last = isLast();
            while (!last && isDue()) {
                refused |= !ask(SIGNALS[sent]);
                sentNanos = System.nanoTime();
                sent++;
                last = isLast();
            }
        } finally {
            lock.unlock();
        }
        if (last) {
            finish();
        } else if (refused) {
            process.hangUpAhead();
        }
        return last;
    }

    /** Whether only the hang-up is left. If a signal was sent before the reap, the loop has {@code POLL_NANOS} to hang up first. */
    private boolean isLast() {
        long now = System.nanoTime();
        if (process.outcome().isPresent()) {
            return sent == 0 || process.ended().isReached() || now - process.outcome().get().atNanos() >= POLL_NANOS;
        }
        return sent == SIGNALS.length && now - sentNanos >= stepNanos();
    }

    private boolean isDue() {
        return process.outcome().isEmpty() && (sent == 0 || sent < SIGNALS.length && System.nanoTime() - sentNanos >= stepNanos());
    }

    /** How long the last signal has time. */
    private long stepNanos() {
        return sent == SIGNALS.length ? Math.max(graceNanos, KILLED_NANOS) : graceNanos;
    }

    /** False if the kernel does not permit the signal. */
    private boolean ask(int signal) {
        boolean permitted = process.signal(signal) != -Errno.EPERM;
        if (signal != SIGKILL) {
            process.signal(SignalNumber.SIGCONT);
        }
        return permitted;
    }

    private void finish() {
        try {
            if (!process.ended().isReached()) { // else all is closed, and the loop need not be woken
                process.hangUpAhead();
            }
        } finally {
            over();
        }
    }

    /** Whether a signal was sent. */
    boolean isBegun() {
        return sent > 0;
    }

    boolean isOver() {
        return over.isReached();
    }

    /** Runs the dependent once it is over, as {@link Stage#then}. */
    void then(Runnable dependent) {
        over.then(dependent);
    }

    /** The child is reaped and its terminal closed. Any thread; idempotent. */
    void over() {
        over.reach();
        lock.lock();
        try {
            cancelTimer();
        } finally {
            lock.unlock();
        }
    }
}
