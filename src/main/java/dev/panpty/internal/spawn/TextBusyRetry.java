package dev.panpty.internal.spawn;

import dev.panpty.internal.sys.Errno;
import java.util.concurrent.locks.LockSupport;

/** Retries the only transient error of an exec: ETXTBSY, while another thread's child still has the program open for writing. */
final class TextBusyRetry {

    private static final int TRIES = 3;
    private static final long APART_NANOS = 5_000_000;

    private TextBusyRetry() {}

    /** Whether to retry an exec with this answer, after so many tries; if so, it has waited before it returns. */
    static boolean again(int answer, int tries) {
        if (answer != -Errno.ETXTBSY || tries >= TRIES) {
            return false;
        }
        boolean interrupted = Thread.interrupted(); // an interrupted thread would not park
        LockSupport.parkNanos(APART_NANOS);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return true;
    }
}
