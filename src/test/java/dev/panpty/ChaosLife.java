package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.Chatter.Transcript;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.testing.Await;
import dev.panpty.testing.Leaks;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The life of one chattering child, from its start to its end, with everything on the way chosen by a random number generator: how it is
 * started and listened to, what is done to it meanwhile, what ends it. All that was heard is accounted for at the end.
 *
 * <p>The caller's thread acts; the streams, which block, are read and written by threads of their own.
 */
final class ChaosLife {

    private static final int MAX_PADDING = 2000;
    private static final long MAX_PENDING_BYTES = 256 * 1024;
    private static final long MAX_PAUSE_NANOS = 10_000_000;
    private static final Duration GRACE = Duration.ofMillis(300);
    /** Only something stuck takes longer. */
    private static final Duration PROMPT = Duration.ofSeconds(10);
    private static final Set<ExitStatus> ENDED_BY = Set.of(new ExitStatus.Exited(Chatter.HUNG_UP), new ExitStatus.Signaled(Signal.HUP, false),
            new ExitStatus.Signaled(Signal.TERM, false), new ExitStatus.Signaled(Signal.KILL, false));
    /** By the caller, and by the threads beside it. */
    private static final int OWN_WRITER = 0;

    private enum Style { STREAMS, PROTOCOL, FLOW }

    private enum End { EXIT, QUIT, KILL, TERM, CLOSE, CLOSE_BY_MANY, HANG_UP, ABORT, LOSE, TERMINATE_SESSION, CLOSE_REACTOR }

    private final Random random;
    private final Style style;
    private final End end;
    private final String flags;
    private final int exitCode;
    private final boolean keySignals;
    private final boolean interruptsWriter;
    private final Transcript output;
    private final Transcript errors = new Transcript(false);
    private final List<Future<?>> helpers = new ArrayList<>();
    private PtyProcess process;
    private Optional<Reactor> ownReactor = Optional.empty();
    private ChaosEars.Protocol protocol;
    private ChaosEars.Subscriber subscriber;
    private volatile Thread reader;
    private volatile Thread writer;
    private volatile boolean ending;
    private volatile boolean inputClosed;
    private boolean outputClosed;
    private boolean stopped;
    private int written;

    ChaosLife(long seed) {
        random = new Random(seed);
        style = pick(Style.values());
        End wanted = pick(End.values());
        boolean fits = style != Style.STREAMS || wanted != End.LOSE && wanted != End.CLOSE_REACTOR;
        keySignals = random.nextInt(4) == 0;
        interruptsWriter = random.nextBoolean();
        boolean cutUnits = style == Style.STREAMS && interruptsWriter;
        end = !fits ? End.CLOSE : cutUnits && wanted == End.QUIT ? End.EXIT : wanted;
        flags = (keySignals ? "i" : "") + flag("h") + flag("t") + flag("g") + flag("e");
        exitCode = random.nextInt(90);
        output = new Transcript(!keySignals);
    }

    private String flag(String flag) {
        return random.nextInt(4) == 0 ? flag : "";
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }

    /** Lives it, to its end. */
    void run() throws Exception {
        try (ExecutorService threads = random.nextBoolean() ? Executors.newVirtualThreadPerTaskExecutor() : Executors.newCachedThreadPool()) {
            start(threads);
            try {
                if (keySignals) {
                    Await.until("it ignores them", output::hasBegun);
                }
                begin(threads);
                for (int left = random.nextInt(400); left > 0 && process.isAlive(); left--) {
                    unlessOver(this::act);
                    LockSupport.parkNanos(random.nextLong(MAX_PAUSE_NANOS));
                }
                bringToEnd();
                process.onEnd().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
                for (Future<?> helper : helpers) {
                    helper.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
                }
                check();
            } finally {
                process.close();
                ownReactor.ifPresent(Reactor::close);
            }
        } catch (Exception | AssertionError failed) {
            throw new AssertionError(this + ": " + failed.getMessage(), failed);
        }
    }

    private void start(ExecutorService threads) throws IOException {
        SpawnStrategy strategy = random.nextInt(20) == 0 ? SpawnStrategy.PLAIN_FORK
                : pick(new SpawnStrategy[] {SpawnStrategy.POSIX_SPAWN, SpawnStrategy.FORK_EXEC});
        PtyProcessBuilder builder = Chatter.builder(random.nextInt(Integer.MAX_VALUE), random.nextInt(4000), exitCode, flags)
                .attributes(TerminalAttributes.raw().with(LocalFlag.ISIG, keySignals))
                .spawnStrategy(strategy)
                .stderr(flags.contains("e") ? StandardError.PIPE : StandardError.TERMINAL)
                .endAtExit(random.nextInt(4) == 0)
                .closeGrace(GRACE)
                .loseConnectionLimit(GRACE);
        if (style == Style.STREAMS) {
            process = builder.start();
            helpers.add(threads.submit(() -> listen(process.getInputStream(), output)));
            helpers.add(threads.submit(() -> listen(process.getErrorStream(), errors)));
            return;
        }
        ownReactor = end == End.CLOSE_REACTOR || random.nextInt(10) == 0 ? Optional.of(Reactor.open()) : Optional.empty();
        Reactor reactor = ownReactor.isPresent() ? ownReactor.get() : Reactor.shared();
        if (style == Style.PROTOCOL) {
            protocol = new ChaosEars.Protocol(output, errors);
            process = builder.start(reactor, protocol);
        } else {
            ProcessFlow flow = new ProcessFlow();
            process = builder.start(reactor, flow);
            subscriber = new ChaosEars.Subscriber(output);
            flow.output().subscribe(subscriber);
        }
    }

    private void begin(ExecutorService threads) {
        int beside = OWN_WRITER + 1;
        long seed = random.nextLong();
        if (style != Style.STREAMS) {
            helpers.add(threads.submit(() -> send(beside, new Random(seed))));
            return;
        }
        helpers.add(threads.submit(() -> talk(OWN_WRITER, new Random(seed))));
        if (!interruptsWriter) {
            helpers.add(threads.submit(() -> talk(beside, new Random(seed + 1))));
        }
    }

    /** Reads a stream to its end, whoever interrupts. */
    private Void listen(InputStream stream, Transcript transcript) throws IOException {
        byte[] buffer = new byte[10_000];
        for (;;) {
            if (transcript == output) {
                reader = Thread.currentThread();
            }
            try {
                int count = stream.read(buffer);
                if (count < 0) {
                    return null;
                }
                transcript.accept(ByteBuffer.wrap(buffer, 0, count));
            } catch (InterruptedIOException interrupted) {
                assertTrue(Thread.interrupted(), "the interrupt status is kept");
            }
        }
    }

    /** Writes units into a stream until it is told to leave, or the end has come. */
    private Void talk(int number, Random choices) throws Exception {
        if (interruptsWriter) {
            writer = Thread.currentThread();
        }
        OutputStream stream = process.getOutputStream();
        for (int unit = 0; !ending && !inputClosed; unit++) {
            byte[] bytes = Chatter.unit(number, unit, choices.nextInt(MAX_PADDING));
            try {
                writeAll(stream, bytes);
                if (!interruptsWriter && choices.nextInt(10) == 0) {
                    type(choices);
                }
            } catch (IOException over) {
                awaitOver(over);
            }
            LockSupport.parkNanos(choices.nextLong(MAX_PAUSE_NANOS));
        }
        if (inputClosed) {
            try {
                stream.close();
            } catch (IOException interruptedOrOver) {
                Thread.interrupted(); // either may be: it is closed by whoever comes later
            }
        }
        return null;
    }

    private static void writeAll(OutputStream stream, byte[] bytes) throws IOException {
        for (int done = 0; done < bytes.length; ) {
            try {
                stream.write(bytes, done, bytes.length - done);
                return;
            } catch (InterruptedIOException interrupted) {
                assertTrue(Thread.interrupted(), "the interrupt status is kept");
                done += interrupted.bytesTransferred;
            }
        }
    }

    /** Writes units by the transport, beside the caller. */
    private Void send(int number, Random choices) throws Exception {
        for (int unit = 0; !ending && !inputClosed; LockSupport.parkNanos(choices.nextLong(MAX_PAUSE_NANOS))) {
            if (process.pendingBytes() < MAX_PENDING_BYTES) {
                try {
                    process.write(Chatter.unit(number, unit, choices.nextInt(MAX_PADDING)));
                    unit++;
                } catch (IllegalStateException over) {
                    awaitOver(over);
                }
            }
        }
        return null;
    }

    private void type(Random choices) throws IOException {
        switch (choices.nextInt(4)) {
            case 0 -> process.interrupt();
            case 1 -> process.quit();
            case 2 -> process.suspend();
            default -> process.sendEndOfFile();
        }
    }

    private void act() throws Exception {
        switch (random.nextInt(style == Style.STREAMS ? 12 : 20)) {
            case 0, 1 -> resize();
            case 2 -> process.attributes(process.attributes());
            case 3 -> {
                process.signal(Signal.STOP);
                stopped = true;
            }
            case 4, 5 -> goOn();
            case 6 -> process.stopOutput();
            case 7 -> process.resumeOutput();
            case 8 -> harmlessSignal();
            case 9 -> look();
            case 10 -> interruptHelpers();
            case 11 -> closeASide();
            case 12 -> process.pauseProducing();
            case 13, 14 -> resume();
            case 15 -> type(random);
            case 16 -> writeInPieces();
            default -> writeUnit();
        }
    }

    private void resize() throws IOException {
        WindowSize size = new WindowSize(1 + random.nextInt(200), 1 + random.nextInt(300));
        process.resize(size);
        assertEquals(size, process.windowSize());
    }

    private void goOn() throws IOException {
        process.signal(Signal.CONT);
        stopped = false;
    }

    private void harmlessSignal() throws IOException {
        Signal signal = pick(new Signal[] {Signal.WINCH, Signal.of("URG"), Signal.CONT});
        switch (random.nextInt(4)) {
            case 0 -> process.signalGroup(signal);
            case 1 -> process.signalForeground(signal);
            case 2 -> process.signalProcess(signal.name());
            default -> process.signalProcess(signal.number());
        }
    }

    private void look() throws IOException {
        assertEquals(process.pid(), process.toHandle().pid());
        assertTrue(process.pendingBytes() >= 0 && process.droppedBytes() >= 0 && process.unwrittenBytes() >= 0);
        process.foregroundProcess().ifPresent(foreground -> assertTrue(foreground.pid() > 0));
        assertTrue(process.toString().contains(Long.toString(process.pid())));
    }

    private void interruptHelpers() {
        Optional.ofNullable(reader).filter(thread -> !outputClosed).ifPresent(Thread::interrupt);
        Optional.ofNullable(writer).ifPresent(Thread::interrupt);
    }

    /** Seldom. */
    private void closeASide() throws IOException {
        switch (random.nextInt(40)) {
            case 0 -> {
                inputClosed = true;
                if (style != Style.STREAMS) {
                    process.closeStdin();
                }
            }
            case 1 -> {
                outputClosed = true;
                if (style == Style.STREAMS) {
                    process.getInputStream().close();
                } else {
                    process.closeStdout();
                }
            }
            default -> { }
        }
    }

    private void resume() {
        if (subscriber != null) {
            subscriber.ask(1 + random.nextInt(5));
        }
        process.resumeProducing();
    }

    private void writeUnit() {
        if (!inputClosed && process.pendingBytes() < MAX_PENDING_BYTES) {
            process.write(Chatter.unit(OWN_WRITER, written, random.nextInt(MAX_PADDING)));
            written++;
        }
    }

    private void writeInPieces() {
        if (!inputClosed && process.pendingBytes() < MAX_PENDING_BYTES) {
            byte[] unit = Chatter.unit(OWN_WRITER, written, random.nextInt(MAX_PADDING));
            int cut = random.nextInt(unit.length);
            process.writeSequence(List.of(ByteBuffer.wrap(unit, 0, cut), ByteBuffer.wrap(unit, cut, unit.length - cut)));
            written++;
        }
    }

    private void bringToEnd() throws Exception {
        if (end != End.CLOSE && end != End.HANG_UP && end != End.LOSE) {
            unlessOver(process::resumeOutput); // who holds the terminal and ignores SIGHUP would be held up for ever
        }
        ending = end != End.EXIT && end != End.QUIT;
        switch (end) {
            case EXIT, QUIT -> letExit();
            case KILL -> process.destroyForcibly();
            case TERM -> {
                process.destroy();
                unlessOver(this::goOn);
                if (flags.contains("t")) {
                    process.destroyForcibly();
                }
            }
            case CLOSE -> process.close();
            case CLOSE_BY_MANY -> closeByMany();
            case HANG_UP -> process.hangUp();
            case ABORT -> process.abortConnection();
            case LOSE -> process.loseConnection();
            case TERMINATE_SESSION -> assertEquals(List.of(), process.terminateSession(GRACE).survivors());
            case CLOSE_REACTOR -> ownReactor.orElseThrow().close();
        }
        if (style != Style.STREAMS) {
            resume();
        }
    }

    private void letExit() throws Exception {
        unlessOver(() -> {
            goOn();
            if (style != Style.STREAMS) {
                resume();
            }
            if (end == End.QUIT && !inputClosed) {
                quit();
            }
        });
        process.waitFor(); // its life is over soon in any case
        ending = true;
    }

    private void quit() throws Exception {
        byte[] bytes = keySignals ? "\nQ\n".getBytes(StandardCharsets.US_ASCII) : Chatter.QUIT; // behind the rest of a discarded line
        if (style == Style.STREAMS) {
            process.getOutputStream().write(bytes);
        } else {
            process.write(bytes);
        }
    }

    private void closeByMany() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (Runnable way : List.<Runnable>of(process::close, process::hangUp, process::destroy, process::close, process::abortConnection)) {
            threads.add(random.nextBoolean() ? Thread.startVirtualThread(way) : Thread.ofPlatform().start(way));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Does something that may be refused once the child has exited. */
    private void unlessOver(Leaks.Body action) throws Exception {
        try {
            action.run();
        } catch (IOException | IllegalStateException refused) {
            awaitOver(refused);
        }
    }

    /** Fails unless there is a reason for what was refused. */
    private void awaitOver(Exception refused) throws Exception {
        if (!ending && !inputClosed && !Await.within(PROMPT, () -> !process.isAlive())) {
            throw new AssertionError("refused, though nothing was closed and it lives", refused);
        }
    }

    private void check() throws Exception {
        assertEquals("", output.fault());
        assertEquals("", errors.fault());
        assertTrue(inputClosed || keySignals || !output.isCut(), "nothing was typed into a unit, but for the end of the input");
        if (protocol != null) {
            assertNull(protocol.thrown());
        }
        if (subscriber != null) {
            assertNull(subscriber.thrown());
        }
        ExitStatus status = process.exitStatus().orElseThrow();
        if (end == End.EXIT || end == End.QUIT) {
            assertEquals(new ExitStatus.Exited(exitCode), status);
            assertTrue(outputClosed || output.isComplete(), "all was heard");
            assertTrue(outputClosed || process.droppedBytes() == 0, "nothing was dropped");
        } else {
            assertTrue(ENDED_BY.contains(status) || status.equals(new ExitStatus.Exited(exitCode)), status::toString);
        }
        assertEquals(status.exitValue(), process.waitFor());
        assertFalse(process.isAlive());
        assertEquals(0, process.pendingBytes());
        assertEquals(ProcessTransport.State.DISCONNECTED, process.state());
        assertThrows(ProcessExitedException.class, () -> process.signal(Signal.CONT));
        if (style == Style.STREAMS) {
            assertThrows(IOException.class, () -> process.getOutputStream().write(0));
        } else {
            assertThrows(IllegalStateException.class, () -> process.write(new byte[1]));
        }
    }

    @Override
    public String toString() {
        return style + " to " + end + ", flags '" + flags + "', exit code " + exitCode + (keySignals ? ", with ISIG" : "")
                + (stopped ? ", stopped" : "") + (inputClosed ? ", input closed" : "") + (outputClosed ? ", output closed" : "")
                + ", heard " + output + ", " + process;
    }
}
