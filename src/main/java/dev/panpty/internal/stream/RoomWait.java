package dev.panpty.internal.stream;

import dev.panpty.internal.process.Channel;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Errno;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The wait of a writer for room in the kernel's buffer: a platform thread first waits briefly in poll(2), then it parks until the loop
 * wakes it. The waiter reads the program's output ahead, since a program that blocks in writing reads nothing. Guarded by the writer's
 * lock, which is released while it waits.
 */
final class RoomWait {

    private final Channel channel;
    private final Optional<StreamReader> echo;
    private final Turn turn;
    private final ReentrantLock lock;
    private final Waiters writers;
    private volatile boolean waiting; // written under the lock

    /** @param echo the output that is read ahead */
    RoomWait(Channel channel, Optional<StreamReader> echo, Turn turn, ReentrantLock lock) {
        this.channel = channel;
        this.echo = echo;
        this.turn = turn;
        this.lock = lock;
        writers = new Waiters(channel.descriptor(), lock);
    }

    /** Waits for room, output or a change of the writer's state; may return without any of them. Called by the holder of the turn. */
    void await(int waitsBefore) throws IOException {
        if (channel.isChildReaped()) {
            throw turn.partial("the program has exited");
        }
        waiting = true; // before the poll for output: later output notifies this waiter
        try {
            int events = echo.isPresent() && echo.get().readAhead() ? Epoll.OUT | Epoll.IN : Epoll.OUT;
            if (waitsBefore == 0 && !Thread.currentThread().isVirtual()) {
                writers.briefly(events);
            } else {
                park(events);
            }
        } finally {
            waiting = false;
        }
    }

    private void park(int events) throws IOException {
        int error = channel.once(events);
        if (error < 0 && !channel.isClosed()) {
            throw turn.partial("epoll_ctl: " + Errno.describe(-error));
        }
        try {
            writers.parked();
        } catch (InterruptedException interrupted) {
            throw turn.interrupted();
        }
    }

    /** The waiter retries. */
    void wake() {
        writers.wake();
    }

    /** There may be room. Under no lock. */
    void ready() {
        lock.lock();
        try {
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** Output is available to read ahead, or there is room in memory for it. Under no lock. */
    void outputChanged() {
        if (waiting) {
            ready();
        }
    }
}
