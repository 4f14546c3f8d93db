package dev.panpty.internal.spawn;

import dev.panpty.internal.gen.Linux;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/** The one error that passes by itself: ETXTBSY, while another thread's child still holds the program open for writing. */
final class Attempt {

    private static final int TRIES = 3;
    private static final Duration APART = Duration.ofMillis(5);

    private Attempt() {}

    /** The answer of the call, asked again a few times while it is ETXTBSY. */
    static int untilNotBusy(IntSupplier call) {
        int answer = call.getAsInt();
        for (int tries = 1; answer == -Linux.ETXTBSY() && tries < TRIES; tries++) {
            boolean interrupted = Thread.interrupted(); // one that is would not park
            LockSupport.parkNanos(APART.toNanos());
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            answer = call.getAsInt();
        }
        return answer;
    }
}
