package dev.panpty.internal.spawn;

import dev.panpty.internal.sys.ChildProcess;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * The thread that makes the children with a parent-death signal: the kernel sends the signal when the <em>thread</em> that made the child
 * ends, see PR_SET_PDEATHSIG in prctl(2). So it lives as long as one of them.
 *
 * <pre>
 *   none --first child--> running --last child reaped, or its start failed--> none
 * </pre>
 *
 * <p>The lock guards the count of children. It is innermost: a child is reaped under its own.
 */
final class LastingThread {

    private static final Runnable LEAVE = LastingThread::leave;
    private static final Runnable NOTHING = () -> {};

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static ExecutorService executor; // while there are children
    private static int children;

    private LastingThread() {}

    /** Makes the child on that thread and waits for the answer, also if interrupted: 0 if there is a child. */
    static int make(ChildProcess child, IntSupplier work) {
        ExecutorService thread = enter();
        int answer = -1;
        try {
            child.whenReaped(LEAVE); // first: once there is a child, nothing may fail
            answer = CompletableFuture.supplyAsync(work::getAsInt, thread).join();
            return answer;
        } finally {
            if (answer != 0) {
                child.whenReaped(NOTHING);
                leave();
            }
        }
    }

    private static ExecutorService enter() {
        LOCK.lock();
        try {
            if (children == 0) {
                executor = Executors.newSingleThreadExecutor(factory());
            }
            children++;
            return executor;
        } finally {
            LOCK.unlock();
        }
    }

    private static ThreadFactory factory() {
        ThreadFactory threads = Thread.ofPlatform().name("panpty-parent").daemon().inheritInheritableThreadLocals(false).factory();
        return body -> {
            Thread thread = threads.newThread(body);
            thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
            return thread;
        };
    }

    private static void leave() {
        LOCK.lock();
        try {
            if (--children == 0) {
                executor.shutdown();
                executor = null;
            }
        } finally {
            LOCK.unlock();
        }
    }
}
