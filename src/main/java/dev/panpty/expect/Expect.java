package dev.panpty.expect;

import static java.util.Objects.requireNonNull;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.SpawnException;
import dev.panpty.TerminalAttributes;
import dev.panpty.TerminalTap;
import dev.panpty.WindowSize;
import dev.panpty.screen.Key;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A dialog with a program: waits for its output, and types.
 *
 * <pre>
 *   open, no turn --a wait begins--> open, the caller's turn --found, failed, interrupted--> open, no turn
 *   open, any --close, by any thread--> closed; a call in progress and all later ones throw {@link IOException}
 *
 *   output: more comes --read gives -1--> ended: {@link #await} finds what is unread, else {@link Awaited#end}, else throws
 *                                         {@link EndedException}
 * </pre>
 *
 * <p>One thread at a time has the <em>turn</em>: it owns the unread output, and reads more itself while it waits, so that a session over a
 * process needs no thread, and on a virtual thread it holds no carrier while it waits. A second thread that waits gets
 * {@link IllegalStateException}. Over streams one daemon thread per stream reads and writes. {@link #send} and the other methods that type,
 * {@link #close} and {@link #tap} may be called by any thread at any time, also while another one waits.
 *
 * <p>Each wait begins behind what the previous match has taken, and searches what is unread before it waits. What it does not find stays
 * unread. Its limit is {@link ExpectOptions#timeout} unless it is given one; it is kept while output comes, and inside the search of a
 * regex, which then fails with {@link PatternException}. An interrupt ends a wait with {@link InterruptedIOException} and the
 * interrupt status set. All failures leave the session usable.
 *
 * <p>Nothing of what is typed is part of an exception or {@link #toString}. Exceptions show the end of the output.
 */
public final class Expect implements AutoCloseable {

    private final Connection connection;
    private final ExpectOptions options;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Callers callers = new Callers();
    private final SessionTaps taps = new SessionTaps();
    private final ReentrantLock turn = new ReentrantLock();
    private final Output output;
    private final Typing typing;
    private volatile Standing standing = Standing.NONE; // replaced as a whole, by any thread
    private volatile boolean atPrompt; // the last wait has found something, and nothing was typed or waited for since

    /** Types a reply to what was found, or does something else about it. */
    @FunctionalInterface
    public interface Reply {

        /**
         * Called by the thread that waits. It may type, and must not wait for output.
         *
         * @param session the session
         * @param prompt what was found
         * @throws IOException ends the wait
         */
        void reply(Expect session, Found prompt) throws IOException;
    }

    private Expect(Connection connection, ExpectOptions options, List<String> command, Map<String, String> environment) {
        this.connection = connection;
        this.options = options;
        this.command = command;
        this.environment = environment;
        output = new Output(connection, callers, taps, options);
        typing = new Typing(connection, callers, taps, options);
    }

    /**
     * Starts a program, in a window of 24 × 500, and owns it.
     *
     * @param command the program and its arguments
     * @return the session; its {@link #close} ends the program
     * @throws SpawnException if it cannot be started
     */
    public static Expect start(String... command) throws SpawnException {
        return start(new PtyProcessBuilder(command), ExpectOptions.defaults());
    }

    /**
     * Starts a program, and owns it.
     *
     * @param builder its settings; a builder without a window size gets that of the options
     * @param options of the session
     * @return the session; its {@link #close} ends the program
     * @throws SpawnException if it cannot be started
     */
    public static Expect start(PtyProcessBuilder builder, ExpectOptions options) throws SpawnException {
        requireNonNull(options, "options");
        PtyProcessBuilder copy = requireNonNull(builder, "builder").copy();
        if (copy.windowSize().isEmpty() && copy.pty().isEmpty()) {
            copy.windowSize(options.window());
        }
        List<String> command = List.copyOf(copy.command());
        return new Expect(new ProcessConnection(copy.start(), true), options, command, Map.copyOf(copy.environment()));
    }

    /**
     * A session with a process, whose output no other thread may read. {@link #close} does not end the process.
     *
     * @param process started with streams
     * @return the session, with {@link ExpectOptions#defaults}
     */
    public static Expect of(PtyProcess process) {
        return of(process, ExpectOptions.defaults());
    }

    /**
     * A session with a process, whose output no other thread may read. {@link #close} does not end the process.
     *
     * @param process started with streams
     * @param options of the session
     * @return the session
     */
    public static Expect of(PtyProcess process, ExpectOptions options) {
        return new Expect(new ProcessConnection(requireNonNull(process, "process"), false), requireNonNull(options, "options"), List.of(),
                Map.of());
    }

    /**
     * A session with a process whose output is read by others, such as {@link PtyProcess#drain} for a screen: the session gets it by a
     * stream, which a tap of the process fills. A daemon thread reads from the stream until it ends. {@link #close} does not end the
     * process.
     *
     * @param process started with streams
     * @param output all output of the process, as it comes; it ends when the process has {@linkplain TerminalTap#ended ended}
     * @param options of the session
     * @return the session
     */
    public static Expect of(PtyProcess process, InputStream output, ExpectOptions options) {
        requireNonNull(output, "output");
        return new Expect(new ProcessConnection(requireNonNull(process, "process"), output), requireNonNull(options, "options"), List.of(),
                Map.of());
    }

    /**
     * A session over a pair of streams, such as those of a socket or an SSH channel. They have no modes and no exit status: no echo is
     * dropped, {@link #sendSecret} types at once, and {@link #end} gives {@link ExitStatus.Unknown}. {@link #interact} sets no window size,
     * see {@link #over(InputStream, OutputStream, Resizer, ExpectOptions)}. {@link #close} does not close the streams; a thread that reads
     * from one ends with the stream, or with the next output after {@code close}.
     *
     * @param in gives output
     * @param out takes input; it is flushed after each write
     * @return the session, with {@link ExpectOptions#defaults}
     */
    public static Expect over(InputStream in, OutputStream out) {
        return over(in, out, ExpectOptions.defaults());
    }

    /**
     * A session over a pair of streams, see {@link #over(InputStream, OutputStream)}.
     *
     * @param in gives output
     * @param out takes input
     * @param options of the session
     * @return the session
     */
    public static Expect over(InputStream in, OutputStream out, ExpectOptions options) {
        return over(in, out, Optional.empty(), options);
    }

    /**
     * A session over a pair of streams to a terminal whose window can be resized, see {@link #over(InputStream, OutputStream)}.
     *
     * @param in gives output
     * @param out takes input
     * @param resizer sets the size of the terminal's window while {@link #interact} lasts
     * @param options of the session; {@link ExpectOptions#window} is the size that the terminal has
     * @return the session
     */
    public static Expect over(InputStream in, OutputStream out, Resizer resizer, ExpectOptions options) {
        return over(in, out, Optional.of(requireNonNull(resizer, "resizer")), options);
    }

    private static Expect over(InputStream in, OutputStream out, Optional<Resizer> resizer, ExpectOptions options) {
        WindowSize window = requireNonNull(options, "options").window();
        return new Expect(new StreamConnection(requireNonNull(in, "in"), requireNonNull(out, "out"), resizer, window), options, List.of(),
                Map.of());
    }

    /**
     * Adds a tap, which receives what the session reads from now on, what it types, before it is typed, and each size that
     * {@link #interact} sets. What {@link #sendSecret} types is marked as secret, also for a tap that was given to
     * {@link PtyProcessBuilder#tap}, which receives what the process reads and writes instead.
     *
     * @param tap its calls come one after the other, on the threads that read and type; it must not use the session
     * @return this
     */
    public Expect tap(TerminalTap tap) {
        taps.add(requireNonNull(tap, "tap"), new SessionTerminal(connection, taps, command, environment));
        return this;
    }

    /**
     * Waits for a text.
     *
     * @param literal one character or more
     * @return where it was found
     * @throws ExpectException if it does not come
     * @throws IOException if the output cannot be read, or this is closed
     */
    public Found expect(String literal) throws IOException {
        return expect(literal, options.timeout());
    }

    /**
     * Waits for a text.
     *
     * @param literal one character or more
     * @param limit how long
     * @return where it was found
     * @throws ExpectException if it does not come
     * @throws IOException if the output cannot be read, or this is closed
     */
    public Found expect(String literal, Duration limit) throws IOException {
        return (Found) await(limit, Awaited.text(literal));
    }

    /**
     * Waits for a match of a regular expression, see {@link Awaited.Regex}.
     *
     * @param regex the expression
     * @return the match
     * @throws ExpectException if it does not come
     * @throws IOException if the output cannot be read, or this is closed
     */
    public Found expect(java.util.regex.Pattern regex) throws IOException {
        return expect(regex, options.timeout());
    }

    /**
     * Waits for a match of a regular expression, see {@link Awaited.Regex}.
     *
     * @param regex the expression
     * @param limit how long
     * @return the match
     * @throws ExpectException if it does not come
     * @throws IOException if the output cannot be read, or this is closed
     */
    public Found expect(java.util.regex.Pattern regex, Duration limit) throws IOException {
        return (Found) await(limit, Awaited.regex(regex));
    }

    /**
     * Waits for one of several.
     *
     * @param any at least one
     * @return the one that was met, with its index
     * @throws ExpectException if none is met
     * @throws IOException if the output cannot be read, or this is closed
     */
    public Match await(Awaited... any) throws IOException {
        return await(options.timeout(), any);
    }

    /**
     * Waits for one of several.
     *
     * @param limit how long
     * @param any at least one
     * @return the one that was met, with its index
     * @throws ExpectException if none is met
     * @throws IOException if the output cannot be read, or this is closed
     */
    public Match await(Duration limit, Awaited... any) throws IOException {
        return taking(() -> wait(limit, any).orTimeout());
    }

    /**
     * Waits for one of several, which may fail to come.
     *
     * @param limit how long; 0 looks at what is there
     * @param any at least one
     * @return the one that was met; empty at the limit
     * @throws ExpectException if none is met and none can be met any more
     * @throws IOException if the output cannot be read, or this is closed
     */
    public Optional<Match> poll(Duration limit, Awaited... any) throws IOException {
        return taking(() -> wait(limit, any).ifMet());
    }

    private Wait wait(Duration limit, Awaited... any) {
        List<Awaited> named = List.of(requireNonNull(any, "any"));
        if (named.isEmpty()) {
            throw new IllegalArgumentException("nothing to wait for");
        }
        return new Wait(this, output, standing, named, requireNonNull(limit, "limit"), options.settle());
    }

    /** A call that has the turn. */
    private interface Turn<T> {
        T run() throws IOException, InterruptedException;
    }

    private <T> T taking(Turn<T> call) throws IOException {
        if (turn.isHeldByCurrentThread() || !turn.tryLock()) {
            throw new IllegalStateException("another wait of this session is in progress");
        }
        try {
            callers.requireOpen();
            atPrompt = false;
            T result = call.run();
            atPrompt = result instanceof Found || result instanceof Optional<?> met && met.orElse(null) instanceof Found;
            return result;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for output");
        } finally {
            turn.unlock();
        }
    }

    /** A wait has found a prompt that has a standing answer. */
    void reply(Reply reply, Found prompt) throws IOException {
        atPrompt = true;
        reply.reply(this, prompt);
    }

    /**
     * Adds a standing answer: each later wait answers this prompt by a line and goes on. The prompt is part of {@link Match#before}.
     *
     * @param prompt a text or a regex
     * @param line typed by {@link #sendLine}
     * @return this
     */
    public Expect answer(Awaited prompt, String line) {
        requireNonNull(line, "line");
        return answer(prompt, (session, found) -> session.sendLine(line));
    }

    /**
     * Adds a standing answer: each later wait replies to this prompt and goes on.
     *
     * @param prompt a text or a regex
     * @param reply called by the thread that waits
     * @return this
     */
    public Expect answer(Awaited prompt, Reply reply) {
        requireNonNull(reply, "reply");
        switch (requireNonNull(prompt, "prompt")) {
            case Awaited.Text text -> standing = standing.withAnswer(text, reply);
            case Awaited.Regex regex -> standing = standing.withAnswer(regex, reply);
            case Awaited.Quiet quiet -> throw new IllegalArgumentException("no prompt: " + quiet);
            case Awaited.End end -> throw new IllegalArgumentException("no prompt: " + end);
        }
        return this;
    }

    /**
     * Makes each later wait fail with {@link UnexpectedException} when one of these is met before what it waits for.
     *
     * @param any added to those of former calls
     * @return this
     */
    public Expect failOn(Awaited... any) {
        standing = standing.withFailures(List.of(requireNonNull(any, "any")));
        return this;
    }

    /**
     * Forgets all standing answers, and what {@link #failOn} was given.
     *
     * @return this
     */
    public Expect forgetStanding() {
        standing = Standing.NONE;
        return this;
    }

    /**
     * Types a text as it is. It returns when the terminal has taken it, or throws after {@link ExpectOptions#timeout}, 100 ms at least.
     *
     * @param text typed in the charset of the session
     * @return this
     * @throws IllegalArgumentException if the charset lacks a character of the text; then nothing was typed
     * @throws IOException if the terminal does not take it, or this is closed
     */
    public Expect send(CharSequence text) throws IOException {
        byte[] bytes = options.encode(requireNonNull(text, "text"));
        atPrompt = false;
        typing.type(bytes);
        return this;
    }

    /**
     * Types a line and Enter, which is CR. If the terminal echoes, the echo is taken out of the output, so that no later wait finds it: the
     * kernel's echo (ECHO in termios(3)), not that of a line editor such as a shell's.
     *
     * @param line without a line end
     * @return this
     * @throws IllegalArgumentException if the charset lacks a character of the line; then nothing was typed
     * @throws IOException if the terminal does not take it, or this is closed
     */
    public Expect sendLine(CharSequence line) throws IOException {
        Optional<TerminalAttributes> modes = typing.modes();
        byte[] bytes = typing.line(requireNonNull(line, "line"), modes);
        atPrompt = false;
        Optional<byte[]> echo = modes.flatMap(each -> Echo.of(bytes, each));
        if (echo.isPresent()) {
            output.expectEcho(new Echo(echo.get(), endOfOutput(), System.nanoTime()));
        }
        typing.type(bytes);
        return this;
    }

    /**
     * Types a key, in the way that the program has chosen by its output so far, such as by DECCKM for the cursor keys.
     *
     * @param key which
     * @return this
     * @throws IOException if the terminal does not take it, or this is closed
     */
    public Expect press(Key key) throws IOException {
        byte[] bytes = requireNonNull(key, "key").encode(output.unread().modes().now());
        atPrompt = false;
        typing.type(bytes);
        return this;
    }

    /** The end of all output so far; 0 if another thread has the turn, and reads all at once. */
    private long endOfOutput() throws IOException {
        if (!turn.tryLock()) {
            return 0;
        }
        try {
            output.fillAll();
            return output.unread().end();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before a line was typed");
        } finally {
            turn.unlock();
        }
    }

    /**
     * Types a secret and Enter, once the program asks for it, so that it is not echoed and not discarded. The program asks when the
     * terminal has ICANON on and ECHO off, see {@link dev.panpty.TerminalControl#awaitPasswordPrompt}; also when both are off, as behind
     * ssh, and the last call has found something behind which nothing is unread. Over streams it types at once.
     *
     * @param secret set to zeros in every case
     * @return this
     * @throws ExpectTimeoutException if the program does not ask for a secret within {@link ExpectOptions#timeout}; then nothing was typed
     * @throws IllegalArgumentException if the secret has a control character on which the terminal acts; then nothing was typed
     * @throws IOException if the terminal does not take it, or this is closed
     */
    public Expect sendSecret(char[] secret) throws IOException {
        requireNonNull(secret, "secret");
        long began = System.nanoTime();
        boolean ours = turn.tryLock();
        try {
            boolean found = ours && atPrompt && endOfOutput() == output.unread().search();
            typing.typeSecret(secret, found, () -> ours ? output.situation(List.of(), began) : output.situationOfOthers(began));
            atPrompt = false;
        } finally {
            Arrays.fill(secret, '\0');
            if (ours) {
                turn.unlock();
            }
        }
        return this;
    }

    /**
     * Waits for the end of the output, which is taken, within {@link ExpectOptions#timeout}.
     *
     * @return how the program ended
     * @throws ExpectTimeoutException if it does not end
     * @throws IOException if the output cannot be read, or this is closed
     */
    public ExitStatus end() throws IOException {
        Match.Ended ended = (Match.Ended) await(Awaited.end());
        return ended.status().orElseGet(() -> new ExitStatus.Unknown("streams have no exit status"));
    }

    /**
     * Takes all output that has come, what lies in the kernel too. A program that writes without a pause is read for a second.
     *
     * @return the output; its end, if it is more than {@link ExpectOptions#keepBytes}
     * @throws IOException if the output cannot be read, or this is closed
     */
    public String drop() throws IOException {
        return taking(output::dropAll);
    }

    /**
     * Connects the program with the terminal of this JVM until a key is typed. It begins with what is unread. The JVM's terminal is in raw
     * mode then, and is reset in every case; the program's window follows its size, and gets its former size at the end, over streams by
     * the {@link Resizer}. Output goes to {@code System.out}. Keys behind the escape byte stay with the terminal.
     *
     * @param escape ends it, such as 0x1d for ^]; the program does not get it
     * @return why it has ended
     * @throws IOException if this JVM has no terminal, the output cannot be read, the program takes no input, or this is closed
     */
    public Departure interact(byte escape) throws IOException {
        return taking(() -> new Interaction(connection, taps, output, typing, options.charset()).run(escape));
    }

    /**
     * The process of this session.
     *
     * @return the process, whose output only this session may read, unless it gets the output by a stream; empty over streams
     */
    public Optional<PtyProcess> process() {
        return connection.process();
    }

    /**
     * Ends the session: a wait in progress throws {@link IOException} at once. If {@link #start} has started the program, it is closed, see
     * {@link PtyProcess#close}. Idempotent.
     */
    @Override
    public void close() {
        callers.close();
        connection.close();
    }

    /** Names the process, without its arguments. */
    @Override
    public String toString() {
        return "Expect[" + connection.name() + (callers.isClosed() ? ", closed" : "") + "]";
    }
}
