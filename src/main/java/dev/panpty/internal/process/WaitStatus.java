package dev.panpty.internal.process;

import dev.panpty.internal.sys.Errno;
import java.util.Optional;

/**
 * How a child ended.
 *
 * @param rawStatus as wait(2) gives it; 0 if it is unknown
 * @param unknown why the status is not available, or empty
 * @param atNanos when that was seen, on the {@link System#nanoTime} clock
 */
public record WaitStatus(int rawStatus, Optional<String> unknown, long atNanos) {

    public static WaitStatus of(int rawStatus) {
        return new WaitStatus(rawStatus, Optional.empty(), System.nanoTime());
    }

    /** From the answer of waitid(2): a status, or the negative errno. */
    static WaitStatus ofAnswer(int answer) {
        if (answer >= 0) {
            return of(answer);
        }
        if (answer == -Errno.ECHILD) {
            return unknown("its status was taken by another part of the JVM, or SIGCHLD is ignored");
        }
        return unknown("waitid: " + Errno.describe(-answer));
    }

    static WaitStatus unknown(String reason) {
        return new WaitStatus(0, Optional.of(reason), System.nanoTime());
    }
}
