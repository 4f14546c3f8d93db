package dev.panpty.internal.loop;

import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.EventFd;

/**
 * Notifies a loop that the JVM has begun to shut down, see {@link Runtime#addShutdownHook}.
 *
 * <p>From then on the loop must not wait in native code: HotSpot delays its exit by up to 300 ms for a thread in native code. Other hooks
 * may still need the loop, so it goes on.
 */
final class ShutdownHook extends Thread {

    private final Descriptor wakeUp;
    private volatile boolean begun;

    /** @param wakeUp the loop's */
    ShutdownHook(Descriptor wakeUp) {
        super(null, null, "panpty-shutdown", 0, false);
        setContextClassLoader(ClassLoader.getSystemClassLoader());
        this.wakeUp = wakeUp;
    }

    @Override
    public void run() {
        begun = true;
        EventFd.signal(wakeUp);
    }

    boolean hasBegun() {
        return begun;
    }

    void add() {
        try {
            Runtime.getRuntime().addShutdownHook(this);
        } catch (IllegalStateException shuttingDown) {
            run();
        }
    }

    /** The loop ends. */
    void remove() {
        try {
            Runtime.getRuntime().removeShutdownHook(this);
        } catch (IllegalStateException shuttingDown) {
            begun = true; // the hook runs too
        }
    }
}
