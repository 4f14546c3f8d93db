package dev.panpty.testing;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Calls that a careless host program makes directly, without the library. */
public final class Libc {

    public static final int SIGCHLD = 17;

    public static final int RLIMIT_NPROC = 6;
    public static final int RLIMIT_NOFILE = 7;
    public static final int RLIMIT_AS = 9;

    private static final int F_DUPFD = 0;
    private static final long SIG_DFL = 0;
    private static final long SIG_IGN = 1;

    private static final MethodHandle PIPE = function("pipe", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle SIGNAL =
            function("signal", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    private static final MethodHandle WAITPID = function("waitpid",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private static final MethodHandle FCNTL = function("fcntl",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle GETRLIMIT = function("getrlimit",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MethodHandle SETRLIMIT = function("setrlimit",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MethodHandle GETTID = function("gettid", FunctionDescriptor.of(ValueLayout.JAVA_INT));

    private Libc() {}

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(Linker.nativeLinker().defaultLookup().find(name).orElseThrow(), descriptor);
    }

    /** Two descriptors that every child would inherit. */
    public static int[] inheritablePipe() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers = arena.allocate(ValueLayout.JAVA_INT, 2);
            if ((int) PIPE.invokeExact(numbers) < 0) {
                throw new AssertionError("pipe");
            }
            return numbers.toArray(ValueLayout.JAVA_INT);
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }

    /** Copies the descriptor to this number or the next free one, inheritable too; returns the number. */
    public static int inheritableCopy(int number, int lowest) {
        try {
            return (int) FCNTL.invokeExact(number, F_DUPFD, lowest);
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }

    public static void close(int... numbers) {
        try {
            for (int number : numbers) {
                int ignored = (int) CLOSE.invokeExact(number);
            }
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }

    /** Ignores SIGCHLD in this process, or restores the default. */
    public static void ignoreChildSignal(boolean ignore) {
        try {
            long ignored = (long) SIGNAL.invokeExact(SIGCHLD, ignore ? SIG_IGN : SIG_DFL);
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }

    /** Reaps a child by waitpid(2); returns whether that succeeded. */
    public static boolean takeStatus(long pid) {
        try {
            int number = (int) pid;
            return (int) WAITPID.invokeExact(number, MemorySegment.NULL, 0) == number;
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }

    /** The soft limit of a resource by its number, see getrlimit(2); it can be lowered, and close() restores it. */
    public static final class SoftLimit implements AutoCloseable {

        private final int resource;
        private final Arena arena = Arena.ofConfined(); // allocated now: later there may be no memory
        private final MemorySegment before = arena.allocate(ValueLayout.JAVA_LONG, 2);
        private final MemorySegment lowered = arena.allocate(ValueLayout.JAVA_LONG, 2);

        public SoftLimit(int resource) {
            this.resource = resource;
            try {
                checkZero((int) GETRLIMIT.invokeExact(resource, before));
            } catch (Throwable thrown) {
                throw new AssertionError(thrown);
            }
            lowered.copyFrom(before);
        }

        public void lower(long soft) {
            lowered.set(ValueLayout.JAVA_LONG, 0, soft);
            set(lowered);
        }

        public void restore() {
            set(before);
        }

        private void set(MemorySegment limit) {
            try {
                checkZero((int) SETRLIMIT.invokeExact(resource, limit));
            } catch (Throwable thrown) {
                throw new AssertionError(thrown);
            }
        }

        private static void checkZero(int result) {
            if (result != 0) {
                throw new AssertionError("rlimit");
            }
        }

        @Override
        public void close() {
            restore();
            arena.close();
        }
    }

    /** The thread id of this thread, see gettid(2). */
    public static int threadId() {
        try {
            return (int) GETTID.invokeExact();
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }
}
