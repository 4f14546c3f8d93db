package dev.panpty.expect;

import static java.util.Objects.requireNonNull;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A live shell that runs commands one after the other: variables, functions, directory and jobs stay. bash, zsh, fish and dash.
 *
 * <pre>
 *   at the prompt --run--> running --end of the command--> at the prompt
 *                                  --limit: interrupted--> at the prompt, or ended if that does not help
 *                                  --exit, exec of a program that ends--> ended: run gives Ended with the shell's status
 *   any --close--> closed: run throws {@link IOException}
 * </pre>
 *
 * <p>The command goes into the line editor's buffer from a file in a private folder, and runs as if typed; dash, which has no editor,
 * sources the file. So it arrives byte for byte, except NUL, which is refused. Its end is noticed by a mark in the prompt, which is not
 * part of the output; if the command has changed the prompt, by the modes of the terminal. History expansion is off, and no history is
 * written. The shell reads no start file of the user's.
 *
 * <p>What it cannot promise:
 * <ul>
 * <li>{@code $_} is not that of the command before.</li>
 * <li>A DEBUG trap of bash or zsh runs some times more before each command; what it writes then is dropped.</li>
 * <li>PS2 of bash and zsh is set again for each command; PS1 has a mark in front. Where PS0 of bash was changed, a syntax error is a
 *     {@link ShellResult.Completed}. {@code preexec_functions} of zsh has one more. In fish the functions _panpty_pre, _panpty_post and
 *     _panpty_prompt and the variable _panpty_number exist, the features query-term and mark-prompt are off, and fish_vi_cursor, which
 *     would change the cursor's shape, does nothing.</li>
 * <li>What PROMPT_COMMAND of bash or precmd of zsh writes is part of the output. A PROMPT_COMMAND of the JVM's environment is removed.</li>
 * <li>A TERM of another kind than that of xterm, such as dumb or vt100, can make bash and zsh unusable.</li>
 * <li>Output of background jobs that comes between two commands is dropped. What comes during a command is part of its output.</li>
 * <li>dash: PS1 with its mark is in the environment; a prompt that is unset can be some bytes of dash's memory, in the output;
 *     {@code $LINENO} and {@code return} are those of a sourced file; an open here-document ends with the text; a syntax error is found
 *     without the aliases of the shell; with a changed PS1 the end is noticed only where {@code /proc/PID/syscall} can be read.</li>
 * <li>With the options prompt_sp or prompt_cr of zsh, what they write is part of the output.</li>
 * <li>A command that sets the line editor's keys, as {@code bind -r}, or turns it off or to one line, as {@code unsetopt zle} of
 *     zsh, disables a builtin, defines a function {@code builtin} (dash: {@code command}), or closes {@code /dev/tty} (dash: the standard
 *     error) can make the shell unusable.</li>
 * <li>Where a command has cleared ONLCR, a CR that it writes before a LF is taken off.</li>
 * </ul>
 *
 * <p>One thread at a time may {@link #run}; another gets {@link IllegalStateException}. {@link #send} and {@link #close} may be called by
 * any thread.
 */
public final class Shell implements AutoCloseable {

    private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(30);
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final String TERMINAL = "xterm-256color"; // that of the JVM may be one on which no line editor works
    private static final WindowSize WINDOW = new WindowSize(24, 500);

    private final PtyProcess process;
    private final Dialect dialect;
    private final Path folder; // of the dialect's files
    private final Callers callers;
    private final ReentrantLock turn = new ReentrantLock();
    // With the turn.
    private int lastStatus;
    private boolean aborted; // the last run has not seen its prompt

    /** A shell that can be run. */
    public enum Kind {
        /** GNU bash, 5.0 or later. */
        BASH,
        /** zsh, 5.8 or later. */
        ZSH,
        /** fish, 3.4 or later. */
        FISH,
        /** The Debian Almquist shell. */
        DASH
    }

    private Shell(PtyProcess process, Dialect dialect, Path folder, Callers callers) {
        this.process = process;
        this.dialect = dialect;
        this.folder = folder;
        this.callers = callers;
    }

    /**
     * Starts a shell with the environment and in the directory of the JVM; TERM is xterm-256color.
     *
     * @param kind which
     * @return the shell, at its prompt
     * @throws IOException if it cannot be started, or has no prompt within 30 s
     */
    public static Shell start(Kind kind) throws IOException {
        return start(kind, settings -> {});
    }

    /**
     * Starts a shell.
     *
     * @param kind which
     * @param settings may change all but the command, such as directory, environment and taps
     * @return the shell, at its prompt
     * @throws IOException if it cannot be started, or has no prompt within 30 s
     */
    public static Shell start(Kind kind, Consumer<PtyProcessBuilder> settings) throws IOException {
        requireNonNull(kind, "kind");
        requireNonNull(settings, "settings");
        Path folder = Files.createTempDirectory("panpty-shell-");
        PtyProcess started = null;
        boolean ready = false;
        try {
            Dialect dialect = switch (kind) {
                case BASH -> new BashDialect(folder);
                case ZSH -> new ZshDialect(folder);
                case FISH -> new FishDialect(folder);
                case DASH -> new DashDialect(folder);
            };
            PtyProcessBuilder builder = new PtyProcessBuilder("sh").windowSize(WINDOW);
            builder.environment().put("TERM", TERMINAL);
            settings.accept(builder);
            dialect.start(builder, Nonce.fresh());
            started = builder.start();
            Callers callers = new Callers();
            new ShellRun(started, dialect, callers).awaitFirstPrompt(START_LIMIT);
            ready = true;
            return new Shell(started, dialect, folder, callers);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the shell started");
        } finally {
            if (!ready) {
                if (started != null) {
                    started.close();
                }
                delete(folder);
            }
        }
    }

    /**
     * Runs a command, for 30 s at most.
     *
     * @param command as it would be typed, with any number of lines; no NUL
     * @return its output and status
     * @throws IllegalArgumentException if the command has a NUL
     * @throws IOException if the shell's terminal cannot be read or written, or this is closed
     */
    public ShellResult run(String command) throws IOException {
        return run(command, DEFAULT_LIMIT);
    }

    /**
     * Runs a command.
     *
     * @param command as it would be typed, with any number of lines; no NUL
     * @param limit then it is interrupted, as by ^C; a program in the foreground that goes on is killed a second later. A shell that itself
     *     goes on is closed
     * @return its output and status
     * @throws IllegalArgumentException if the command has a NUL
     * @throws IOException if the shell's terminal cannot be read or written, or this is closed
     */
    public ShellResult run(String command, Duration limit) throws IOException {
        requireNonNull(limit, "limit");
        if (requireNonNull(command, "command").indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a command has no NUL");
        }
        callers.requireOpen(); // first: another caller who is refused so may have the turn
        if (turn.isHeldByCurrentThread() || !turn.tryLock()) {
            throw new IllegalStateException("another command of this shell is running");
        }
        try {
            if (aborted) {
                new ShellRun(process, dialect, callers).recover();
            }
            aborted = true;
            ShellResult result = new ShellRun(process, dialect, callers).run(command.getBytes(StandardCharsets.UTF_8), lastStatus, limit);
            aborted = false;
            lastStatus = result.status().orElse(lastStatus);
            return result;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            interruptQuietly();
            throw new InterruptedIOException("interrupted while a command was running; it was interrupted too");
        } finally {
            turn.unlock();
        }
    }

    private void interruptQuietly() {
        try {
            Escalation.interrupt(process);
        } catch (IOException ended) {
            return; // there is nothing to interrupt
        }
    }

    /**
     * Types input for the command that is running, from another thread.
     *
     * @param text as it is; a line ends with {@code \r}
     * @throws IOException if the terminal does not take it
     */
    public void send(CharSequence text) throws IOException {
        process.getOutputStream().write(requireNonNull(text, "text").toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The shell's process.
     *
     * @return the process, whose output only this may read
     */
    public PtyProcess process() {
        return process;
    }

    /** Ends the shell, see {@link PtyProcess#close}, and removes its private folder. A command in progress ends at once. Idempotent. */
    @Override
    public void close() {
        callers.close();
        process.close();
        delete(folder);
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.toList()) {
                Files.deleteIfExists(each);
            }
            Files.deleteIfExists(folder);
        } catch (IOException left) {
            throw new UncheckedIOException("the private folder of a shell stays: " + folder, left);
        }
    }

    /** Names the process. */
    @Override
    public String toString() {
        return "Shell[pid " + process.pid() + ", " + Optional.of(process.exitStatus()).flatMap(status -> status).map(ExitStatus::toString).orElse("running")
                + "]";
    }
}
