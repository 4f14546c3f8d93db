package dev.panpty.internal.loop;

import dev.panpty.internal.gen.Linux;

/**
 * How a process is brought to its end: asked, asked again, killed, and given up on, with a grace time after each.
 *
 * <pre>
 *   idle --begin--> SIGHUP --grace--> SIGTERM --grace--> SIGKILL --grace--> given up: hung up, the loop reaps it later
 *   any of these --the child is reaped--> hung up, over
 *   a signal is not permitted (a set-user-ID child): hung up at once, which reaches it all the same
 * </pre>
 *
 * <p>Each signal but the last is followed by SIGCONT: a stopped process would not see it. All state is the loop's; that it has begun, may
 * be seen by others.
 */
final class Ending {

    static final int SIGKILL = Linux.SIGKILL();

    private static final int[] SIGNALS = {Linux.SIGHUP(), Linux.SIGTERM(), SIGKILL};

    private final TerminalProcess process;
    private final long graceNanos;
    private final Stage over;
    private volatile boolean begun;
    private Timers.Timer timer;

    Ending(TerminalProcess process, long graceNanos) {
        this.process = process;
        this.graceNanos = graceNanos;
        over = new Stage(process.loop());
    }

    /** Begins, unless begun; any thread. The stage is reached when the process is over or given up on. */
    Stage begin() {
        boolean posted = !process.ended().isReached() && process.loop().post(() -> {
            if (!begun) {
                begun = true;
                step(0);
            }
        });
        if (!posted) {
            over.reach(); // it has come to its end by itself; or the loop has ended, and all its processes before it
        }
        return over;
    }

    /** The child is reaped, and the exit is reached: who begins from now on sees that. Any thread. */
    void reaped() {
        boolean follows = !begun || process.loop().run(() -> {
            if (!over.isReached()) {
                finish();
            }
        });
        if (!follows) {
            over.reach(); // the loop has ended, and its timers with it
        }
    }

    private void step(int index) {
        if (process.exited().isReached() || index == SIGNALS.length) {
            finish();
            return;
        }
        boolean goesOn = false;
        try {
            ask(SIGNALS[index]);
            timer = process.loop().schedule(graceNanos, () -> step(index + 1));
            goesOn = true;
        } finally {
            if (!goesOn) {
                finish(); // there was no memory for more
            }
        }
    }

    private void ask(int signal) {
        if (process.signal(signal) == -Linux.EPERM()) {
            process.hangUpNow();
        }
        if (signal != SIGKILL) {
            process.signal(Linux.SIGCONT());
        }
    }

    private void finish() {
        if (timer != null) {
            timer.cancel();
        }
        try {
            process.hangUpNow();
        } finally {
            over.reach();
        }
    }
}
