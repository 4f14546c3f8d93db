package dev.panpty.faults;

import dev.panpty.ExitStatus;
import dev.panpty.ProcessProtocol;
import dev.panpty.ProcessTransport;
import dev.panpty.Producer;
import dev.panpty.Pty;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.Reactor;
import dev.panpty.ResourceLimit;
import dev.panpty.Signal;
import dev.panpty.SpawnException;
import dev.panpty.SpawnStrategy;
import dev.panpty.StandardError;
import dev.panpty.TerminalAttributes;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * A use of the library. Its answer is the result that a user sees, the same each time. It closes everything it opens, and throws typed
 * errors to the caller.
 */
enum Scenario {

    /** Reads to the end of the output and waits for the exit, by each strategy. */
    POSIX_SPAWN(() -> startAndRead(SpawnStrategy.POSIX_SPAWN)),
    FORK_EXEC(() -> startAndRead(SpawnStrategy.FORK_EXEC)),
    PLAIN_FORK(() -> startAndRead(SpawnStrategy.PLAIN_FORK)),

    /** A program that cannot be executed: the child exists for a moment. */
    NOT_THERE(() -> {
        try (PtyProcess process = shell("exit").spawnStrategy(SpawnStrategy.FORK_EXEC).command("/nonexistent").start()) {
            return "started " + process.exitStatus();
        } catch (SpawnException expected) {
            if (!expected.errnoName().equals("ENOENT")) {
                throw expected;
            }
            return "not there";
        }
    }),

    /** Starts as another user, who then owns the terminal, with child settings. */
    USER(() -> startWithSettings(new PtyProcessBuilder("id", "-u").user("nobody"))),

    /** Starts with the same settings as the user who runs the tests. */
    SETTINGS(() -> startWithSettings(new PtyProcessBuilder("id", "-u"))),

    STANDARD_ERROR(() -> {
        PtyProcessBuilder builder = shell("printf out; printf err >&2; exit 4").stderr(StandardError.PIPE).endAtExit(true);
        try (PtyProcess process = builder.start()) {
            return readAll(process) + text(process.getErrorStream().readAllBytes()) + exit(process);
        }
    }),

    /** Queries of a live terminal. */
    CONTROL(() -> {
        try (PtyProcess process = raw("cat").start()) {
            process.resize(new WindowSize(40, 100));
            process.attributes(process.attributes().withEcho(false));
            process.getOutputStream().write('x');
            String seen = process.windowSize().rows() + text(process.getInputStream().readNBytes(1));
            seen += process.getInputStream().available();
            seen += process.foregroundProcessGroup().getAsInt() == process.pid();
            process.signal(Signal.CONT);
            process.signalGroup(Signal.CONT);
            process.signalForeground(Signal.CONT);
            process.stopOutput();
            process.resumeOutput();
            process.attributes(TerminalAttributes.cooked());
            process.interrupt();
            return seen + exit(process);
        }
    }),

    /** Closing the output stream ends the program's input. */
    END_OF_INPUT(() -> {
        try (PtyProcess process = shell("cat; exit 6").attributes(TerminalAttributes.cooked().withEcho(false)).start()) {
            process.getOutputStream().write("line\n".getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().close();
            return readAll(process) + exit(process);
        }
    }),

    /** More than the terminal holds, written and read in one thread. */
    ECHO(() -> {
        byte[] bytes = new byte[60_000];
        Arrays.fill(bytes, (byte) 'e');
        try (PtyProcess process = raw("cat").start()) {
            process.getOutputStream().write(bytes);
            byte[] back = process.getInputStream().readNBytes(bytes.length);
            return "" + Arrays.equals(bytes, back);
        }
    }),

    /** Output that no caller reads. */
    DROPPED(() -> {
        try (PtyProcess process = shell("head -c 150000 /dev/zero; exit 5").start()) {
            process.getInputStream().close();
            return exit(process);
        }
    }),

    /** A program that must be killed; where the kill fails, the hang-up ends it. */
    CLOSE(() -> {
        PtyProcess process = shell("trap '' HUP TERM; printf R; read x").closeGrace(Duration.ofMillis(50)).start();
        try (process) {
            process.getInputStream().readNBytes(1);
        }
        exit(process);
        return "gone";
    }),

    SESSION(() -> {
        PtyProcess process = shell("printf R; read x").start();
        try (process) {
            process.getInputStream().readNBytes(1);
            return "survivors " + process.terminateSession(Duration.ofMillis(200)).survivors().size();
        } finally {
            exit(process);
        }
    }),

    /** A terminal without a process, used at both ends, then given to a process. */
    PTY(() -> {
        try (Pty pty = Pty.open()) {
            pty.attributes(TerminalAttributes.raw());
            pty.ptmxOutputStream().write("to".getBytes(StandardCharsets.US_ASCII));
            String seen = text(pty.ptsInputStream().readNBytes(2));
            pty.ptsOutputStream().write("fro".getBytes(StandardCharsets.US_ASCII));
            seen += text(pty.ptmxInputStream().readNBytes(3));
            try (PtyProcess process = shell("printf given; exit 7").pty(pty).start()) {
                return seen + readAll(process) + exit(process);
            }
        }
    }),

    /** All bytes written come back; then the connection is closed gracefully. */
    PROTOCOL(() -> {
        Recorder recorder = new Recorder() {
            private boolean paused;

            @Override
            public void connectionMade(ProcessTransport transport) {
                super.connectionMade(transport);
                byte[] half = new byte[30_000];
                transport.registerProducer(new Producer.Push() {
                    @Override
                    public void pauseProducing() {
                        paused = true;
                    }

                    @Override
                    public void resumeProducing() {
                        transport.unregisterProducer();
                    }

                    @Override
                    public void stopProducing() {
                        // nothing is produced
                    }
                });
                transport.writeSequence(List.of(ByteBuffer.wrap(half), ByteBuffer.wrap(half)));
                transport.pauseProducing();
                transport.resumeProducing();
            }

            @Override
            void received(long bytes) {
                if (bytes == 60_000) {
                    transport().loseConnection();
                }
            }
        };
        // SIGHUP or the end of its input ends cat; the order is not determined
        return recorder.run(shell("trap '' HUP; cat; exit 2").attributes(TerminalAttributes.raw()).waterMarks(8192, 1024));
    }),

    /** A half close; the program exits by itself. */
    PROTOCOL_END_OF_INPUT(() -> {
        Recorder recorder = new Recorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                super.connectionMade(transport);
                transport.write("line\n".getBytes(StandardCharsets.US_ASCII));
                transport.closeStdin();
            }
        };
        PtyProcessBuilder builder = shell("cat; printf err >&2; exit 8").attributes(TerminalAttributes.cooked().withEcho(false));
        return recorder.run(builder.stderr(StandardError.PIPE));
    }),

    /** Paused and never resumed; the program exits. */
    PROTOCOL_PAUSED(() -> {
        Recorder recorder = new Recorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                super.connectionMade(transport);
                transport.pauseProducing();
            }
        };
        return recorder.run(shell("exit 9"));
    }),

    /** A reactor of our own, from its opening to its closing. */
    REACTOR(() -> {
        try (Reactor reactor = Reactor.open()) {
            PtyProcess process = shell("exit 2").start(reactor, new ProcessProtocol() { });
            return exit(process);
        }
    });

    /** The path by which strace shows the directory of the program. */
    static final String DIRECTORY = "/usr";

    /** Something that may throw. */
    interface Body {
        String run() throws Exception;
    }

    private final Body body;

    Scenario(Body body) {
        this.body = body;
    }

    String run() throws Exception {
        return body.run();
    }

    private static PtyProcessBuilder shell(String script) {
        return new PtyProcessBuilder("/bin/sh", "-c", script).directory(Path.of(DIRECTORY)).closeGrace(Duration.ofMillis(300))
                .loseConnectionLimit(Duration.ofSeconds(2));
    }

    private static PtyProcessBuilder raw(String script) {
        return shell("exec " + script).attributes(TerminalAttributes.raw());
    }

    private static String startAndRead(SpawnStrategy strategy) throws Exception {
        try (PtyProcess process = shell("printf hello; exit 3").spawnStrategy(strategy).start()) {
            return readAll(process) + exit(process);
        }
    }

    private static String startWithSettings(PtyProcessBuilder builder) throws Exception {
        builder.umask(077).niceness(5).limit(ResourceLimit.CORE, 0, 0).limit(ResourceLimit.NOFILE, 100, 100);
        try (PtyProcess process = builder.start()) {
            return readAll(process) + exit(process);
        }
    }

    private static String readAll(PtyProcess process) throws IOException {
        try (InputStream output = process.getInputStream()) {
            return text(output.readAllBytes());
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String exit(PtyProcess process) throws Exception {
        process.waitFor();
        process.onEnd().get();
        ExitStatus status = process.exitStatus().orElseThrow();
        return " " + status;
    }

    /** Counts the output, and records the other callbacks. */
    private static class Recorder implements ProcessProtocol {

        private final StringBuffer seen = new StringBuffer();
        private volatile ProcessTransport transport;
        private long bytes;

        ProcessTransport transport() {
            return transport;
        }

        void received(long total) {
            // overridden where it matters
        }

        @Override
        public void connectionMade(ProcessTransport made) {
            transport = made;
        }

        @Override
        public void outReceived(ByteBuffer data) {
            bytes += data.remaining();
            received(bytes);
        }

        @Override
        public void errReceived(ByteBuffer data) {
            seen.append(" stderr ").append(data.remaining());
        }

        @Override
        public void childConnectionLost(int childFd) {
            seen.append(" lost ").append(childFd);
        }

        @Override
        public void onError(Throwable thrown) {
            seen.append(" onError ").append(thrown);
            if (!(thrown instanceof IOException)) {
                seen.append(Arrays.toString(thrown.getStackTrace()));
            }
        }

        String run(PtyProcessBuilder builder) throws Exception {
            PtyProcess process = builder.start(this);
            String exit = exit(process);
            // the two sides of a connection may be lost in either order
            String[] told = seen.toString().split("(?= lost| onError| stderr)");
            Arrays.sort(told);
            return bytes + String.join("", told) + exit;
        }
    }
}
