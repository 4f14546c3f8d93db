package dev.panpty.bench;

import dev.panpty.PtyProcess;
import java.io.IOException;

/** The whole life of a JVM that runs one program and prints its output and exit code; {@link FreshJvms} takes its time from outside. */
public final class Fresh {

    private Fresh() {}

    /** A library by name; {@code nothing} for a JVM that runs no program. */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("nothing")) {
            return;
        }
        Process process = start(arguments[0]);
        System.out.print(new String(process.getInputStream().readAllBytes())); // without "+", which costs more than some of this
        System.out.println(process.waitFor());
    }

    /** Not by {@link Library}: only what is asked for is to be loaded. */
    private static Process start(String library) throws IOException {
        return switch (library) {
            case "panpty" -> Panpty.start();
            case "pty4j" -> Pty4j.start();
            default -> new ProcessBuilder("/bin/echo", "hello").start();
        };
    }

    // Apart, since a class is verified with its types, and these are there only where they are asked for.

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
