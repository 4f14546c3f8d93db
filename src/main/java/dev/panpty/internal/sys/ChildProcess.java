package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A child process of this one: its number and, once it is open, its pidfd. The object is made before the child, so that reporting the new
 * child needs no memory.
 *
 * <pre>
 *   not started --started--> known by its number --hold, open--> held by its pidfd
 * </pre>
 *
 * <p>The number belongs to the child until the child is reaped, which only the owner does. Until then a pidfd that the kernel refuses, at
 * the limit of descriptors, can be opened later. Methods give results or negative errnos. The owner closes the pidfd. Any thread may call
 * {@link #pid}; the other methods are for the thread that makes the child, and after that are guarded by the owner's lock.
 */
public final class ChildProcess {

    private static final int REAP_POLLS = 30_000;
    private static final int REAP_POLLS_UNKILLED = 1000;
    private static final long REAP_POLL_NANOS = 1_000_000;

    private volatile int pid;
    private Optional<Descriptor> pidfd = Optional.empty();
    private Optional<Runnable> whenReaped = Optional.empty();

    /** The program runs under this number. Allocates nothing. */
    public void started(int number) {
        pid = number;
    }

    /** Has this work run once, when the child is known to be reaped; with the owner's lock. */
    public void whenReaped(Runnable work) {
        whenReaped = Optional.of(work);
    }

    private void reaped() {
        Optional<Runnable> work = whenReaped;
        whenReaped = Optional.empty();
        if (work.isPresent()) {
            work.get().run();
        }
    }

    /** 0 until it is started. */
    public int pid() {
        return pid;
    }

    public boolean isStarted() {
        return pid > 0;
    }

    public Optional<Descriptor> pidfd() {
        return pidfd;
    }

    /** Takes the answer of a call that opens a pidfd; after a failure the child is still known by its number. 0 or the negative errno. */
    public int hold(int answer) {
        Result<Descriptor> opened = Descriptor.own(answer);
        if (!opened.failed()) {
            pidfd = Optional.of(opened.value());
        }
        return opened.error();
    }

    /** Opens the pidfd unless it is open; 0 or the negative errno, ESRCH if another part of this process has reaped the child. */
    public int open() {
        int answer = pidfd.isPresent() ? 0 : hold(Pidfd.openNumber(pid));
        if (answer == -Linux.ESRCH()) {
            reaped();
        }
        return answer;
    }

    /** Sends a signal; 0 or the negative errno, ESRCH once the child is reaped. */
    public int signal(int signal) {
        return pidfd.isPresent() ? Pidfd.signal(pidfd.get(), signal) : signalByNumber(signal);
    }

    /** A zombie accepts the signal as well. */
    private int signalByNumber(int signal) {
        return isStarted() && Pidfd.isChild(pid) ? Pidfd.signalNumber(pid, signal) : -Linux.ESRCH();
    }

    /** Reaps it if it has exited; never waits. The status as wait(2) gives it, or the negative errno (EAGAIN: still running). */
    public int reap() {
        int answer = isHeld() ? Pidfd.reap(pidfd.get()) : isStarted() ? Pidfd.reapNumber(pid) : -Linux.ECHILD();
        if (answer >= 0 || answer == -Linux.ECHILD()) {
            reaped();
        }
        return answer;
    }

    private boolean isHeld() {
        return pidfd.isPresent() && !pidfd.get().isClosed();
    }

    /** Whether it has exited, reaped or not; true if it is not started. Any thread, for a child without a pidfd. */
    public boolean hasEnded() {
        return !isStarted() || Pidfd.hasEnded(pid);
    }

    /**
     * Kills and reaps it, if it is started and not reaped. It waits until the kill has taken effect, on a busy machine for seconds. It
     * gives up after one second if the kill is not permitted (a set-user-ID program), or if the child has died and its tracer has not
     * waited for it, see ptrace(2); the child then stays a zombie.
     */
    public void killAndReap() {
        int killed = isHeld() ? signal(Linux.SIGKILL()) : signalByNumber(Linux.SIGKILL());
        if (!isReaped(REAP_POLLS_UNKILLED)) {
            boolean isTraced = isHeld() && pidfd.get().poll(Linux.POLLIN()) != 0;
            isReaped(killed == 0 && !isTraced ? REAP_POLLS : 0);
        }
    }

    /** Polls so often at most; true once it is reaped. */
    private boolean isReaped(int polls) {
        for (int i = 0; i < polls; i++) {
            int answer = reap();
            if (answer >= 0 || answer == -Linux.ECHILD()) {
                return true;
            }
            LockSupport.parkNanos(REAP_POLL_NANOS);
        }
        return false;
    }
}
