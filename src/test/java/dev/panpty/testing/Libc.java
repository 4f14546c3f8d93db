package dev.panpty.testing;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** What a careless host program does behind the library's back, without the library's help. */
public final class Libc {

    public static final int SIGCHLD = 17;

    private static final long SIG_DFL = 0;
    private static final long SIG_IGN = 1;

    private static final MethodHandle PIPE = function("pipe", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle SIGNAL =
            function("signal", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    private static final MethodHandle WAITPID = function("waitpid",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

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

    public static void close(int... numbers) {
        try {
            for (int number : numbers) {
                int ignored = (int) CLOSE.invokeExact(number);
            }
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }

    /** Ignores SIGCHLD in this whole process, or goes back to the default. */
    public static void ignoreChildSignal(boolean ignore) {
        try {
            long ignored = (long) SIGNAL.invokeExact(SIGCHLD, ignore ? SIG_IGN : SIG_DFL);
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }

    /** Waits for a child and takes its status; whether it was there to take. */
    public static boolean takeStatus(long pid) {
        try {
            int number = (int) pid;
            return (int) WAITPID.invokeExact(number, MemorySegment.NULL, 0) == number;
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }
}
