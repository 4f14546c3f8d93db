package dev.panpty;

import static java.util.Objects.requireNonNull;

import dev.panpty.internal.event.EventProcess;
import dev.panpty.internal.loop.LoopThread;
import dev.panpty.internal.process.SessionTermination;
import dev.panpty.internal.process.Stage;
import dev.panpty.internal.process.TerminalProcess;
import dev.panpty.internal.process.Unreachable;
import dev.panpty.internal.process.WaitStatus;
import dev.panpty.internal.stream.StreamProcess;
import dev.panpty.internal.sys.ProcessTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * A program on a terminal of its own: a {@link Process} whose standard input, output and error are the terminal.
 *
 * <p>Its life has three stages: <em>started</em> ({@link PtyProcessBuilder#start} has returned), <em>exited</em> (its status is known)
 * and <em>ended</em> (all output is there too: nobody holds the terminal any more). A program may exit while others it started go on
 * writing.
 *
 * <p>All methods may be called from any thread, platform or virtual, and so may those of the streams. {@link #waitFor()},
 * {@link #terminateSession}, {@link #close}, the streams and what {@link TerminalControl} names wait; these throw
 * {@link IllegalStateException} on a reactor's thread, and all but {@code close} {@link InterruptedException} or
 * {@link java.io.InterruptedIOException} when interrupted. The others return at once.
 *
 * <table>
 * <caption>The ways to end it</caption>
 * <tr><th>call</th><th>what it does</th><th>what it waits for</th><th>what it leaves</th></tr>
 * <tr><td>{@link #destroy}</td><td>SIGTERM to the program</td><td>nothing</td>
 *     <td>the terminal open, last words are delivered</td></tr>
 * <tr><td>{@link #destroyForcibly}</td><td>SIGKILL to the program</td><td>nothing</td>
 *     <td>the terminal open, what it wrote is delivered</td></tr>
 * <tr><td>{@link #hangUp}, {@link #abortConnection}</td><td>closes the terminal: the kernel sends SIGHUP to the program and the
 *     foreground group</td><td>nothing</td><td>a program that ignores SIGHUP</td></tr>
 * <tr><td>{@link #loseConnection}</td><td>refuses writes, then hangs up</td><td>does not block; until what is pending is read and what
 *     was written delivered, five seconds after the last byte was written at most</td><td>as above</td></tr>
 * <tr><td>{@link #close}</td><td>ends the streams; SIGHUP, SIGTERM, SIGKILL to the program, each but the last with SIGCONT; then
 *     hangs up</td><td>until the program has exited, a second after each; four at most</td><td>background jobs that ignore SIGHUP</td></tr>
 * <tr><td>{@link #terminateSession}</td><td>SIGHUP, SIGTERM, SIGKILL to every process of the terminal's session and the program's</td>
 *     <td>until none is left, the grace time and a second at most</td><td>the terminal open; what has left the session is
 *     reported</td></tr>
 * <tr><td>the JVM's end</td><td>the kernel closes the terminal, however the JVM ends</td><td>nothing</td>
 *     <td>a program that ignores SIGHUP</td></tr>
 * <tr><td>nobody can reach it</td><td>in stream style: hangs up, once the object, its streams and its futures are
 *     unreachable</td><td>the garbage collector</td><td>a program that ignores SIGHUP</td></tr>
 * </table>
 */
public final class PtyProcess extends Process implements ProcessTransport, AutoCloseable {

    private final TerminalProcess process;
    private final ChildArguments arguments;
    private final LiveTerminal terminal;
    private final List<String> command;
    private final SpawnStrategy spawnStrategy;
    private final AtomicReference<ProcessHandle> handle = new AtomicReference<>();
    private final Streams streams; // null in event style
    private final Events events; // null in stream style

    /** What there is in stream style only. */
    private record Streams(InputStream output, OutputStream input, InputStream errors) {}

    /** What there is in event style only. */
    private record Events(EventProcess process, ProtocolListener listener) {}

    /** In stream style. */
    PtyProcess(StreamProcess process, List<String> command, List<byte[]> arguments, SpawnStrategy spawnStrategy) {
        this.process = process;
        this.arguments = new ChildArguments(process, arguments);
        terminal = new LiveTerminal(process, this.arguments);
        this.command = command;
        this.spawnStrategy = spawnStrategy;
        Optional<InputStream> errors = process.errors(this);
        streams = new Streams(process.output(this), process.input(this),
                errors.isPresent() ? errors.get() : InputStream.nullInputStream());
        events = null;
    }

    /** In event style; the loop holds it until its end. */
    PtyProcess(EventProcess process, ProtocolListener listener, List<String> command, List<byte[]> arguments, SpawnStrategy spawnStrategy) {
        this.process = process;
        this.arguments = new ChildArguments(process, arguments);
        terminal = new LiveTerminal(process, this.arguments);
        this.command = command;
        this.spawnStrategy = spawnStrategy;
        streams = null;
        events = new Events(process, listener);
        listener.attach(this, process);
    }

    /** {@link TerminalProcess#prepare}. */
    int prepare() {
        return process.prepare();
    }

    /** {@link TerminalProcess#begin}. In stream style it is hung up from now on when nobody can reach it any more. */
    int begin() {
        int begun = process.begin();
        if (begun == 0 && streams != null) {
            Unreachable.hangUpLater(this, process);
        }
        return begun;
    }

    /** {@link TerminalProcess#undo}. */
    void undo() {
        process.undo();
    }

    private Streams streams() {
        if (streams == null) {
            throw new IllegalStateException("process " + pid() + " was started with a protocol: it has no streams");
        }
        return streams;
    }

    private EventProcess events() {
        if (events == null) {
            throw new IllegalStateException("process " + pid() + " was started with streams: this needs a ProcessProtocol");
        }
        return events.process;
    }

    /**
     * Starts a program with everything at its default.
     *
     * @param command the program and its arguments
     * @return the running process
     * @throws SpawnException if it cannot be started
     * @see PtyProcessBuilder#start
     */
    public static PtyProcess start(String... command) throws SpawnException {
        return new PtyProcessBuilder(command).start();
    }

    /**
     * The program's output: all it writes to its terminal, standard error included, and the echo of what is written to it. Read
     * without blocking the reactor or a virtual thread's carrier. At the end it gives -1.
     *
     * <p>Closing it lets the rest of the output go unread, and the program live; reads, also one that waits, and {@code available} then
     * throw an {@link IOException}, "Stream closed". After {@link #close} or {@link #hangUp} of the process, by any thread, it first
     * gives what was read ahead, then -1 if no output was waiting to be read at that moment and no write(2) of the program under way, else an
     * {@link IOException} that says how many bytes were cut, at least: -1 never stands for a part of the output. So a thread that has read all
     * and waits for more ends by -1. What the program begins to write between {@code close} and its exit is dropped and does not count as cut.
     */
    @Override
    public InputStream getInputStream() {
        return streams().output;
    }

    /**
     * The program's input, as if typed. Unbuffered: a write returns when the kernel has all of it. While a write waits and nobody
     * reads, up to 256 KiB of output are read ahead, so that a program that echoes does not lock both up; beyond that, reading and
     * writing take two threads, as with pipes. Once the program has exited a write fails, unless another process still holds the
     * terminal. A write that has begun and cannot go on fails with {@link PartialWriteException}, which tells how many bytes the
     * kernel took: at the exit, when the process or this stream is closed, when {@link #interrupt}, {@link #quit} or
     * {@link #suspend} discard input, which writers that wait for their turn survive, and when a line has become too long, see
     * {@link LongLines}.
     *
     * <p>Input that may be interrupted must not go through a {@link java.io.BufferedOutputStream}: it keeps a buffer that could not
     * be written and sends all of it again when it is flushed or closed. A {@link java.io.PrintStream} tells a failure by its
     * {@code checkError} only.
     *
     * <p>Closing it is the end of input for the program: VEOF is typed, a second time in mid-line. That ends one read, of the
     * process that reads next, and the terminal stays open: another that reads after it, as a shell does after {@code cat}, waits
     * for more. Where the terminal is in raw mode the program sees that byte as data, and what it means is up to the program. While
     * the program does not read and its input is full, closing waits for room for VEOF, as a write does. It returns when the
     * program exits or the process is closed; if its thread is interrupted, it throws {@link java.io.InterruptedIOException}, the
     * stream stays open, and it can be called again.
     */
    @Override
    public OutputStream getOutputStream() {
        return streams().input;
    }

    /**
     * Standard error where it was asked for {@linkplain StandardError#PIPE apart}; else empty, since a terminal does not keep it apart
     * from output. It ends and is closed as {@link #getInputStream} is.
     */
    @Override
    public InputStream getErrorStream() {
        return streams().errors;
    }

    /** The process number; it stays the same after the exit. */
    @Override
    public long pid() {
        return process.pid();
    }

    /**
     * How the program was started.
     *
     * @return any but {@link SpawnStrategy#AUTO}
     */
    public SpawnStrategy spawnStrategy() {
        return spawnStrategy;
    }

    @Override
    public boolean isAlive() {
        return !process.exited().isReached();
    }

    /** The exit code, 128 + the signal's number, or -1 where the status went to somebody else. */
    @Override
    public int exitValue() {
        Optional<ExitStatus> status = exitStatus();
        if (status.isEmpty()) {
            throw new IllegalThreadStateException("process " + pid() + " has not exited");
        }
        return status.get().exitValue();
    }

    @Override
    public Optional<ExitStatus> exitStatus() {
        return isAlive() ? Optional.empty() : Optional.of(exitStatus(process.outcome().orElseThrow()));
    }

    /**
     * Waits for the exit. A program that writes more than the terminal holds, some 10 KB, and is not read does not get there.
     */
    @Override
    public int waitFor() throws InterruptedException {
        LoopThread.refuse("waitFor", "use onExit");
        try {
            process.awaitExit();
            return exitValue();
        } finally {
            Reference.reachabilityFence(this); // or it could be taken for dropped while it is waited for
        }
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        requireNonNull(unit, "unit");
        if (!isAlive()) {
            return true;
        }
        if (timeout > 0) {
            LoopThread.refuse("waitFor", "use onExit");
        }
        try {
            return process.awaitExit(unit.toNanos(timeout));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Waits for the exit, at most so long.
     *
     * @param duration a time of 0 or less only looks
     * @return whether the process has exited
     * @throws InterruptedException if interrupted while waiting
     */
    public boolean waitFor(Duration duration) throws InterruptedException {
        return waitFor(TimeUnit.NANOSECONDS.convert(requireNonNull(duration, "duration")), TimeUnit.NANOSECONDS);
    }

    /**
     * A new future at each call, completed on a virtual thread of its own when the process has exited; on a platform thread once the
     * JVM had none to carry a virtual one.
     */
    @Override
    public CompletableFuture<Process> onExit() {
        return after(process.exited(), this);
    }

    /**
     * The end: the process has exited and all output is there, nobody holding the terminal any more.
     *
     * @return a new future at each call, completed as that of {@link #onExit}
     */
    public CompletableFuture<PtyProcess> onEnd() {
        return after(process.ended(), this);
    }

    private static <T> CompletableFuture<T> after(Stage stage, T value) {
        CompletableFuture<T> future = new CompletableFuture<>();
        stage.then(() -> future.complete(value));
        return future;
    }

    /** Sends SIGTERM to the program, if it has not exited. The terminal stays open, and last words are still delivered. */
    @Override
    public void destroy() {
        process.signal(Signal.TERM.number());
    }

    /** Sends SIGKILL to the program, if it has not exited. The terminal stays open. */
    @Override
    public Process destroyForcibly() {
        process.signal(Signal.KILL.number());
        return this;
    }

    /** True: {@link #destroy} asks the program to end. */
    @Override
    public boolean supportsNormalTermination() {
        return true;
    }

    @Override
    public String ptsName() {
        return terminal.ptsName();
    }

    @Override
    public WindowSize windowSize() throws IOException {
        return terminal.windowSize();
    }

    @Override
    public void resize(WindowSize size) throws IOException {
        terminal.resize(size);
    }

    @Override
    public TerminalAttributes attributes() throws IOException {
        return terminal.attributes();
    }

    @Override
    public void attributes(TerminalAttributes attributes) throws IOException {
        terminal.attributes(attributes);
    }

    @Override
    public void interrupt() throws IOException {
        terminal.interrupt();
    }

    @Override
    public void quit() throws IOException {
        terminal.quit();
    }

    @Override
    public void suspend() throws IOException {
        terminal.suspend();
    }

    @Override
    public void sendEndOfFile() throws IOException {
        terminal.sendEndOfFile();
    }

    @Override
    public void signal(Signal signal) throws IOException {
        terminal.signal(signal);
    }

    @Override
    public void signalGroup(Signal signal) throws IOException {
        terminal.signalGroup(signal);
    }

    @Override
    public void signalForeground(Signal signal) throws IOException {
        terminal.signalForeground(signal);
    }

    @Override
    public OptionalInt foregroundProcessGroup() throws IOException {
        return terminal.foregroundProcessGroup();
    }

    @Override
    public Optional<ForegroundProcess> foregroundProcess() throws IOException {
        return terminal.foregroundProcess();
    }

    @Override
    public void stopOutput() throws IOException {
        terminal.stopOutput();
    }

    @Override
    public void resumeOutput() throws IOException {
        terminal.resumeOutput();
    }

    @Override
    public boolean awaitEcho(boolean on, Duration timeout) throws IOException, InterruptedException {
        try {
            return terminal.awaitEcho(on, timeout);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public boolean awaitPasswordPrompt(Duration timeout) throws IOException, InterruptedException {
        try {
            return terminal.awaitPasswordPrompt(timeout);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public void hangUp() {
        terminal.hangUp();
    }

    /**
     * Ends every process of the session that has the terminal and of the program's own, which are two after login(1); also background and
     * stopped jobs: SIGHUP, half the grace time, SIGTERM, the other half, SIGKILL; each but the last followed by SIGCONT. The terminal
     * stays open, and what the programs wrote last can be read.
     *
     * <p>It returns when none is left, after the grace time and a second at most. A process that has made a session of its own, see
     * setsid(1), is not ended; where it holds the terminal it is looked for in {@code /proc}, within the same time, and reported, and the
     * end of the output waits for it, unless the builder was told {@link PtyProcessBuilder#endAtExit endAtExit}.
     *
     * @param grace how long they have to end by themselves
     * @return what is left
     * @throws IOException where there is no {@code /proc} to find them in
     * @throws InterruptedException if interrupted while waiting
     * @throws IllegalStateException on a reactor's thread
     */
    public SessionReport terminateSession(Duration grace) throws IOException, InterruptedException {
        long graceNanos = TimeUnit.NANOSECONDS.convert(requireNonNull(grace, "grace"));
        LoopThread.refuse("terminateSession", "call it on another thread");
        try {
            SessionTermination.Report report = new SessionTermination(process).run(graceNanos);
            return new SessionReport(members(report.survivors()), members(report.left()), report.cutShort());
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private static List<SessionReport.Member> members(List<ProcessTable.Entry> entries) {
        return entries.stream().map(entry -> new SessionReport.Member(entry.pid(), entry.name())).toList();
    }

    @Override
    public void write(ByteBuffer data) {
        requireNonNull(data, "data");
        accepted(events().queue().write(data));
    }

    @Override
    public void writeSequence(Iterable<ByteBuffer> pieces) {
        requireNonNull(pieces, "pieces");
        events();
        List<ByteBuffer> walked = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        ByteArrayOutputStream together = new ByteArrayOutputStream();
        try {
            for (ByteBuffer piece : pieces) {
                positions.add(requireNonNull(piece, "piece").position());
                walked.add(piece);
                byte[] bytes = new byte[piece.remaining()];
                piece.get(bytes);
                together.writeBytes(bytes);
            }
            write(together.toByteArray());
        } catch (RuntimeException | Error refused) {
            for (int i = walked.size() - 1; i >= 0; i--) {
                walked.get(i).position(positions.get(i)); // nothing was taken; backwards, since one may come twice
            }
            throw refused;
        }
    }

    @Override
    public void writeToChild(int childFd, ByteBuffer data) {
        requireNonNull(data, "data");
        if (childFd != 0) {
            throw new IllegalArgumentException("only descriptor 0 of the program can be written to, not " + childFd);
        }
        write(data);
    }

    private void accepted(boolean accepted) {
        if (!accepted) {
            throw new IllegalStateException("process " + pid() + " accepts no more input: " + state());
        }
    }

    @Override
    public void closeChildFd(int childFd) {
        switch (childFd) {
            case 0 -> closeStdin();
            case 1 -> closeStdout();
            case 2 -> closeStderr();
            default -> throw new IllegalArgumentException("childFd must be 0, 1 or 2, was " + childFd);
        }
    }

    @Override
    public void closeStdin() {
        events().queue().closeAfterPending();
    }

    @Override
    public void closeStdout() {
        events().sides().output().close();
    }

    @Override
    public void closeStderr() {
        events().sides().errors().close();
    }

    @Override
    public void loseWriteConnection() {
        closeStdin();
    }

    /** For its flow: at once on the reactor's thread, else later on it; on the caller's where the reactor is closed and calls nobody. */
    void onReactor(Runnable signal) {
        Runnable guarded = () -> events.listener.guarded(signal);
        if (!events().loop().run(guarded)) {
            guarded.run();
        }
    }

    @Override
    public void pauseProducing() {
        events().pause();
    }

    @Override
    public void resumeProducing() {
        events().resume();
    }

    @Override
    public void stopProducing() {
        loseConnection();
    }

    @Override
    public void registerProducer(Producer producer) {
        requireNonNull(producer, "producer");
        events();
        events.listener.producers().register(producer);
    }

    @Override
    public void unregisterProducer() {
        events();
        events.listener.producers().unregister();
    }

    @Override
    public void stopConsuming() {
        unregisterProducer();
        loseConnection();
    }

    @Override
    public void loseConnection() {
        events().loseConnection();
    }

    @Override
    public void abortConnection() {
        process.hangUp();
    }

    @Override
    public int fileno() {
        if (process.ptmx().descriptor().isClosed()) {
            throw new IllegalStateException("the terminal of process " + pid() + " is closed");
        }
        return process.ptmx().descriptor().number();
    }

    @Override
    public Endpoint host() {
        return new Endpoint("/dev/ptmx");
    }

    @Override
    public Endpoint peer() {
        return new Endpoint(process.ptmx().ptsPath());
    }

    @Override
    public String logPrefix() {
        return (events == null ? "PtyProcess" : events.listener.protocolName()) + " (pid " + pid() + ")";
    }

    @Override
    public State state() {
        if (process.ptmx().descriptor().isClosed()) {
            return State.DISCONNECTED;
        }
        return events != null && events.process.isLosing() ? State.DISCONNECTING : State.CONNECTED;
    }

    @Override
    public long pendingBytes() {
        return events == null ? 0 : events.process.queue().pendingBytes();
    }

    @Override
    public long unwrittenBytes() {
        return events == null ? 0 : events.process.queue().unwrittenBytes();
    }

    @Override
    public long droppedBytes() {
        return process.sides().droppedBytes();
    }

    /**
     * The process as the JVM sees it, from the first call on. If that comes after the exit there is nothing left to see: the handle
     * then knows the process's number only, and is equal to no handle of the JVM.
     *
     * @throws UnsupportedOperationException where it does not, for want of {@code /proc}
     */
    @Override
    public ProcessHandle toHandle() {
        if (handle.get() == null) {
            handle.compareAndSet(null, look());
        }
        return handle.get();
    }

    private ProcessHandle look() {
        Optional<Optional<ProcessHandle>> seen = process.unlessReaped(() -> ProcessHandle.of(pid()));
        if (seen.isEmpty()) {
            return new EndedProcessHandle(pid());
        }
        return seen.get().orElseThrow(() -> new UnsupportedOperationException(
                "no handle of process " + pid() + ": the JVM finds processes in /proc, and it is not there"));
    }

    /**
     * What the kernel and the JVM know of the program now. Right after the start the kernel may not have laid out the arguments yet; they
     * are then those that the program was started with. In the midst of a later exec this waits up to 50 ms for the new ones, but not on a
     * reactor's thread. Once it has exited there is nothing more to see.
     *
     * @throws UnsupportedOperationException where there is no {@code /proc}
     */
    @Override
    public ProcessHandle.Info info() {
        ProcessHandle.Info jvms = toHandle().info();
        Optional<List<String>> words = arguments.now();
        Optional<String> program = ProcessTable.executable(process.pid());
        Optional<ProcessHandle.Info> seen = words.flatMap(all -> process.unlessReaped(() -> new ChildInfo(jvms, program, all)));
        return seen.orElse(jvms); // once it is reaped, the program may be that of a later process
    }

    @Override
    public Stream<ProcessHandle> children() {
        return toHandle().children();
    }

    @Override
    public Stream<ProcessHandle> descendants() {
        return toHandle().descendants();
    }

    /**
     * Ends the process and gives up the terminal: writes are refused, no end of file typed, and what reads give is said at
     * {@link #getInputStream}; then SIGHUP, SIGTERM and SIGKILL, with the {@linkplain PtyProcessBuilder#closeGrace grace time}
     * after each, until the program has exited; then the terminal is hung up. It returns when that is done, after three grace times
     * and a second at the latest, even where a program cannot be killed or a callback of a {@link ProcessProtocol} holds the
     * reactor. In that case protocols hear of the end when the callback has returned.
     *
     * <p>Idempotent. If the thread is interrupted meanwhile, the program is killed and the terminal hung up at once, and the interrupt
     * status kept.
     *
     * @throws IllegalStateException on a reactor's thread
     */
    @Override
    public void close() {
        LoopThread.refuse("close", "use abortConnection or loseConnection");
        boolean done = false;
        try {
            TerminalProcess.close(List.of(process));
            done = true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            if (!done) {
                process.abort();
            }
        }
    }

    /** The process number, the command and the state. */
    @Override
    public String toString() {
        String state = exitStatus().map(Object::toString).orElse("running");
        return "PtyProcess[pid=" + pid() + ", command=" + command + ", " + state + "]";
    }

    static ExitStatus exitStatus(WaitStatus outcome) {
        if (outcome.unknown().isPresent()) {
            return new ExitStatus.Unknown(outcome.unknown().get());
        }
        int signal = outcome.rawStatus() & 0x7f;
        if (signal == 0) {
            return new ExitStatus.Exited(outcome.rawStatus() >> 8);
        }
        return new ExitStatus.Signaled(new Signal(signal), (outcome.rawStatus() & 0x80) != 0);
    }
}
