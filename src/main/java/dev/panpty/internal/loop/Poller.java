package dev.panpty.internal.loop;

import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.EventFd;
import dev.panpty.internal.sys.Result;
import java.util.concurrent.locks.LockSupport;

/**
 * The wait of a loop: an epoll instance with an eventfd, by which other threads end the wait. While the JVM shuts down it polls every
 * millisecond instead, see {@link ShutdownHook}. {@link #wakeUp} may be called on any thread, the other methods on the loop's.
 */
final class Poller {

    /** The token of the eventfd, which has no registration. */
    static final long WAKE_UP = -1;

    /** Bounds the wait, for a wake-up that was lost because the JVM was out of memory. */
    private static final int LONGEST_WAIT_MILLIS = 1000;

    private static final long SHUTDOWN_PAUSE_NANOS = 1_000_000;

    private final Epoll epoll;
    private final Descriptor wakeUp;
    private final ShutdownHook shutdown;

    private Poller(Epoll epoll, Descriptor wakeUp) {
        this.epoll = epoll;
        this.wakeUp = wakeUp;
        shutdown = new ShutdownHook(wakeUp);
    }

    static Result<Poller> open() {
        Result<Epoll> epoll = Epoll.open();
        if (epoll.failed()) {
            return Result.failure(epoll.error(), "epoll_create1");
        }
        Result<Descriptor> wakeUp = EventFd.open();
        int error = wakeUp.error();
        if (error == 0) {
            error = epoll.value().add(wakeUp.value(), Epoll.IN | Epoll.EDGE, WAKE_UP);
        }
        if (error < 0) {
            if (!wakeUp.failed()) {
                wakeUp.value().close();
            }
            epoll.value().close();
            return Result.failure(error, wakeUp.failed() ? "eventfd2" : "epoll_ctl");
        }
        try {
            return Result.of(new Poller(epoll.value(), wakeUp.value()));
        } catch (Throwable noMemory) {
            wakeUp.value().close();
            epoll.value().close();
            throw noMemory;
        }
    }

    Epoll epoll() {
        return epoll;
    }

    /** Starts the loop's thread, once; if that fails everything is closed. */
    void start(Thread thread) {
        try {
            shutdown.add();
            thread.start();
        } catch (Throwable noThread) {
            close();
            throw noThread;
        }
    }

    /** {@link Epoll#await} for a second at most. */
    int await(int timeoutMillis) {
        if (timeoutMillis == 0 || !shutdown.hasBegun()) {
            return epoll.await(timeoutMillis < 0 ? LONGEST_WAIT_MILLIS : Math.min(timeoutMillis, LONGEST_WAIT_MILLIS));
        }
        LockSupport.parkNanos(SHUTDOWN_PAUSE_NANOS);
        return epoll.await(0);
    }

    /** Ends the wait, or the next one. If eventfd_write fails, EPOLLOUT is asked for: an eventfd is writable, which is an event as well. */
    void wakeUp() {
        try {
            if (!EventFd.signal(wakeUp)) {
                epoll.modify(wakeUp, Epoll.IN | Epoll.OUT | Epoll.EDGE, WAKE_UP);
            }
        } catch (OutOfMemoryError none) {
            return; // a downcall allocates until it is compiled; the loop's wait ends after a second
        }
    }

    void close() {
        shutdown.remove();
        epoll.close();
        wakeUp.close();
    }
}
