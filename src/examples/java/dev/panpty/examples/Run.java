package dev.panpty.examples;

import dev.panpty.ExitStatus;
import dev.panpty.ExitStatus.Exited;
import dev.panpty.ExitStatus.Signaled;
import dev.panpty.ExitStatus.Unknown;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.WindowSize;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a command line of sh on a terminal of its own, connects it with standard input and output, and says how it ended:
 *
 * <pre>
 *   mvn -q test-compile exec:exec@run -Dprogram="vim README.md"
 * </pre>
 *
 * <p>Where standard input is a terminal, that one is raw meanwhile: every key goes to the program. This program's own exit code is 0
 * however the other one ended.
 */
public final class Run {

    private static final String DEFAULT_PROGRAM =
            "echo \"On $(tty), $(stty size) rows and columns, TERM=$TERM:\"; ls --color=auto /";

    private Run() {}

    public static void main(String[] arguments) throws Exception {
        String program = String.join(" ", arguments).isBlank() ? DEFAULT_PROGRAM : String.join(" ", arguments);
        String settings = stty("-g");
        ExitStatus status;
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", program).windowSize(windowSize()).start()) {
            Thread.ofPlatform().daemon().start(() -> copyInput(process));
            if (!settings.isEmpty()) {
                stty("raw", "-echo");
            }
            process.getInputStream().transferTo(new FileOutputStream(FileDescriptor.out));
            process.waitFor();
            status = process.exitStatus().orElseThrow();
        } finally {
            if (!settings.isEmpty()) {
                stty(settings);
            }
        }
        System.out.println(ending(status));
    }

    private static void copyInput(PtyProcess process) {
        try (OutputStream input = process.getOutputStream()) {
            System.in.transferTo(input);
        } catch (IOException ended) {
            // the program has ended before its input
        }
    }

    private static String ending(ExitStatus status) {
        return "sh " + switch (status) {
            case Exited exited -> "exited with code " + exited.code();
            case Signaled signaled -> "was ended by " + signaled.signal();
            case Unknown unknown -> "ended: " + unknown.reason();
        };
    }

    /** As large as the terminal we are on, if we are on one. */
    private static WindowSize windowSize() throws IOException {
        String[] size = stty("size").split(" ");
        return size.length == 2 ? new WindowSize(Integer.parseInt(size[0]), Integer.parseInt(size[1])) : WindowSize.DEFAULT;
    }

    /** What stty(1) says about standard input; nothing where that is no terminal. */
    private static String stty(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(arguments));
        Process stty = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new String(stty.getInputStream().readAllBytes()).strip();
    }
}
