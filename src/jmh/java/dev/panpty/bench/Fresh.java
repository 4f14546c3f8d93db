package dev.panpty.bench;

import dev.panpty.PtyProcess;
import java.io.IOException;

/** The whole life of a JVM that runs one program and prints its output and exit code; {@link Compare} takes its time from outside. */
public final class Fresh {

    private Fresh() {}

    /** A library by name; none for a JVM that does nothing. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            return;
        }
        Process process = start(arguments[0]);
        System.out.print(new String(process.getInputStream().readAllBytes())); // without "+", which costs more than some of this
        System.out.println(process.waitFor());
    }

    /** Not by {@link Library}: only what is asked for is to be loaded. */
    private static Process start(String library) throws IOException {
        return switch (library) {
            case "panpty" -> PtyProcess.start("/bin/echo", "hello");
            case "pty4j" -> new com.pty4j.PtyProcessBuilder(new String[] {"/bin/echo", "hello"}).start();
            default -> new ProcessBuilder("/bin/echo", "hello").start();
        };
    }
}
