package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file descriptor with one owner. Every use of the number is between {@link #acquire} and {@link #release}, and does not block.
 * {@link #close} marks it closed; the last holder closes the number. So a number that the kernel has reused is never used.
 *
 * <pre>
 *   open, n users --acquire--> open, n+1 users          closing: acquire gives false
 *   open, 0 users --close----> closed
 *   open, n users --close----> closing --last release--> closed
 * </pre>
 *
 * <p>Opened close-on-exec, and never 0, 1 or 2: a host program that has closed its standard streams must not read or write this one in
 * their place, nor a child's dup2 overwrite it. All methods may be called from any thread.
 */
public final class Descriptor implements AutoCloseable {

    private static final Downcall OPEN = new Downcall(Linux.openat_mode$address());
    private static final Downcall CLOSE = new Downcall(Linux.close$address());
    private static final Downcall READ = new Downcall(Linux.read$address());
    private static final Downcall WRITE = new Downcall(Linux.write$address());
    private static final Downcall FCNTL = new Downcall(Linux.fcntl_int$address());

    /** For {@link #changeOwner}: leaves the id unchanged. */
    public static final int UNCHANGED = -1;

    private static final int EBADF = -Linux.EBADF();
    private static final int FIRST_OWN_NUMBER = 3;
    private static final int CLOSING = Integer.MIN_VALUE;

    private final int number;
    private final AtomicInteger users = new AtomicInteger();

    private Descriptor(int number) {
        this.number = number;
    }

    /** Takes the answer of a call that opens a descriptor: a number, which is moved above 2, or the negative errno. */
    public static Result<Descriptor> own(int answer) {
        int number = answer;
        if (answer >= 0 && answer < FIRST_OWN_NUMBER) {
            number = FCNTL.call(answer, Linux.F_DUPFD_CLOEXEC(), FIRST_OWN_NUMBER);
            closeNumber(answer);
        }
        return number < 0 ? Result.failure(number) : Result.of(new Descriptor(number));
    }

    /** {@code open(2)} with O_CLOEXEC added. */
    public static Result<Descriptor> open(byte[] path, int flags) {
        return openAt(Linux.AT_FDCWD(), path, flags);
    }

    /** {@link #open} from a directory's number. */
    static Result<Descriptor> openAt(int directory, byte[] path, int flags) {
        try (Scratch scratch = Scratch.take()) {
            return own(OPEN.call(directory, scratch.string(0, path), flags | Linux.O_CLOEXEC(), 0));
        }
    }

    /** The two ends of a pipe. */
    public record Pipe(Descriptor readEnd, Descriptor writeEnd) {}

    /** {@code pipe2(2)}; reading does not block, writing does. */
    public static Result<Pipe> pipe() {
        int readNumber;
        int writeNumber;
        try (Scratch scratch = Scratch.take()) {
            int result = Rarely.PIPE2.call(scratch.address(), Linux.O_CLOEXEC());
            if (result < 0) {
                return Result.failure(result);
            }
            readNumber = scratch.data().getInt(0);
            writeNumber = scratch.data().getInt(Integer.BYTES);
        }
        Result<Descriptor> readEnd = own(readNumber);
        Result<Descriptor> writeEnd = own(writeNumber);
        int error = Math.min(readEnd.error(), writeEnd.error());
        if (error == 0) {
            error = readEnd.value().call(FCNTL, Linux.F_SETFL(), Linux.O_NONBLOCK());
        }
        if (error < 0) {
            for (Result<Descriptor> end : List.of(readEnd, writeEnd)) {
                if (!end.failed()) {
                    end.value().close();
                }
            }
            return Result.failure(error);
        }
        return Result.of(new Pipe(readEnd.value(), writeEnd.value()));
    }

    /** Holds the number open until {@link #release}; false once closed. */
    public boolean acquire() {
        int now;
        do {
            now = users.get();
            if (now < 0) {
                return false;
            }
        } while (!users.compareAndSet(now, now + 1));
        return true;
    }

    public void release() {
        if (users.decrementAndGet() == CLOSING) {
            closeNumber(number);
        }
    }

    /** Idempotent. */
    @Override
    public void close() {
        int before;
        do {
            before = users.get();
        } while (!users.compareAndSet(before, before | CLOSING));
        if (before == 0) {
            closeNumber(number);
        }
    }

    /** Closes once, never retried: {@code close(2)} has released the number even if it gives EINTR. */
    private static void closeNumber(int number) {
        CLOSE.callOnce(number, 0, 0);
    }

    public boolean isClosed() {
        return users.get() < 0;
    }

    /** The number. It is valid while the caller holds it by {@link #acquire}; without that it is for messages only. */
    public int number() {
        return number;
    }

    /** Calls {@code function(number, b, c)}; -EBADF once closed. */
    int call(Downcall function, long b, long c) {
        try (Scratch scratch = Scratch.take()) {
            return call(scratch, function, b, c, 0);
        }
    }

    /** {@code function(number, b, c, d)} with a scratch that the caller holds. */
    int call(Scratch scratch, Downcall function, long b, long c, long d) {
        if (!acquire()) {
            return EBADF;
        }
        try {
            return function.call(scratch, number, b, c, d, 0, 0);
        } finally {
            release();
        }
    }

    /** {@code read(2)} into the array; bytes read, 0 at the end, or the negative errno. At most 64 KiB a call. */
    public int read(byte[] target, int offset, int length) {
        try (Scratch scratch = Scratch.take()) {
            int count = read(scratch, length);
            if (count > 0) {
                scratch.data().get(0, target, offset, count);
            }
            return count;
        }
    }

    /** {@link #read(byte[], int, int)} into a buffer, by absolute index; its position is neither used nor changed. */
    public int read(ByteBuffer target, int offset, int length) {
        try (Scratch scratch = Scratch.take()) {
            int count = read(scratch, length);
            if (count > 0) {
                target.put(offset, scratch.data(), 0, count);
            }
            return count;
        }
    }

    /** {@code read(2)} into the data of a scratch that the caller holds, from its start. */
    public int read(Scratch scratch, int length) {
        return read(scratch, 0, length);
    }

    /** {@code read(2)} into the data of a scratch that the caller holds, from this index on. */
    public int read(Scratch scratch, int offset, int length) {
        return call(scratch, READ, scratch.address() + offset, Math.min(length, Scratch.DATA_BYTES - offset), 0);
    }

    /** {@code write(2)} from the array; bytes written, at most 64 KiB a call, or the negative errno. */
    public int write(byte[] source, int offset, int length) {
        return write(ByteBuffer.wrap(source), offset, length);
    }

    /** {@link #write(byte[], int, int)} from a buffer, by absolute index; its position is neither used nor changed. */
    public int write(ByteBuffer source, int offset, int length) {
        int count = Math.min(length, Scratch.DATA_BYTES);
        try (Scratch scratch = Scratch.take()) {
            scratch.data().put(0, source, offset, count);
            return write(scratch, count);
        }
    }

    /** {@code write(2)} of the first bytes of a scratch's data that the caller holds. */
    public int write(Scratch scratch, int length) {
        return call(scratch, WRITE, scratch.address(), length, 0);
    }

    /** {@code write(2)} of the whole segment, once; allocates nothing. -1 for any failure. */
    int writeOnce(MemorySegment bytes) {
        if (!acquire()) {
            return -1;
        }
        try {
            return WRITE.callOnce(number, bytes.address(), bytes.byteSize());
        } finally {
            release();
        }
    }

    /** How many bytes can be read now (FIONREAD), while the kernel may still move more; or the negative errno. */
    public int readableBytes() {
        try (Scratch scratch = Scratch.take()) {
            int result = call(scratch, Rarely.IOCTL, Linux.FIONREAD(), scratch.address(), 0);
            return result < 0 ? result : scratch.data().getInt(0);
        }
    }

    /** {@code poll(2)} without waiting, with the constants of epoll: the events that are ready, 0 for none, or the negative errno. */
    public int poll(int events) {
        try (Scratch scratch = Scratch.take()) { // first: if it runs out of memory, nothing is held
            return acquire() ? pollAndRelease(scratch, events) : EBADF;
        }
    }

    private int pollAndRelease(Scratch scratch, int events) {
        try {
            scratch.data().putInt(0, number).putShort(Integer.BYTES, (short) events).putShort(Integer.BYTES + Short.BYTES, (short) 0);
            int result = Rarely.POLL.call(scratch, scratch.address(), 1, 0, 0, 0, 0);
            return result <= 0 ? result : scratch.data().getShort(Integer.BYTES + Short.BYTES);
        } finally {
            release();
        }
    }

    /** {@code fchown(2)}; {@link #UNCHANGED} leaves an id as it is. 0 or the negative errno. */
    public int changeOwner(int uid, int gid) {
        return call(Rarely.FCHOWN, uid, gid);
    }

    /** {@code fchmod(2)}; 0 or the negative errno. */
    public int changeMode(int mode) {
        return call(Rarely.FCHMOD, mode, 0);
    }

    /** In a class of their own, since opening the first terminal does not need them. */
    private static final class Rarely {
        static final Downcall IOCTL = new Downcall(Linux.ioctl_ptr$address());
        static final Downcall POLL = new Downcall(Linux.poll$address());
        static final Downcall PIPE2 = new Downcall(Linux.pipe2$address());
        static final Downcall FCHOWN = new Downcall(Linux.fchown$address());
        static final Downcall FCHMOD = new Downcall(Linux.fchmod$address());
    }

    @Override
    public String toString() {
        return "descriptor " + number + (isClosed() ? " (closed)" : "");
    }
}
