package dev.panpty.examples;

import dev.panpty.ExitStatus.Exited;
import dev.panpty.ExitStatus.Signaled;
import dev.panpty.ExitStatus.Unknown;
import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.SpawnException;
import dev.panpty.WindowSize;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs a program on a terminal of its own, connects it with standard input and output, and prints its exit status:
 *
 * <pre>
 *   mvn -q test-compile exec:exec@run -Dprogram="vim 'my notes.txt'"
 * </pre>
 *
 * <p>The command line is split into words at blanks. Quotes and backslashes work as in sh(1), but no shell runs unless the command names one:
 * {@code sh -c "ls | wc -l"}. Input and output pass byte for byte. If standard input is a terminal, it is raw while the program runs: every
 * key goes to the program. The exit code of this JVM is 0 whatever the exit status of the program, and 1 if the program cannot be started.
 */
public final class Run {

    private static final List<String> DEFAULT_COMMAND = List.of("sh", "-c",
            "echo \"On $(tty), $(stty size) rows and columns, TERM=$TERM:\"; ls --color=auto /");

    /** A piece of a word: in single quotes, in double quotes, after a backslash, or plain. */
    private static final Pattern PIECE = Pattern.compile("(?s)'([^']*)'|\"((?:[^\"\\\\]|\\\\.)*)\"|\\\\(.)|([^\\s'\"\\\\]+)");
    private static final Pattern WORD = Pattern.compile("(?:" + PIECE + ")+");

    private Run() {}

    public static void main(String[] arguments) throws Exception {
        try {
            List<String> command = words(String.join(" ", arguments));
            run(command.isEmpty() ? DEFAULT_COMMAND : command);
        } catch (SpawnException | IllegalArgumentException cannot) {
            System.err.println(cannot.getMessage());
            System.exit(1);
        }
    }

    private static void run(List<String> command) throws Exception {
        String settings = stty("-g");
        ExitStatus status;
        try (PtyProcess process = new PtyProcessBuilder(command).windowSize(windowSize()).start()) {
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
        System.out.println(command.get(0) + " " + ending(status));
    }

    /** The words of a command line. */
    private static List<String> words(String line) {
        if (!WORD.matcher(line).replaceAll("").isBlank()) {
            throw new IllegalArgumentException("a quote is not closed, or nothing follows a backslash: " + line);
        }
        return WORD.matcher(line).results().map(word -> unquoted(word.group())).toList();
    }

    private static String unquoted(String word) {
        return PIECE.matcher(word).replaceAll(piece -> Matcher.quoteReplacement(
                piece.group(2) != null ? piece.group(2).replaceAll("\\\\([$`\"\\\\])", "$1")
                : Stream.of(1, 3, 4).map(piece::group).filter(Objects::nonNull).findFirst().orElseThrow()));
    }

    private static void copyInput(PtyProcess process) {
        try (OutputStream input = process.getOutputStream()) {
            System.in.transferTo(input);
        } catch (IOException ended) {
            // the program has ended before its input
        }
    }

    private static String ending(ExitStatus status) {
        return switch (status) {
            case Exited exited -> "exited with code " + exited.code();
            case Signaled signaled -> "was ended by " + signaled.signal();
            case Unknown unknown -> "ended: " + unknown.reason();
        };
    }

    /** The size of the terminal we are on, if we are on one. */
    private static WindowSize windowSize() throws IOException {
        String[] size = stty("size").split(" ");
        return size.length == 2 ? new WindowSize(Integer.parseInt(size[0]), Integer.parseInt(size[1])) : WindowSize.DEFAULT;
    }

    /** The output of stty(1) on standard input; empty if that is not a terminal. */
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
