package dev.panpty.internal.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.panpty.internal.gen.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * One C function, called through the one shape that all of ours share: up to six integers or pointers in, one integer out, errno
 * captured.
 *
 * <p>A shape costs about 10 ms to link in a fresh JVM, a further function of a linked shape next to nothing, so there is one shape
 * for everything. On x86-64 and aarch64 each integer or pointer argument has a register of its own and the callee looks only at
 * the bits it declared, so a {@code long} serves for every one of them; {@code BindingsTest} holds each function's generated
 * descriptor against this rule. Of the result only the 32 bits are used that every function here defines.
 *
 * <p>Pointers travel as addresses: the caller keeps the memory alive until the call returns. Any thread may call; {@code EINTR} is
 * retried here and nowhere else, but for {@link #callInterruptibly}.
 */
public record Downcall(MemorySegment function) {

    private static final FunctionDescriptor SHAPE =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private static final int EINTR = Linux.EINTR();

    /** Written by any thread and read by none. */
    private static final MemorySegment UNREAD_ERRNO = Arena.global().allocate(Linker.Option.captureStateLayout());

    /**
     * The linked shape, in a class of its own: {@link NativeAccess} can then catch a refusal before anything here depends on it.
     *
     * <p>Not final, and never changed. Of a constant the compiler would inline the hundred small methods behind it into each caller, stop
     * where that is too deep, and there allocate the slice that the linker makes of the segment for errno, at every call. Of a variable it
     * compiles them once, to the end.
     */
    private static final class Shape {
        static MethodHandle handle = Linker.nativeLinker().downcallHandle(SHAPE, Linker.Option.captureCallState("errno"));
    }

    /** Links the shape; an {@link IllegalCallerException} inside the error thrown says that the JVM refuses native access. */
    static void link() {
        Shape.handle.type();
    }

    /** The result of a function that says -1 and errno on failure: that result, or the negative errno. */
    public int call(long a, long b, long c, long d, long e, long f) {
        try (Scratch scratch = Scratch.take()) {
            return call(scratch, a, b, c, d, e, f);
        }
    }

    /** {@link #call(long, long, long, long, long, long)} with memory for errno that the caller holds. */
    int call(Scratch scratch, long a, long b, long c, long d, long e, long f) {
        for (;;) {
            int result = (int) invoke(scratch.errnoState(), a, b, c, d, e, f);
            if (result != -1) {
                return result;
            }
            int errno = scratch.errno();
            if (errno != EINTR) {
                return -errno;
            }
        }
    }

    public int call() {
        return call(0, 0, 0, 0, 0, 0);
    }

    public int call(long a) {
        return call(a, 0, 0, 0, 0, 0);
    }

    public int call(long a, long b) {
        return call(a, b, 0, 0, 0, 0);
    }

    public int call(long a, long b, long c) {
        return call(a, b, c, 0, 0, 0);
    }

    public int call(long a, long b, long c, long d) {
        return call(a, b, c, d, 0, 0);
    }

    public int call(long a, long b, long c, long d, long e) {
        return call(a, b, c, d, e, 0);
    }

    /** The answer of a function that returns the error number itself, as {@code posix_spawn} does: 0, or the negative errno. */
    public int callForError(long a, long b, long c, long d, long e, long f) {
        return -(int) callRaw(a, b, c, d, e, f);
    }

    /** All 64 bits of the result, for a function that returns a pointer; errno is not looked at. */
    public long callRaw(long a, long b, long c, long d, long e, long f) {
        try (Scratch scratch = Scratch.take()) {
            return invoke(scratch.errnoState(), a, b, c, d, e, f);
        }
    }

    /** {@link #call} that answers EINTR too, for a call that has a time-out of its own. */
    int callInterruptibly(Scratch scratch, long a, long b, long c, long d) {
        int result = (int) invoke(scratch.errnoState(), a, b, c, d, 0, 0);
        return result != -1 ? result : -scratch.errno();
    }

    /** One call, also for who is short of memory; -1 for a failure of whatever kind. */
    int callOnce(long a, long b, long c) {
        return (int) invoke(UNREAD_ERRNO, a, b, c, 0, 0, 0);
    }

    /** One call whatever the outcome, with memory for errno that the caller owns. */
    void callOnce(MemorySegment errno, long a, long b, long c) {
        invoke(errno, a, b, c, 0, 0, 0);
    }

    private long invoke(MemorySegment errno, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) Shape.handle.invokeExact(function, errno, a, b, c, d, e, f);
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable thrown) {
            throw new AssertionError("a downcall throws nothing of its own", thrown);
        }
    }
}
