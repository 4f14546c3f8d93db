package dev.panpty.internal.event;

import dev.panpty.internal.loop.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** What taps have thrown and the listener was not notified of. Taps are called under locks, so the loop notifies it. */
final class TapFailures {

    private final EventLoop loop;
    private final Runnable advance;
    private final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();

    /** @param advance calls {@link #tell} */
    TapFailures(EventLoop loop, Runnable advance) {
        this.loop = loop;
        this.advance = advance;
    }

    /** Any thread; false if the loop has ended and notifies no listener any more. */
    boolean add(Throwable failure) {
        thrown.add(failure);
        try {
            return loop.post(advance);
        } catch (OutOfMemoryError missed) {
            loop.resync();
            return true;
        }
    }

    /** On the loop's thread. */
    void tell(Consumer<Throwable> listener) {
        for (Throwable failure = thrown.poll(); failure != null; failure = thrown.poll()) {
            listener.accept(failure);
        }
    }
}
