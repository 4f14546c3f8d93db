package dev.panpty;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.sys.ChildSignal;
import dev.panpty.internal.sys.NativeAccess;
import dev.panpty.internal.sys.Pidfd;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The thread that watches terminals and processes, any number of them: one daemon platform thread in epoll(7). A shared one starts with
 * the first process. All methods may be called from any thread.
 */
public final class Reactor {

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static volatile Reactor shared;

    private final EventLoop loop;

    private Reactor(EventLoop loop) {
        this.loop = loop;
    }

    /**
     * The reactor that is used unless another is named. It lives as long as the JVM and cannot be closed.
     *
     * @return the shared reactor, started if need be
     * @throws SpawnException if it cannot be opened; a later call tries again
     */
    public static Reactor shared() throws SpawnException {
        Reactor reactor = shared;
        if (reactor != null) {
            return reactor;
        }
        LOCK.lock();
        try {
            if (shared == null) {
                shared = new Reactor(openLoop());
            }
            return shared;
        } finally {
            LOCK.unlock();
        }
    }

    private static EventLoop openLoop() throws SpawnException {
        NativeAccess.require();
        int probed = Pidfd.probe();
        if (probed < 0) {
            throw new SpawnException(SpawnException.Step.REACTOR, -probed,
                    "pidfd_open and waitid(P_PIDFD), which need Linux 5.4 and must not be filtered by a sandbox");
        }
        ChildSignal.keepStatuses();
        EventLoop.Opened opened = EventLoop.open();
        if (opened.error() < 0) {
            throw new SpawnException(SpawnException.Step.REACTOR, -opened.error(), "epoll");
        }
        return opened.loop();
    }

    EventLoop loop() {
        return loop;
    }
}
