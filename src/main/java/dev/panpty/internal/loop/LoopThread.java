package dev.panpty.internal.loop;

import java.util.concurrent.atomic.AtomicInteger;

/** A loop's thread: the type tells it from all others. */
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

    /** Whether this is a loop's thread, of whichever loop: what may block must not be called on it. */
    public static boolean isCurrent() {
        return Thread.currentThread() instanceof LoopThread;
    }

    /**
     * For a call that may block: refuses it on a loop's thread.
     *
     * @throws IllegalStateException there, with the advice
     */
    public static void refuse(String call, String advice) {
        if (isCurrent()) {
            throw new IllegalStateException(call + " would block the reactor's thread; " + advice);
        }
    }
}
