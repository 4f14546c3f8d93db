package dev.panpty.examples;

import dev.panpty.ExitStatus.Exited;
import dev.panpty.ExitStatus.Signaled;
import dev.panpty.ExitStatus.Unknown;
import dev.panpty.ExitStatus;
import dev.panpty.OwnTerminal;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.SpawnException;
import dev.panpty.TerminalAttributes;
import dev.panpty.WindowSize;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
 * key goes to the program, and so does a new size of the window. The exit code of this JVM is 0 whatever the exit status of the
 * program, and 1 if the program cannot be started.
 */
public final class Run {

    private static final List<String> DEFAULT_COMMAND = List.of("sh", "-c",
            "echo \"On $(tty), $(stty size) rows and columns, TERM=$TERM:\"; ls --color=auto /");

    /** A piece of a word: in single quotes, in double quotes, after a backslash, or plain. */
    private static final Pattern PIECE = Pattern.compile("(?s)'([^']*)'|\"((?:[^\"\\\\]|\\\\.)*)\"|\\\\(.)|([^\\s'\"\\\\]+)");
    private static final Pattern WORD = Pattern.compile("(?:" + PIECE + ")+");

    private static final Duration RESIZE_INTERVAL = Duration.ofMillis(100);
    private static final int KEYS = 4096;

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
        Optional<OwnTerminal> terminal = ownTerminal();
        WindowSize size = terminal.isPresent() ? terminal.get().windowSize() : WindowSize.DEFAULT;
        ExitStatus status;
        try (PtyProcess process = new PtyProcessBuilder(command).windowSize(size).start()) {
            if (terminal.isPresent()) {
                terminal.get().attributes(TerminalAttributes.raw());
            }
            Thread.ofPlatform().daemon().start(() -> copyInput(terminal, size, process));
            process.getInputStream().transferTo(new FileOutputStream(FileDescriptor.out));
            process.waitFor();
            status = process.exitStatus().orElseThrow();
        } finally {
            terminal.ifPresent(OwnTerminal::close);
        }
        System.out.println(command.get(0) + " " + ending(status));
    }

    /** The terminal of this JVM, if it is standard input. */
    private static Optional<OwnTerminal> ownTerminal() throws IOException {
        OwnTerminal terminal;
        try {
            terminal = OwnTerminal.open();
        } catch (IOException none) {
            return Optional.empty(); // standard input is a file or a pipe
        }
        if (terminal.isStandardInput()) {
            return Optional.of(terminal);
        }
        terminal.close();
        return Optional.empty();
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

    private static void copyInput(Optional<OwnTerminal> terminal, WindowSize size, PtyProcess process) {
        try (OutputStream input = process.getOutputStream()) {
            if (terminal.isPresent()) {
                copyKeys(terminal.get(), size, process, input);
            } else {
                System.in.transferTo(input);
            }
        } catch (IOException ended) {
            // the program has ended before its input, or the terminal has been closed
        }
    }

    /** Passes every key, and the size of the window when it is another than the program was started with. */
    private static void copyKeys(OwnTerminal terminal, WindowSize first, PtyProcess process, OutputStream input) throws IOException {
        byte[] keys = new byte[KEYS];
        WindowSize size = first;
        for (int count = 0; count >= 0; count = terminal.read(keys, RESIZE_INTERVAL)) {
            input.write(keys, 0, count);
            WindowSize now = terminal.windowSize();
            if (!now.equals(size)) {
                process.resize(now);
                size = now;
            }
        }
    }

    private static String ending(ExitStatus status) {
        return switch (status) {
            case Exited exited -> "exited with code " + exited.code();
            case Signaled signaled -> "was ended by " + signaled.signal();
            case Unknown unknown -> "ended: " + unknown.reason();
        };
    }
}
