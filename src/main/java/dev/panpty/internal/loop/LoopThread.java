package dev.panpty.internal.loop;

import java.util.concurrent.atomic.AtomicInteger;

/** A loop's thread, recognized by its type. */
public final class LoopThread extends Thread {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Runnable body;

    LoopThread(Runnable body) {
        super(null, null, "panpty-reactor-" + COUNT.incrementAndGet(), 0, false);
        this.body = body;
        setDaemon(true);
        setContextClassLoader(ClassLoader.getSystemClassLoader());
    }

    @Override
    public void run() {
        body.run();
    }

    /** Whether this is the thread of any loop, on which nothing that may block is called. */
    public static boolean isCurrent() {
        return Thread.currentThread() instanceof LoopThread;
    }

    /**
     * Refuses a call that may block on a loop's thread.
     *
     * @throws IllegalStateException on a loop's thread, with the advice
     */
    public static void refuse(String call, String advice) {
        if (isCurrent()) {
            throw new IllegalStateException(call + " would block the reactor's thread; " + advice);
        }
    }
}
