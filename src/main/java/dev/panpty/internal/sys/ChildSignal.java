package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.nio.ByteBuffer;

/**
 * The disposition of SIGCHLD in this process, see sigaction(2). Where it is ignored, as a parent may have left it, the kernel throws
 * the exit status of every child away; {@link #keepStatuses} restores the default. Nothing else of the process is touched.
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
                return; // sigaction fails for a signal number it does not know, and SIGCHLD is not one
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
