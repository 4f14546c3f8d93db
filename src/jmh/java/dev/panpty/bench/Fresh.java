package dev.panpty.bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.panpty.PtyProcess;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The whole life of a JVM that runs one program and prints its output and exit code; {@link FreshJvms} measures it from outside. */
public final class Fresh {

    private Fresh() {}

    /** Argument: a library by name; {@code nothing} or {@code downcall} for a JVM that runs no program. */
    public static void main(String[] arguments) throws Throwable {
        switch (arguments[0]) {
            case "nothing" -> {
                return;
            }
            case "downcall" -> {
                OneDowncall.call();
                return;
            }
            default -> { }
        }
        Process process = start(arguments[0]);
        System.out.print(new String(process.getInputStream().readAllBytes())); // without "+", whose bootstrap costs more than some of this
        System.out.println(process.waitFor());
    }

    /** Not by {@link Library}, so that only the classes of that library are loaded. */
    private static Process start(String library) throws IOException {
        return switch (library) {
            case "panpty" -> Panpty.start();
            case "pty4j" -> Pty4j.start();
            default -> new ProcessBuilder("/bin/echo", "hello").start();
        };
    }

    // Separate classes, since the verifier of a class loads its types, and these are present only for their contestant.

    /** A downcall of the library's shape. */
    private static final class OneDowncall {
        static void call() throws Throwable {
            Linker linker = Linker.nativeLinker();
            MethodHandle getpid = linker.downcallHandle(linker.defaultLookup().find("getpid").orElseThrow(),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                    Linker.Option.captureCallState("errno"));
            MemorySegment errno = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());
            long ignored = (long) getpid.invokeExact(errno, 0L, 0L, 0L, 0L, 0L, 0L);
        }
    }

    private static final class Panpty {
        static Process start() throws IOException {
            return PtyProcess.start("/bin/echo", "hello");
        }
    }

    private static final class Pty4j {
        static Process start() throws IOException {
            return new com.pty4j.PtyProcessBuilder(new String[] {"/bin/echo", "hello"}).start();
        }
    }
}
