package dev.panpty.examples;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.WindowSize;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a program on a terminal of its own and bridges it to the terminal of this JVM, as script(1) does: every key goes to the program, all
 * its output comes here, its window has the size of ours, and its exit code becomes ours.
 *
 * <p>The library does not change the JVM's own terminal. stty(1) makes it raw while the program runs, and restores it at the end, also when
 * a signal ends the JVM.
 */
public final class Bridge {

    /**
     * Java has no supported handler for SIGWINCH; a shell has one. The shell prints the size at its start and at each signal. It exits with
     * this JVM, since its input then ends.
     */
    private static final String WATCH_SIZE = """
            trap 'stty size </dev/tty' WINCH
            exec 3<&0
            cat <&3 &
            stty size </dev/tty
            while wait $!; [ $? -gt 128 ]; do :; done
            """;

    private Bridge() {}

    public static void main(String[] command) throws Exception {
        System.exit(run(command.length > 0 ? List.of(command) : List.of("bash")));
    }

    private static int run(List<String> command) throws Exception {
        String settings = stty("-g");
        Thread restore = new Thread(() -> restore(settings));
        Runtime.getRuntime().addShutdownHook(restore);
        Process watch = new ProcessBuilder("sh", "-c", WATCH_SIZE).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        BufferedReader sizes = watch.inputReader(StandardCharsets.US_ASCII);
        try (PtyProcess program = new PtyProcessBuilder(command).windowSize(size(sizes.readLine())).start()) {
            stty("raw", "-echo");
            Thread.ofPlatform().daemon().start(() -> copyKeys(program));
            Thread.ofPlatform().daemon().start(() -> sizes.lines().forEach(line -> resize(program, size(line))));
            program.getInputStream().transferTo(new FileOutputStream(FileDescriptor.out));
            return program.waitFor();
        } finally {
            watch.destroy();
            restore(settings);
        }
    }

    private static void copyKeys(PtyProcess program) {
        try (OutputStream keyboard = program.getOutputStream()) {
            new FileInputStream(FileDescriptor.in).transferTo(keyboard);
        } catch (IOException ended) {
            // the program has exited before the end of the input
        }
    }

    private static void resize(PtyProcess program, WindowSize size) {
        try {
            program.resize(size);
        } catch (IOException ended) {
            // the program's terminal is closed
        }
    }

    /** Rows and columns from the output of stty, which is empty if we are not on a terminal. */
    private static WindowSize size(String line) {
        String[] words = line == null ? new String[0] : line.split(" ");
        return words.length == 2 ? new WindowSize(Integer.parseInt(words[0]), Integer.parseInt(words[1])) : WindowSize.DEFAULT;
    }

    private static void restore(String settings) {
        if (!settings.isEmpty()) {
            try {
                stty(settings);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /** The output of stty(1) on our terminal; empty without one. */
    private static String stty(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("stty", "-F", "/dev/tty"));
        command.addAll(List.of(arguments));
        Process stty = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        return new String(stty.getInputStream().readAllBytes()).strip();
    }
}
