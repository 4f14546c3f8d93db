package dev.panpty;

import static java.util.Objects.requireNonNull;

import dev.panpty.internal.event.EventProcess;
import dev.panpty.internal.event.WriteQueue;
import dev.panpty.internal.loop.CallbackQueue;
import dev.panpty.internal.loop.LoopThread;
import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.process.SessionTermination;
import dev.panpty.internal.process.TerminalProcess;
import dev.panpty.internal.process.TerminalProcesses;
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
 * <p>It has three stages: <em>started</em> ({@link PtyProcessBuilder#start} has returned), <em>exited</em> (its status is known) and
 * <em>ended</em> (all output is available too: no process holds the terminal any more). A program may exit while processes that it has
 * started go on writing.
 *
 * <p>All methods, and those of the streams, may be called from any thread, platform or virtual. These wait: {@link #waitFor()},
 * {@link #terminateSession}, {@link #close}, the streams, and the methods that {@link TerminalControl} names. They throw
 * {@link IllegalStateException} on a reactor's thread. When interrupted they throw {@link InterruptedException} or
 * {@link java.io.InterruptedIOException}, except {@code close}. All other methods return at once.
 *
 * <table>
 * <caption>The ways to end it</caption>
 * <tr><th>call</th><th>what it does</th><th>what it waits for</th><th>what it leaves</th></tr>
 * <tr><td>{@link #destroy}</td><td>SIGTERM to the program</td><td>nothing</td>
 *     <td>the terminal open, remaining output is delivered</td></tr>
 * <tr><td>{@link #destroyForcibly}</td><td>SIGKILL to the program</td><td>nothing</td>
 *     <td>the terminal open, remaining output is delivered</td></tr>
 * <tr><td>{@link #hangUp}, {@link #abortConnection}</td><td>closes the terminal: the kernel sends SIGHUP to the program and the
 *     foreground group</td><td>nothing</td><td>a program that ignores SIGHUP</td></tr>
 * <tr><td>{@link #loseConnection}</td><td>refuses writes, then hangs up</td><td>does not block; hangs up when pending input is read and
 *     output is delivered, five seconds after the last byte was written at most</td><td>as above</td></tr>
 * <tr><td>{@link #close}</td><td>ends the streams; SIGHUP, SIGTERM, SIGKILL to the program, each but the last with SIGCONT; then
 *     hangs up</td><td>until the program has exited, a second after each; four at most</td><td>background jobs that ignore SIGHUP</td></tr>
 * <tr><td>{@link #terminateSession}</td><td>SIGHUP, SIGTERM, SIGKILL to every process of the terminal's session and the program's</td>
 *     <td>until none is left, the grace time and a second at most</td><td>the terminal open; processes that have left the session are
 *     reported</td></tr>
 * <tr><td>{@link #closeAsync}, {@link #terminateSessionAsync}</td><td>as {@code close} and {@code terminateSession}</td><td>does not
 *     block; a future is completed</td><td>as above</td></tr>
 * <tr><td>the JVM's end</td><td>the kernel closes the terminal, however the JVM ends</td><td>nothing</td>
 *     <td>a program that ignores SIGHUP</td></tr>
 * <tr><td>garbage collection</td><td>in stream style: hangs up, once the object, its streams and its futures are
 *     unreachable</td><td>the garbage collector</td><td>a program that ignores SIGHUP</td></tr>
 * </table>
 */
public final class PtyProcess extends Process implements ProcessTransport, AutoCloseable {

    private final TerminalProcess process;
    private final ChildArguments arguments;
    private final LiveTerminal terminal;
    private final Reactor reactor;
    private final List<String> command;
    private final SpawnStrategy spawnStrategy;
    private final AtomicReference<ProcessHandle> handle = new AtomicReference<>();
    private final Streams streams; // null in event style
    private final Events events; // null in stream style

    /** Used in stream style only. */
    private record Streams(StreamProcess process, InputStream output, OutputStream input, InputStream errors) {}

    /** Used in event style only. */
    private record Events(EventProcess process, ProtocolListener listener) {}

    /** In stream style. */
    PtyProcess(StreamProcess process, Reactor reactor, List<String> command, List<byte[]> arguments, SpawnStrategy spawnStrategy) {
        this.process = process;
        this.reactor = reactor;
        this.arguments = new ChildArguments(process, arguments);
        terminal = new LiveTerminal(process, this.arguments);
        this.command = command;
        this.spawnStrategy = spawnStrategy;
        Optional<InputStream> errors = process.errors(this);
        streams = new Streams(process, process.output(this), process.input(this),
                errors.isPresent() ? errors.get() : InputStream.nullInputStream());
        events = null;
    }

    /** In event style; the loop keeps it reachable until its end. */
    PtyProcess(
            EventProcess process, ProtocolListener listener, Reactor reactor, List<String> command, List<byte[]> arguments,
            SpawnStrategy spawnStrategy) {
        this.process = process;
        this.reactor = reactor;
        this.arguments = new ChildArguments(process, arguments);
        terminal = new LiveTerminal(process, this.arguments);
        this.command = command;
        this.spawnStrategy = spawnStrategy;
        streams = null;
        events = new Events(process, listener);
        listener.attach(this, process);
    }

    /** Before the start. */
    void tap(Taps taps) {
        taps.attach(process, terminal);
    }

    /** Our end of its terminal. */
    PtmxChannel channel() {
        return process.terminal();
    }

    /** {@link TerminalProcess#prepare}. */
    int prepare() {
        return process.prepare();
    }

    /** {@link TerminalProcess#begin}. In stream style it is hung up from now on when it becomes unreachable. */
    int begin() {
        int begun = process.begin();
        if (begun == 0 && streams != null) {
            process.hangUpAfter(this);
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
     * Starts a program with all settings at their defaults.
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
     * The program's output: all it writes to its terminal, standard error included, and the echo of its input. A read blocks neither the
     * reactor nor the carrier of a virtual thread. At the end it gives -1.
     *
     * <p>After this stream is closed, the rest of the output is dropped and the program goes on; reads, also one that waits, and
     * {@code available} throw an {@link IOException}, "Stream closed".
     *
     * <p>After {@link #close} or {@link #hangUp} of the process, by any thread, reads first give what was read ahead. Then they give -1 if
     * at that time no output was unread and no write(2) of the program was in flight; else they throw an {@link IOException} with the
     * number of bytes that were cut, at least. So -1 always means that all output was read, and a thread that has read all and waits for
     * more gets -1. What the program begins to write between {@code close} and its exit is dropped and does not count as cut.
     */
    @Override
    public InputStream getInputStream() {
        return streams().output;
    }

    /**
     * The program's input, as if typed. It is not buffered: a write returns when the kernel has all of it.
     *
     * <p>While a write waits and no thread reads, up to 256 KiB of output are read ahead, so that a program that echoes its input does not
     * block. Beyond that, reading and writing need two threads, as with pipes. Once the program has exited a write fails, unless another
     * process still holds the terminal.
     *
     * <p>A write that has begun and cannot go on fails with {@link PartialWriteException}, which has the number of bytes that the kernel
     * took. This happens at the exit; when the process or this stream is closed; when {@link #interrupt}, {@link #quit} or {@link #suspend}
     * discard input, though not to writes that still wait for their turn; and when a line has become too long, see {@link LongLines}.
     *
     * <p>Input that may be interrupted must not go through a {@link java.io.BufferedOutputStream}: it keeps a buffer that could not be
     * written and writes all of it again when it is flushed or closed. A {@link java.io.PrintStream} reports a failure by
     * {@code checkError} only.
     *
     * <p>Closing the stream ends the program's input: VEOF is typed, twice in the middle of a line. VEOF ends one read, of the process that
     * reads next, and the terminal stays open: a process that reads after it, as a shell does after {@code cat}, waits for more. In raw
     * mode the program reads VEOF as a byte of data. While the program does not read and its input is full, close waits for room, as a
     * write does. It returns when the program exits or the process is closed. If its thread is interrupted it throws
     * {@link java.io.InterruptedIOException}, the stream stays open, and close can be called again.
     */
    @Override
    public OutputStream getOutputStream() {
        return streams().input;
    }

    /**
     * Standard error, if the builder has set {@link StandardError#PIPE} or {@link StandardError#OWN_TERMINAL}; else an empty stream, since
     * standard error is then part of the output. It ends and is closed as {@link #getInputStream} is.
     */
    @Override
    public InputStream getErrorStream() {
        return streams().errors;
    }

    /**
     * Waits for output, at most so long. A read of {@link #getInputStream} then does not wait, unless another thread reads the bytes first.
     * Reads nothing. A virtual thread that waits does not hold its carrier.
     *
     * @param timeout a time of 0 or less only polls, also on a reactor's thread
     * @return true if a read gives bytes, the end or an error without waiting; false after the time
     * @throws IOException if the input stream is closed, also during the wait, as a read does
     * @throws InterruptedException if interrupted while waiting
     * @throws IllegalStateException if the process was started with a protocol; on a reactor's thread, for a time of more than 0
     */
    public boolean awaitOutput(Duration timeout) throws IOException, InterruptedException {
        long nanos = TimeUnit.NANOSECONDS.convert(requireNonNull(timeout, "timeout"));
        StreamProcess reading = streams().process;
        if (nanos > 0) {
            refuseWait("awaitOutput", "use a ProcessProtocol");
        }
        try {
            return reading.awaitOutput(nanos);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Reads all output, and that of a separate standard error, on virtual threads, and drops it: for a program whose output only its
     * {@linkplain PtyProcessBuilder#tap taps} receive, since a program whose output is not read blocks. Returns at once. The threads end
     * with the output, or when the stream or the process is closed; until then the process stays reachable. Each byte goes to one reader,
     * so other readers get what these threads do not get. {@link #droppedBytes} does not count the bytes.
     *
     * @throws IllegalStateException if the process was started with a protocol, for which the reactor reads all output
     */
    public void drain() {
        for (InputStream each : List.of(streams().output, streams().errors)) {
            process.loop().starter().start(new CallbackQueue.Work(() -> drain(each)));
        }
    }

    private static void drain(InputStream output) {
        try {
            output.transferTo(OutputStream.nullOutputStream());
        } catch (IOException ended) {
            // it was closed, or cannot be read: a read of the user's meets the same
        }
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

    /** The exit code, 128 + the signal's number, or -1 if the status is not available. */
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
     * Waits for the exit. A program whose output is not read blocks when the terminal is full, at some 10 KB, and then does not exit.
     */
    @Override
    public int waitFor() throws InterruptedException {
        refuseWait("waitFor", "use onExit");
        try {
            process.awaitExit();
            return exitValue();
        } finally {
            Reference.reachabilityFence(this); // this must not be collected, and hung up, during the wait
        }
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        requireNonNull(unit, "unit");
        if (!isAlive()) {
            return true;
        }
        if (timeout > 0) {
            refuseWait("waitFor", "use onExit");
        }
        try {
            return process.awaitExit(unit.toNanos(timeout));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Refuses a call that waits, on a reactor's thread and inside a call of a tap. */
    private void refuseWait(String call, String advice) {
        LoopThread.refuse(call, advice);
        process.terminal().refuseInsideTap();
    }

    /**
     * Waits for the exit, at most for the duration.
     *
     * @param duration 0 or less does not wait
     * @return whether the process has exited
     * @throws InterruptedException if interrupted while waiting
     */
    public boolean waitFor(Duration duration) throws InterruptedException {
        return waitFor(TimeUnit.NANOSECONDS.convert(requireNonNull(duration, "duration")), TimeUnit.NANOSECONDS);
    }

    /**
     * A new future at each call. It is complete at once if the process has exited; else it is completed at the exit, on a virtual thread of
     * its own; on a platform thread if the JVM could not start a carrier thread before. No dependent runs on a reactor's thread: one that
     * is added there to a complete future runs on a thread of its own too. That holds for the futures made from this one as well, except
     * for {@link CompletableFuture#minimalCompletionStage}.
     */
    @Override
    public CompletableFuture<Process> onExit() {
        return StageFuture.of(process.exited(), this);
    }

    /**
     * The end: the process has exited, no process holds the terminal any more, and all output is available.
     *
     * @return a new future at each call, complete at once or completed as that of {@link #onExit}
     */
    public CompletableFuture<PtyProcess> onEnd() {
        return StageFuture.of(process.ended(), this);
    }

    /** Sends SIGTERM to the program, if it has not exited. The terminal stays open, and remaining output is delivered. */
    @Override
    public void destroy() {
        process.signals().toChild(Signal.TERM.number());
    }

    /** Sends SIGKILL to the program, if it has not exited. The terminal stays open. */
    @Override
    public Process destroyForcibly() {
        process.signals().toChild(Signal.KILL.number());
        return this;
    }

    /** True: {@link #destroy} sends SIGTERM, which a program may handle. */
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
    public void typeSecret(byte[] secret) throws IOException {
        try {
            terminal.typeSecret(secret);
        } finally {
            Reference.reachabilityFence(this); // as the streams
        }
    }

    @Override
    public void signal(Signal signal) throws IOException {
        terminal.signal(signal);
    }

    @Override
    public void signalProcess(int number) throws IOException {
        if (number == 0) {
            terminal.probe();
        } else {
            signal(new Signal(number));
        }
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
     * Ends every process of the terminal's session and of the program's, which differ after login(1); background and stopped jobs too.
     * Sends SIGHUP, waits half the grace time, sends SIGTERM, waits the other half, sends SIGKILL; SIGHUP and SIGTERM are followed by
     * SIGCONT. The terminal stays open, and remaining output can be read.
     *
     * <p>Returns when no member is left, after the grace time and a second at most. A process that has made a session of its own, see
     * setsid(1), is not signalled. If it holds the terminal, it is found in {@code /proc}, within the same time, and reported; the end of
     * the output waits for it, unless {@link PtyProcessBuilder#endAtExit endAtExit} is set.
     *
     * <p>Where {@code /proc} hides the processes of other users, see hidepid in proc(5), the program is signalled and reported even if it is
     * hidden, other hidden processes are not.
     *
     * @param grace the time until SIGKILL
     * @return the processes that are left
     * @throws IOException if {@code /proc} is not available
     * @throws InterruptedException if interrupted while waiting
     * @throws IllegalStateException on a reactor's thread
     */
    public SessionReport terminateSession(Duration grace) throws IOException, InterruptedException {
        long graceNanos = TimeUnit.NANOSECONDS.convert(requireNonNull(grace, "grace"));
        refuseWait("terminateSession", "use terminateSessionAsync");
        return endSession(graceNanos);
    }

    /**
     * Ends every process of the session as {@link #terminateSession} does, within the same time. Returns at once; may be called on a
     * reactor's thread and on that of a user interface. The processes are looked up in {@code /proc}, which takes a thread: a virtual one,
     * that begins with this call. So a callback that holds the reactor does not delay it.
     *
     * @param grace the time until SIGKILL
     * @return a new future at each call, completed on that thread with the processes that are left, or exceptionally with an
     *     {@link IOException} if {@code /proc} is not available. No dependent runs on a reactor's thread, see {@link #onExit}. To complete
     *     or cancel it has no effect on the processes
     */
    public CompletableFuture<SessionReport> terminateSessionAsync(Duration grace) {
        long graceNanos = TimeUnit.NANOSECONDS.convert(requireNonNull(grace, "grace"));
        CompletableFuture<SessionReport> future = StageFuture.incomplete(process.ended()::start);
        process.flushHeld();
        process.loop().starter().start(new CallbackQueue.Work(() -> {
            try {
                future.complete(endSession(graceNanos));
            } catch (Throwable failed) { // also out of memory: a future that is never completed would be worse
                future.completeExceptionally(failed);
            }
        }));
        return future;
    }

    private SessionReport endSession(long graceNanos) throws IOException, InterruptedException {
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
                walked.get(i).position(positions.get(i)); // nothing was accepted; backwards, since a buffer may occur twice
            }
            throw refused;
        }
    }

    @Override
    public void writeSequence(byte[]... pieces) {
        requireNonNull(pieces, "pieces");
        long bytes = 0;
        for (byte[] piece : pieces) {
            bytes += requireNonNull(piece, "piece").length;
        }
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("the pieces must be at most " + Integer.MAX_VALUE + " bytes together, were " + bytes);
        }
        ByteBuffer together = ByteBuffer.allocate((int) bytes);
        for (byte[] piece : pieces) {
            together.put(piece);
        }
        write(together.flip());
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

    /**
     * For its flow and its producer: runs at once on the reactor's thread, else later on it; after the end that may be another thread than
     * before. On the caller's thread if the reactor is closed.
     */
    void onReactor(Runnable signal) {
        Runnable guarded = () -> events.listener.guarded(signal);
        if (!events().loop().run(guarded) && !reactor.run(guarded)) {
            guarded.run();
        }
    }

    /** For its flow: runs the work on a thread of its own. */
    void onOwnThread(Runnable work) {
        process.exited().start(work);
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
    public boolean isPaused() {
        return events().isPaused();
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
    public Optional<Producer> producer() {
        events();
        return events.listener.producers().producer();
    }

    @Override
    public boolean isProducerPaused() {
        events();
        return events.listener.producers().isPaused();
    }

    @Override
    public void waterMarks(int highBytes, int lowBytes) {
        PtyProcessBuilder.checkWaterMarks(highBytes, lowBytes);
        events().queue().waterMarks(highBytes, lowBytes);
    }

    @Override
    public int highWaterBytes() {
        return events().queue().highWaterBytes();
    }

    @Override
    public int lowWaterBytes() {
        return events().queue().lowWaterBytes();
    }

    @Override
    public boolean isSendBufferFull() {
        return events().queue().isFull();
    }

    @Override
    public void stopWriting() {
        events().queue().stopWriting();
    }

    @Override
    public void startWriting() {
        events().queue().startWriting();
    }

    @Override
    public void loseConnection() {
        events().terminal().refuseInsideTap();
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
    public Reactor reactor() {
        return reactor;
    }

    @Override
    public Optional<ProcessProtocol> protocol() {
        return events == null ? Optional.empty() : events.listener.protocol();
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
        if (events == null) {
            return State.CONNECTED;
        }
        if (events.process.isLosing()) {
            return State.DISCONNECTING;
        }
        WriteQueue queue = events.process.queue();
        if (queue.isOpen()) { // first: it closes in between, and never opens again
            return State.CONNECTED;
        }
        return queue.isOver() ? State.WRITE_DISCONNECTED : State.WRITE_DISCONNECTING;
    }

    @Override
    public Optional<DisconnectReason> disconnectReason() {
        return process.sides().cause().map(cause -> switch (cause) {
            case CLOSED -> new DisconnectReason.Closed();
            case HUNG_UP -> new DisconnectReason.HungUp();
            case FAILED -> new DisconnectReason.Failed(process.sides().failure());
        });
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
     * The JVM's handle of the process; the first call creates it. If that comes after the exit, the JVM has no information any more: the
     * handle then has the process's number only and is not equal to any handle of the JVM.
     *
     * @throws UnsupportedOperationException if {@code /proc} is not available to the JVM
     */
    @Override
    public ProcessHandle toHandle() {
        if (handle.get() == null) {
            handle.compareAndSet(null, lookUpHandle());
        }
        return handle.get();
    }

    private ProcessHandle lookUpHandle() {
        Optional<Optional<ProcessHandle>> seen = process.child().unlessReaped(() -> ProcessHandle.of(pid()));
        if (seen.isEmpty()) {
            return new EndedProcessHandle(pid());
        }
        return seen.get().orElseThrow(() -> new UnsupportedOperationException(
                "no handle of process " + pid() + ": the JVM finds processes in /proc, and it is not there"));
    }

    /**
     * The information that the kernel and the JVM have of the program now. Right after the start the kernel may not have laid out the
     * arguments yet; they are then those that the program was started with. During a later exec this waits up to 50 ms for the new ones,
     * but not on a reactor's thread. After the exit no information is available.
     *
     * @throws UnsupportedOperationException if {@code /proc} is not available
     */
    @Override
    public ProcessHandle.Info info() {
        ProcessHandle.Info jvms = toHandle().info();
        Optional<List<String>> words = arguments.now();
        Optional<String> program = ProcessTable.executable(process.pid());
        Optional<ProcessHandle.Info> seen = words.flatMap(all -> process.child().unlessReaped(() -> new ChildInfo(jvms, program, all)));
        return seen.orElse(jvms); // after the reap, what was read may belong to a later process
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
     * Ends the process and closes the terminal. First writes are refused, no end of file is typed, and reads end as {@link #getInputStream}
     * says. Then SIGHUP, SIGTERM and SIGKILL are sent, with the {@linkplain PtyProcessBuilder#closeGrace grace time} after each, until the
     * program has exited. Then the terminal is hung up. It returns after three grace times and a second at most, even if a program cannot
     * be killed or a callback of a {@link ProcessProtocol} holds the reactor; protocols are then notified of the end when the callback has
     * returned.
     *
     * <p>Idempotent. If the thread is interrupted while it waits, the program is killed and the terminal hung up at once, and the interrupt
     * status is kept.
     *
     * @throws IllegalStateException on a reactor's thread
     */
    @Override
    public void close() {
        refuseWait("close", "use closeAsync, loseConnection or abortConnection");
        boolean done = false;
        try {
            TerminalProcesses.close(List.of(process));
            done = true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            if (!done) {
                process.abort();
            }
        }
    }

    /**
     * Ends the process and closes the terminal as {@link #close} does, by the same steps with the same grace times, without a thread that
     * waits. Returns at once; may be called on a reactor's thread and on that of a user interface. Idempotent, also together with
     * {@code close} on other threads: each step is taken once.
     *
     * <p>Writes are refused from now on. SIGHUP is sent by this call, on the reactor's thread when the running callback has returned; a
     * timer of the reactor takes the other steps. While a callback holds the reactor it cannot: if one has held it for more than a second
     * at the time of the call, a virtual thread takes the steps, and the bound of {@code close} holds. A callback that begins to hold it
     * later delays the steps until it returns, unless another thread calls {@code close}.
     *
     * @return a new future at each call, completed on a thread of its own when the terminal is closed: after three grace times and a second
     *     at most. No dependent runs on a reactor's thread, see {@link #onExit}. Its value is the {@linkplain #exitStatus() exit status}, or
     *     {@link ExitStatus.Unknown} if the program has not exited a grace time, or a second, after SIGKILL. To complete or cancel it has no
     *     effect on the process
     */
    public CompletableFuture<ExitStatus> closeAsync() {
        CompletableFuture<ExitStatus> future = StageFuture.incomplete(process.ended()::start);
        process.close(() -> future.complete(statusAfterKill()));
        return future;
    }

    private ExitStatus statusAfterKill() {
        Optional<WaitStatus> outcome = process.outcome();
        return outcome.isPresent() ? exitStatus(outcome.get())
                : new ExitStatus.Unknown("process " + pid() + " has not exited after SIGKILL");
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
