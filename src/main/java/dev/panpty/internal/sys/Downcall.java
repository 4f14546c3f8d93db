package dev.panpty.internal.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.panpty.internal.gen.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A C function, called with the signature that all functions here share: up to six integers or pointers, an integer result, errno captured.
 *
 * <p>Linking a signature costs about 10 ms in a new JVM; another function of a linked signature costs almost nothing. So there is one
 * signature. On x86-64 and aarch64 each integer or pointer argument is in a register, and the callee reads only the bits that it declares,
 * so every parameter can be a {@code long}; {@code BindingsTest} checks each function's generated descriptor against this rule. Only the 32
 * bits of the result that every function defines are used.
 *
 * <p>Pointers are passed as addresses: the caller keeps the memory alive until the call returns. Any thread may call. EINTR is retried here
 * and nowhere else, except by {@link #callInterruptibly}.
 */
public record Downcall(MemorySegment function) {

    /** Also in reachability-metadata.json, for native-image. */
    static final FunctionDescriptor SHAPE =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private static final int EINTR = Linux.EINTR();

    /** Written by any thread, read by none. */
    private static final MemorySegment UNREAD_ERRNO = Arena.global().allocate(Linker.Option.captureStateLayout());

    /**
     * The linked signature, in a class of its own, so that {@link NativeAccess} can catch a refusal before anything here depends on it.
     *
     * <p>Not final, although never changed. If it were a constant, the compiler would inline the hundred small methods behind it into each
     * caller, stop at its limit of depth, and allocate there, at every call, the slice that the linker makes of the errno segment. For a
     * variable it compiles them once, completely.
     */
    private static final class Shape {
        static MethodHandle handle = Linker.nativeLinker().downcallHandle(SHAPE, Linker.Option.captureCallState("errno"));
    }

    /** Links the signature. If the JVM refuses native access, the error thrown has an {@link IllegalCallerException} as its cause. */
    static void link() {
        Shape.handle.type();
    }

    /** Calls a function that gives -1 and errno on failure: its result, or the negative errno. */
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

    /** Calls a function that returns the error number, as {@code posix_spawn} does: 0, or the negative errno. */
    public int callForError(long a, long b, long c, long d, long e, long f) {
        return -(int) callRaw(a, b, c, d, e, f);
    }

    /** All 64 bits of the result, for a function that returns a pointer; errno is not read. */
    public long callRaw(long a, long b, long c, long d, long e, long f) {
        try (Scratch scratch = Scratch.take()) {
            return invoke(scratch.errnoState(), a, b, c, d, e, f);
        }
    }

    /** {@link #call} without the retry: gives EINTR too, for a call with a time-out. */
    int callInterruptibly(Scratch scratch, long a, long b, long c, long d) {
        int result = (int) invoke(scratch.errnoState(), a, b, c, d, 0, 0);
        return result != -1 ? result : -scratch.errno();
    }

    /** One call without a retry; allocates nothing. -1 for any failure. */
    int callOnce(long a, long b, long c) {
        return (int) invoke(UNREAD_ERRNO, a, b, c, 0, 0, 0);
    }

    /** One call without a retry, with memory for errno that the caller owns. */
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
