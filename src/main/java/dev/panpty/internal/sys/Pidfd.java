package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.nio.ByteBuffer;

/**
 * Operations on a process by its pidfd, see pidfd_open(2), which refers to that process and no later one of the same number, and becomes
 * readable when the process exits; and by its number, for {@link ChildProcess}. Methods give results or negative errnos.
 */
public final class Pidfd {

    private static final Downcall SYSCALL = new Downcall(Linux.syscall_long$address());
    private static final Downcall WAITID = new Downcall(Linux.waitid$address());
    private static final Downcall KILL = new Downcall(Linux.kill$address());
    private static final Downcall GETPID = new Downcall(Linux.getpid$address());

    private static final int CORE_DUMPED = 0x80;

    private Pidfd() {}

    public static Result<Descriptor> open(int pid) {
        return Descriptor.own(openNumber(pid));
    }

    /** {@code pidfd_open(2)}: the number of a pidfd, or the negative errno. */
    static int openNumber(int pid) {
        return SYSCALL.call(Linux.SYS_pidfd_open(), pid, 0);
    }

    /** Sends a signal; ESRCH once the process is reaped. */
    public static int signal(Descriptor pidfd, int signal) {
        if (!pidfd.acquire()) {
            return -Linux.ESRCH();
        }
        try {
            return SYSCALL.call(Linux.SYS_pidfd_send_signal(), pidfd.number(), signal, 0, 0);
        } finally {
            pidfd.release();
        }
    }

    /** {@code kill(-group)}: only while a member is known to exist, since the number could be reused. */
    public static int signalGroup(int group, int signal) {
        return KILL.call(-group, signal);
    }

    /** {@code kill(2)} of one process: only while it is known not to be reaped, since the number could be reused. */
    static int signalNumber(int pid, int signal) {
        return KILL.call(pid, signal);
    }

    /** Whether this is the number of a child that is not reaped. */
    static boolean isChild(int pid) {
        int answer = waitid(Linux.P_PID(), pid, Linux.WEXITED() | Linux.WNOHANG() | Linux.WNOWAIT());
        return answer >= 0 || answer == -Linux.EAGAIN();
    }

    /** Whether the child of this number has exited or does not exist. */
    static boolean hasEnded(int pid) {
        return waitid(Linux.P_PID(), pid, Linux.WEXITED() | Linux.WNOHANG() | Linux.WNOWAIT()) != -Linux.EAGAIN();
    }

    /** {@link #reap} of a child that is known by its number only. */
    static int reapNumber(int pid) {
        return waitid(Linux.P_PID(), pid, Linux.WEXITED() | Linux.WNOHANG());
    }

    /** Reaps the process if it has exited; never waits. The status as wait(2) gives it, or the negative errno (EAGAIN: still running). */
    public static int reap(Descriptor pidfd) {
        if (!pidfd.acquire()) {
            return -Linux.EBADF();
        }
        try {
            return waitid(Linux.P_PIDFD(), pidfd.number(), Linux.WEXITED() | Linux.WNOHANG());
        } finally {
            pidfd.release();
        }
    }

    /** Whether this kernel supports and permits pidfds: 0, or the negative errno of the call that it refuses. */
    public static int probe() {
        Result<Descriptor> self = open(GETPID.call());
        if (self.failed()) {
            return self.error();
        }
        try (Descriptor pidfd = self.value()) {
            int signalled = signal(pidfd, 0);
            int waited = reap(pidfd);
            // ECHILD is expected: this process is not its own child. EINVAL: the kernel does not support P_PIDFD.
            return signalled < 0 ? signalled : waited == -Linux.ECHILD() ? 0 : waited;
        }
    }

    private static int waitid(int idType, int id, int options) {
        try (Scratch scratch = Scratch.take()) {
            ByteBuffer info = scratch.data();
            info.putInt(Linux.OFFSETOF_SIGINFO_PID(), 0);
            int result = WAITID.call(scratch, idType, id, scratch.address(), options, 0, 0);
            if (result < 0) {
                return result;
            }
            if (info.getInt(Linux.OFFSETOF_SIGINFO_PID()) == 0) {
                return -Linux.EAGAIN();
            }
            return rawStatus(info);
        }
    }

    /** The code and status of siginfo_t as the number that the macros of wait(2) take. */
    private static int rawStatus(ByteBuffer info) {
        int code = info.getInt(Linux.OFFSETOF_SIGINFO_CODE());
        int status = info.getInt(Linux.OFFSETOF_SIGINFO_STATUS());
        if (code == Linux.CLD_EXITED()) {
            return (status & 0xff) << 8;
        }
        return code == Linux.CLD_DUMPED() ? status | CORE_DUMPED : status;
    }
}
