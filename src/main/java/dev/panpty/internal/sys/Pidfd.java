package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.nio.ByteBuffer;

/**
 * A process by descriptor, see pidfd_open(2): it names that process and no later one of the same number, and becomes readable when the
 * process ends; and by its number, for {@link ChildProcess}. Answers are results or negative errnos.
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

    /** {@code kill(-group)}: only while a member is known to be there, since the number is not ours. */
    public static int signalGroup(int group, int signal) {
        return KILL.call(-group, signal);
    }

    /** {@code kill(2)} of one process: only while it is known to be there, since the number is not ours. */
    static int signalNumber(int pid, int signal) {
        return KILL.call(pid, signal);
    }

    /** Whether this is the number of a child that was not reaped. */
    static boolean isChild(int pid) {
        int answer = waitid(Linux.P_PID(), pid, Linux.WEXITED() | Linux.WNOHANG() | Linux.WNOWAIT());
        return answer >= 0 || answer == -Linux.EAGAIN();
    }

    /** Whether the child of this number has ended, or is not there. */
    static boolean hasEnded(int pid) {
        return waitid(Linux.P_PID(), pid, Linux.WEXITED() | Linux.WNOHANG() | Linux.WNOWAIT()) != -Linux.EAGAIN();
    }

    /** {@link #reap} of a child that is known by its number only. */
    static int reapNumber(int pid) {
        return waitid(Linux.P_PID(), pid, Linux.WEXITED() | Linux.WNOHANG());
    }

    /** Reaps the process if it has ended; never waits. The status as wait(2) gives it, or the negative errno (EAGAIN: still running). */
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

    /** Whether this kernel has pidfds and lets us use them: 0, or the negative errno of what it refuses. */
    public static int probe() {
        Result<Descriptor> self = open(GETPID.call());
        if (self.failed()) {
            return self.error();
        }
        try (Descriptor pidfd = self.value()) {
            int signalled = signal(pidfd, 0);
            int waited = reap(pidfd);
            // ECHILD is the right answer: we are not our own child. EINVAL says that the kernel does not know P_PIDFD.
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

    /** siginfo_t's code and status as the one number that wait(2) and its macros know. */
    private static int rawStatus(ByteBuffer info) {
        int code = info.getInt(Linux.OFFSETOF_SIGINFO_CODE());
        int status = info.getInt(Linux.OFFSETOF_SIGINFO_STATUS());
        if (code == Linux.CLD_EXITED()) {
            return (status & 0xff) << 8;
        }
        return code == Linux.CLD_DUMPED() ? status | CORE_DUMPED : status;
    }
}
