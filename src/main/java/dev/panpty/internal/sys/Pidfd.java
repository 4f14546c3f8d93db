package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * A child process by descriptor, see pidfd_open(2): it names that process and no later one of the same number, and becomes readable
 * when the process ends. Answers are results or negative errnos.
 */
public final class Pidfd {

    private static final Downcall SYSCALL = new Downcall(Linux.syscall_long$address());
    private static final Downcall WAITID = new Downcall(Linux.waitid$address());
    private static final Downcall KILL = new Downcall(Linux.kill$address());
    private static final Downcall GETPID = new Downcall(Linux.getpid$address());

    private static final int CORE_DUMPED = 0x80;
    private static final int REAP_LOOKS = 30_000;
    private static final int REAP_LOOKS_UNKILLED = 1000;
    private static final long REAP_LOOK_NANOS = 1_000_000;

    private Pidfd() {}

    public static Descriptor.Opened open(int pid) {
        return Descriptor.own(SYSCALL.call(Linux.SYS_pidfd_open(), pid, 0));
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

    /**
     * Kills and reaps a child. It waits for as long as the kill takes, which on a busy machine may be seconds. A set-user-ID program that
     * may not be killed is given up on after one, and so is one that has died and is held by its tracer, see ptrace(2); it is nobody's then.
     */
    public static void killAndReap(Descriptor pidfd) {
        int killed = signal(pidfd, Linux.SIGKILL());
        IntSupplier look = () -> reap(pidfd);
        if (!isReaped(look, REAP_LOOKS_UNKILLED) && killed == 0 && pidfd.poll(Linux.POLLIN()) == 0) {
            isReaped(look, REAP_LOOKS);
        }
    }

    /** {@link #killAndReap(Descriptor)} of one that has no pidfd and that nobody else knows of yet. */
    public static void killAndReap(int pid) {
        int looks = KILL.call(pid, Linux.SIGKILL()) == 0 ? REAP_LOOKS : REAP_LOOKS_UNKILLED;
        isReaped(() -> waitid(Linux.P_PID(), pid, Linux.WEXITED() | Linux.WNOHANG()), looks);
    }

    /** Whether one of the looks finds it reaped. */
    private static boolean isReaped(IntSupplier look, int looks) {
        for (int i = 0; i < looks; i++) {
            int answer = look.getAsInt();
            if (answer >= 0 || answer == -Linux.ECHILD()) {
                return true;
            }
            LockSupport.parkNanos(REAP_LOOK_NANOS);
        }
        return false;
    }

    /** Whether this kernel has pidfds and lets us use them: 0, or the negative errno of what it refuses. */
    public static int probe() {
        Descriptor.Opened self = open(GETPID.call());
        if (self.failed()) {
            return self.error();
        }
        try (Descriptor pidfd = self.descriptor()) {
            int signalled = signal(pidfd, 0);
            int waited = reap(pidfd);
            // ECHILD is the right answer: we are not our own child. EINVAL says that the kernel does not know P_PIDFD.
            return signalled < 0 ? signalled : waited == -Linux.ECHILD() ? 0 : waited;
        }
    }

    private static int waitid(int idType, int id, int options) {
        Scratch scratch = Scratch.take();
        try {
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
        } finally {
            scratch.give();
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
