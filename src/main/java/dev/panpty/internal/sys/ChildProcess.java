package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A child process of this one: its number and, as soon as there is one, its pidfd. It is made before the child, so that what makes the
 * child needs no memory to say which it is.
 *
 * <pre>
 *   none --started--> known by its number --hold, open--> held by its pidfd
 * </pre>
 *
 * <p>The number is the child's own until the child is reaped, which the owner orders: until then a pidfd that the kernel refuses now, at
 * the limit of descriptors, can be opened later. Methods answer results or negative errnos. The owner closes the pidfd. {@link #pid} may be
 * asked for by any thread; the rest is the thread's that makes the child, and then under the owner's lock.
 */
public final class ChildProcess {

    private static final int REAP_LOOKS = 30_000;
    private static final int REAP_LOOKS_UNKILLED = 1000;
    private static final long REAP_LOOK_NANOS = 1_000_000;

    private volatile int pid;
    private Optional<Descriptor> pidfd = Optional.empty();

    /** The program runs under this number. Needs no memory. */
    public void started(int number) {
        pid = number;
    }

    /** 0 until there is a child. */
    public int pid() {
        return pid;
    }

    public boolean isStarted() {
        return pid > 0;
    }

    public Optional<Descriptor> pidfd() {
        return pidfd;
    }

    /** Takes over the answer of a call that makes a pidfd; a failure leaves the child known by its number. 0 or the negative errno. */
    public int hold(int answer) {
        Result<Descriptor> opened = Descriptor.own(answer);
        if (!opened.failed()) {
            pidfd = Optional.of(opened.value());
        }
        return opened.error();
    }

    /** Opens the pidfd, unless it is there; 0 or the negative errno, ESRCH if another part of this process has reaped the child. */
    public int open() {
        return pidfd.isPresent() ? 0 : hold(Pidfd.openNumber(pid));
    }

    /** Sends a signal; 0 or the negative errno, ESRCH once the child is reaped. */
    public int signal(int signal) {
        return pidfd.isPresent() ? Pidfd.signal(pidfd.get(), signal) : signalByNumber(signal);
    }

    /** A child that ended but is not reaped takes it as well. */
    private int signalByNumber(int signal) {
        return isStarted() && Pidfd.isChild(pid) ? Pidfd.signalNumber(pid, signal) : -Linux.ESRCH();
    }

    /** Reaps it if it has ended; never waits. The status as wait(2) gives it, or the negative errno (EAGAIN: still running). */
    public int reap() {
        return isHeld() ? Pidfd.reap(pidfd.get()) : isStarted() ? Pidfd.reapNumber(pid) : -Linux.ECHILD();
    }

    private boolean isHeld() {
        return pidfd.isPresent() && !pidfd.get().isClosed();
    }

    /** Whether it has ended, be it reaped or not; yes where there is none. Any thread, for a child without a pidfd. */
    public boolean hasEnded() {
        return !isStarted() || Pidfd.hasEnded(pid);
    }

    /**
     * Kills and reaps it, if there is one that was not reaped. It waits for as long as the kill takes, which on a busy machine may be
     * seconds. A set-user-ID program that may not be killed is given up on after one, and so is one that has died and is held by its
     * tracer, see ptrace(2); it stays a zombie at its end.
     */
    public void killAndReap() {
        int killed = isHeld() ? signal(Linux.SIGKILL()) : signalByNumber(Linux.SIGKILL());
        if (!isReaped(REAP_LOOKS_UNKILLED)) {
            boolean isTraced = isHeld() && pidfd.get().poll(Linux.POLLIN()) != 0;
            isReaped(killed == 0 && !isTraced ? REAP_LOOKS : 0);
        }
    }

    /** Whether one of so many looks finds it reaped. */
    private boolean isReaped(int looks) {
        for (int i = 0; i < looks; i++) {
            int answer = reap();
            if (answer >= 0 || answer == -Linux.ECHILD()) {
                return true;
            }
            LockSupport.parkNanos(REAP_LOOK_NANOS);
        }
        return false;
    }
}
