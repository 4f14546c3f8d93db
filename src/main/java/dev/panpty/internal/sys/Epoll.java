package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * An epoll instance, see epoll(7). One thread waits and reads the events; any thread may add, change and remove.
 */
public final class Epoll implements AutoCloseable {

    public static final int IN = Linux.EPOLLIN();
    public static final int OUT = Linux.EPOLLOUT();
    public static final int HUP = Linux.EPOLLHUP();
    public static final int ERR = Linux.EPOLLERR();
    public static final int EDGE = Linux.EPOLLET();
    public static final int ONCE = Linux.EPOLLONESHOT();

    private static final Downcall CREATE = new Downcall(Linux.epoll_create1$address());
    private static final Downcall CONTROL = new Downcall(Linux.epoll_ctl$address());
    private static final Downcall WAIT = new Downcall(Linux.epoll_wait$address());

    private static final Architecture HERE = Architecture.here();
    private static final int MAX_EVENTS = 256;

    private final Descriptor descriptor;
    private final Scratch errno = Scratch.own();
    private final MemorySegment memory = Arena.ofAuto().allocate((long) MAX_EVENTS * HERE.epollEventBytes(), Long.BYTES);
    private final ByteBuffer events = Scratch.view(memory);

    private Epoll(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** A new instance, or the negative errno. */
    public static Result<Epoll> open() {
        Result<Descriptor> opened = Descriptor.own(CREATE.call(Linux.EPOLL_CLOEXEC()));
        return opened.failed() ? Result.failure(opened.error()) : Result.of(new Epoll(opened.value()));
    }

    public int add(Descriptor watched, int interest, long token) {
        return control(Linux.EPOLL_CTL_ADD(), watched, interest, token);
    }

    public int modify(Descriptor watched, int interest, long token) {
        return control(Linux.EPOLL_CTL_MOD(), watched, interest, token);
    }

    public int remove(Descriptor watched) {
        return control(Linux.EPOLL_CTL_DEL(), watched, 0, 0);
    }

    private int control(int operation, Descriptor watched, int interest, long token) {
        try (Scratch scratch = Scratch.take()) { // first: if it runs out of memory, nothing is held
            return watched.acquire() ? control(operation, watched, interest, token, scratch) : -Linux.EBADF();
        }
    }

    private int control(int operation, Descriptor held, int interest, long token, Scratch scratch) {
        try {
            scratch.data().putInt(0, interest).putLong(HERE.epollDataOffset(), token);
            return descriptor.call(scratch, CONTROL, operation, held.number(), scratch.address());
        } finally {
            held.release();
        }
    }

    /**
     * Waits for events, without a limit for -1 ms. Returns their number, for {@link #token} and {@link #readiness}, or the negative errno.
     * EINTR is returned too, since a retry would restart the time-out.
     */
    public int await(int timeoutMillis) {
        if (!descriptor.acquire()) {
            return -Linux.EBADF();
        }
        try {
            return WAIT.callInterruptibly(errno, descriptor.number(), memory.address(), MAX_EVENTS, timeoutMillis);
        } finally {
            descriptor.release();
        }
    }

    public int readiness(int index) {
        return events.getInt(index * HERE.epollEventBytes());
    }

    public long token(int index) {
        return events.getLong(index * HERE.epollEventBytes() + HERE.epollDataOffset());
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
