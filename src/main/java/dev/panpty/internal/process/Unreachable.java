package dev.panpty.internal.process;

import java.lang.ref.Cleaner;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hangs up processes that have become unreachable, on one thread for all. The thread is not started by a class initializer, which would
 * never run again after a failure, but with the first reactor. Any thread may call.
 */
public final class Unreachable {

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static volatile Cleaner cleaner;

    private Unreachable() {}

    /** @throws OutOfMemoryError if no thread can be started; a later call tries again */
    public static void begin() {
        if (cleaner != null) {
            return;
        }
        LOCK.lock();
        try {
            if (cleaner == null) {
                cleaner = Cleaner.create();
            }
        } finally {
            LOCK.unlock();
        }
    }

    /** Once {@link #begin} has succeeded. */
    public static void hangUpLater(Object unreachable, TerminalProcess process) {
        cleaner.register(unreachable, process::hangUp);
    }
}
