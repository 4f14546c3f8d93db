package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.nio.ByteBuffer;

/**
 * The disposition of SIGCHLD in this process, see sigaction(2). If it is ignored, which can be inherited, the kernel discards the exit
 * status of every child; {@link #keepStatuses} restores the default and changes nothing else.
 */
public final class ChildSignal {

    private static final Downcall SIGACTION = new Downcall(Linux.sigaction$address());

    private static final long SIG_DFL = 0;
    private static final long SIG_IGN = 1;

    private ChildSignal() {}

    public static void keepStatuses() {
        try (Scratch scratch = Scratch.take()) {
            ByteBuffer action = scratch.data();
            if (SIGACTION.call(Linux.SIGCHLD(), 0, scratch.address()) < 0) {
                return; // sigaction fails for an unknown signal number only
            }
            boolean ignored = action.getLong(Linux.OFFSETOF_SIGACTION_HANDLER()) == SIG_IGN;
            int flags = action.getInt(Linux.OFFSETOF_SIGACTION_FLAGS());
            if (!ignored && (flags & Linux.SA_NOCLDWAIT()) == 0) {
                return;
            }
            if (ignored) {
                action.putLong(Linux.OFFSETOF_SIGACTION_HANDLER(), SIG_DFL);
            }
            action.putInt(Linux.OFFSETOF_SIGACTION_FLAGS(), flags & ~Linux.SA_NOCLDWAIT());
            SIGACTION.call(Linux.SIGCHLD(), scratch.address(), 0);
        }
    }
}
