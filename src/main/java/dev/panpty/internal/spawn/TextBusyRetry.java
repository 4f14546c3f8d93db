package dev.panpty.internal.spawn;

import dev.panpty.internal.sys.Errno;
import java.util.concurrent.locks.LockSupport;

/** The one error that passes by itself: ETXTBSY, while another thread's child still holds the program open for writing. */
final class TextBusyRetry {

    private static final int TRIES = 3;
    private static final long APART_NANOS = 5_000_000;

    private TextBusyRetry() {}

    /** Whether this answer of an exec is worth another try, after so many; then it has waited a moment. */
    static boolean again(int answer, int tries) {
        if (answer != -Errno.ETXTBSY || tries >= TRIES) {
            return false;
        }
        boolean interrupted = Thread.interrupted(); // one that is would not park
        LockSupport.parkNanos(APART_NANOS);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return true;
    }
}
