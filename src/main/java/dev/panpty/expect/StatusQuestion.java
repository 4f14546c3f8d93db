package dev.panpty.expect;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Asks a shell that is at its prompt for the status, once for each command, if the mark of the prompt has not come: the command may have
 * changed the prompt. It types the command's keys again where they may be lost.
 *
 * <pre>
 *   keys typed --quiet, at the prompt, no mark of the start; keys may be lost--> keys typed again
 *              --quiet, at the prompt--> asked: the mark A answers
 *              --the prompt may have text before its mark--> asked
 * </pre>
 */
final class StatusQuestion {

    private static final long QUIET_BEHIND_START = 10 * ShellTerminal.MILLI; // then modes of a prompt mean that it has no mark
    private static final long QUIET_WITHOUT_START = 400 * ShellTerminal.MILLI;
    private static final long QUIET_WITHOUT_EVENT = 2000 * ShellTerminal.MILLI; // fish has the modes of its prompt behind the start too
    private static final long KEYS_LOST = 2000 * ShellTerminal.MILLI;

    private final ShellTerminal terminal;
    private final Dialect dialect;
    private String keys = "";
    private long keysNanos; // when they were typed last
    private int askedAt = -1; // how much output there was when the status was asked for
    private long readBefore; // by a shell without an editor

    StatusQuestion(ShellTerminal terminal, Dialect dialect) {
        this.terminal = terminal;
        this.dialect = dialect;
    }

    /** Types the keys of the command. */
    void typeCommand(String commandKeys) throws IOException {
        if (!dialect.hasEditor()) {
            readBefore = bytesRead();
        }
        keys = commandKeys;
        typeKeys();
    }

    private void typeKeys() throws IOException {
        terminal.type(keys);
        keysNanos = System.nanoTime();
    }

    boolean isAsked() {
        return askedAt >= 0;
    }

    /** How much output there was before. */
    int askedAt() {
        return askedAt;
    }

    private void askBehind(int outputEnd) throws IOException {
        askedAt = outputEnd; // once, for what reads keys with the modes of a prompt is not a prompt and stays so
        terminal.type(dialect.ask());
    }

    /** Nothing has come for a while. */
    void askIfAtPrompt() throws IOException, InterruptedException {
        long quiet = Math.min(terminal.quietNanos(), System.nanoTime() - keysNanos);
        if (dialect.mayLoseKeys() && !hasStarted()) {
            if (quiet >= KEYS_LOST && terminal.isAtPrompt()) {
                typeKeys();
            }
        } else if (!isAsked() && quiet >= quietOfAPrompt() && !terminal.hasEnded() && terminal.isAtPrompt()
                && hasReadKeys() && dialect.waitsForKeys(terminal.process()) && !terminal.read(0)) {
            askBehind(terminal.output().count());
        }
    }

    private boolean hasStarted() {
        return terminal.output().mark('S', 0).isPresent();
    }

    /** How long the output must be quiet before modes mean a prompt. */
    private long quietOfAPrompt() {
        if (dialect.hasEditor() && !hasStarted()) {
            return QUIET_WITHOUT_START;
        }
        return dialect.marksAtPrompt() || terminal.output().mark('Q', 0).isPresent() ? QUIET_BEHIND_START : QUIET_WITHOUT_EVENT;
    }

    /** Without an editor nothing shows whether the end of the output is a part of the prompt before its mark: then it is asked for. */
    boolean asksForPrompt(ShellOutput.Mark end) throws IOException {
        int from = dialect.begin(terminal.output());
        boolean hides = !dialect.hasEditor() && !isAsked() && end.from() > from && terminal.output().bytes()[end.from() - 1] != '\n';
        if (hides) {
            askBehind(end.from());
        }
        return hides;
    }

    /** Whether a shell has read what was typed; one with an editor shows that by its modes. */
    private boolean hasReadKeys() throws IOException {
        return dialect.hasEditor() || bytesRead() >= readBefore + keys.length();
    }

    /** All that the shell has read so far, see proc_pid_io(5); 0 if that may not be read. */
    private long bytesRead() throws IOException {
        try {
            return Files.readAllLines(Path.of("/proc/" + terminal.process().pid() + "/io")).stream().filter(line -> line.startsWith("rchar: "))
                    .mapToLong(line -> Long.parseLong(line.substring("rchar: ".length()))).sum();
        } catch (NoSuchFileException | AccessDeniedException hidden) {
            return 0;
        }
    }
}
