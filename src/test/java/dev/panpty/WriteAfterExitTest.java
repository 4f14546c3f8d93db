package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * No write is accepted after the program has exited, unless another process still holds its terminal. The kernel itself has room for some
 * 64 KiB that no process would read, and makes more room when the library drains the rest of the output.
 */
@Timeout(60)
class WriteAfterExitTest {

    private static final int ROUNDS = 60;
    private static final int BYTES_READ = 3000;
    private static final int GAPS = 3;
    private static final long MOST_ACCEPTED = 2_000_000;
    private static final int TRACED_ROUNDS = Integer.getInteger("dev.panpty.test.rounds", 12);
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    @EachWay
    void writesAfterTheExitAreRefused() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            try (PtyProcess process = readsSome(round % 2 == 0).start()) {
                assertEquals('R', process.getInputStream().read());
                int together = round % 4 < 2 ? 1 : 4096;
                CompletableFuture<Process> exit = process.onExit();
                FutureTask<Integer> typing = new FutureTask<>(() -> typeUntilRefused(process.getOutputStream(), new byte[together], exit));
                Thread.ofPlatform().daemon().start(typing);
                assertEquals(0, process.waitFor());
                assertEquals(0, typing.get(), "writes accepted after the exit, of " + together + " bytes each");
            }
        }
    }

    /** Writes until a write is refused; returns the number of accepted writes that began after the exit. */
    private static int typeUntilRefused(OutputStream input, byte[] bytes, CompletableFuture<Process> exit) {
        for (int after = 0; ; ) {
            boolean exited = exit.isDone();
            try {
                input.write(bytes);
            } catch (IOException refused) {
                return after;
            }
            after += exited ? 1 : 0;
        }
    }

    @EachWay
    void aHolderOfTheTerminalReadsOnAfterTheExit() throws Exception {
        Path heard = folder.resolve("heard");
        String reads = "head -c " + HELLO.length + " <&3 >" + heard;
        try (PtyProcess process = Programs.rawAndThen("trap '' HUP; exec 3<&0; : >" + heard + "; " + reads + " & exit 0")) {
            assertEquals(0, process.waitFor());
            process.getOutputStream().write(HELLO);
            Await.until("it has read", () -> Files.size(heard) == HELLO.length);
            process.onEnd().join();
            assertThrows(IOException.class, () -> process.getOutputStream().write(HELLO));
        }
    }

    @EachWay
    void inEventStyleBytesAfterTheExitCountAsUnwritten() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            ProtocolRecorder recorder = new ProtocolRecorder() {
                @Override
                public void processExited(ExitStatus status) {
                    assertDoesNotThrow(() -> transport().write(HELLO));
                    super.processExited(status);
                }
            };
            try (PtyProcess process = readsSome(round % 2 == 0).start(recorder)) {
                recorder.awaitOutput("R");
                process.write(new byte[BYTES_READ]);
                recorder.awaitEnd().assertOrderly();
                assertEquals(HELLO.length, process.unwrittenBytes());
            }
        }
    }

    /** The reactor handles the exit before it calls connectionMade. */
    @EachWay
    void bytesOfALateConnectionMadeCountAsUnwritten() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                super.connectionMade(transport);
                transport.write(HELLO);
            }
        };
        CountDownLatch go = new CountDownLatch(1);
        try (Reactor reactor = Reactor.open()) {
            reactor.execute(() -> assertDoesNotThrow(() -> go.await()));
            PtyProcess process = new PtyProcessBuilder("true").start(reactor, recorder);
            Await.until("it has exited", () -> Children.hasExited(process.pid()));
            go.countDown();
            recorder.awaitEnd().assertOrderly();
            assertEquals(HELLO.length, process.unwrittenBytes());
        }
    }

    /**
     * The kernel accepts bytes for a terminal without a program, and echoes them. Only a trace can show that no write begins after the exit,
     * except one that was decided before it, and that written and unwritten bytes add up to the accepted bytes.
     */
    @Test
    @Needs("strace")
    @Timeout(300)
    void noWriteIsMadeAfterTheExitAndTheSumIsExact() throws Exception {
        Path trace = folder.resolve("trace");
        Path sums = folder.resolve("sums");
        new ForkedJvm(WritesAcrossTheExit.class).limit(Duration.ofSeconds(250))
                .by("strace", "-f", "-y", "-q", "-s", "4", "--seccomp-bpf", "-o", trace.toString(), "-e", "signal=none",
                        "-e", "trace=openat,read,write,poll,ioctl,epoll_wait,epoll_pwait,waitid")
                .arguments(sums.toString(), Integer.toString(TRACED_ROUNDS)).run();
        List<String> said = Files.readAllLines(sums);
        assertEquals(2 * TRACED_ROUNDS, said.size());
        Set<String> children = said.stream().map(line -> line.split(" ")[0]).collect(Collectors.toSet());
        List<Long> written = new WriteTrace(children, Files.readAllLines(trace)).writtenBytes();
        for (int i = 0; i < said.size(); i++) {
            assertEquals(said.get(i).split(" ")[1], Long.toString(written.get(i)), "process " + i);
        }
    }

    /** Runs in a JVM of its own. Reports the pid of each process, and the bytes that the library counts as written. */
    public static final class WritesAcrossTheExit implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Throwable {
            List<String> said = new ArrayList<>();
            for (int round = 0; round < Integer.parseInt(arguments[1]); round++) {
                byte[] bytes = new byte[round % 3 == 0 ? 40 : round % 3 == 1 ? 5000 : 100_000];
                said.add(inStreams(readsSome(round % 2 == 0), bytes));
                said.add(inEvents(readsSome(round % 2 == 0), bytes));
            }
            Files.write(Path.of(arguments[0]), said);
        }

        private static String inStreams(PtyProcessBuilder builder, byte[] bytes) throws Exception {
            try (PtyProcess process = builder.start()) {
                assertEquals('R', process.getInputStream().read());
                long written = 0;
                for (boolean open = true; open; ) {
                    try {
                        process.getOutputStream().write(bytes);
                        written += bytes.length;
                    } catch (PartialWriteException partial) {
                        written += partial.bytesWritten();
                        open = false;
                    } catch (IOException refused) {
                        open = false;
                    }
                }
                process.onEnd().get();
                return process.pid() + " " + written;
            }
        }

        private static String inEvents(PtyProcessBuilder builder, byte[] bytes) throws Exception {
            ProtocolRecorder recorder = new ProtocolRecorder();
            try (PtyProcess process = builder.start(recorder)) {
                recorder.awaitOutput("R");
                long accepted = 0;
                for (boolean open = true; open && accepted < MOST_ACCEPTED; ) {
                    try {
                        process.write(bytes);
                        accepted += bytes.length;
                    } catch (IllegalStateException refused) {
                        open = false;
                    }
                }
                recorder.awaitEnd().assertOrderly();
                assertEquals(0, process.pendingBytes());
                return process.pid() + " " + (accepted - process.unwrittenBytes());
            }
        }
    }

    /** The traced calls of one JVM that has one terminal at a time. */
    private static final class WriteTrace {

        private static final Pattern WRITE = Pattern.compile("write\\(\\d+<[^>]*ptmx>");
        private static final Pattern RESULT = Pattern.compile(".*= (-?\\d+|\\?)[^=]*");

        private final Set<String> children;
        private final List<Long> written = new ArrayList<>();
        private final Set<String> threads = new HashSet<>();
        private final Set<String> writing = new HashSet<>();
        private final Set<String> decided = new HashSet<>(); // threads whose next write may have been decided before the exit
        private boolean exited;

        WriteTrace(Set<String> children, List<String> lines) {
            this.children = children;
            lines.forEach(this::read);
        }

        List<Long> writtenBytes() {
            return written;
        }

        private void read(String line) {
            String thread = line.substring(0, line.indexOf(' '));
            threads.add(thread);
            boolean begins = !line.contains(" resumed>");
            boolean ends = !line.contains("<unfinished ...>");
            if (begins && line.contains("openat(") && line.contains("\"/dev/ptmx\"")) {
                exited = false;
                written.add(0L);
            } else if (begins && WRITE.matcher(line).find()) {
                assertTrue(!exited || decided.contains(thread), () -> "after the exit: " + line);
                writing.add(thread);
            }
            if (ends && writing.remove(thread)) {
                Matcher result = RESULT.matcher(line);
                assertTrue(result.matches(), line);
                written.set(written.size() - 1, written.getLast() + Math.max(0, result.group(1).equals("?") ? 0 : Long.parseLong(result.group(1))));
            }
            if (line.contains("ERESTART")) {
                decided.add(thread); // the kernel restarts the same call
            } else if (begins) {
                decided.remove(thread); // not at the end of a poll(2), which may have polled before the exit
            }
            if (!exited && children.contains(thread) && line.contains(" +++ ")) {
                exited = true;
                decided.addAll(threads);
            }
        }
    }

    /** Closes its terminal, opens it again when the file exists, then reads a line. */
    private PtyProcessBuilder letsGo(Path gone, Path go) {
        return new PtyProcessBuilder("sh", "-c", "trap '' HUP; stty -echo; exec 0<&- 1>&- 2>&-; : >" + gone + "; " + Programs.until(go)
                + "; exec 0</dev/tty 1>/dev/tty; read -r x; echo \"got<$x>\"; exit 3");
    }

    /** No event would report that the terminal is writable. */
    @EachWay
    void bytesAreWrittenWhileARunningProgramHasItsTerminalClosed() throws Exception {
        for (int round = 0; round < GAPS; round++) {
            Path gone = folder.resolve("gone" + round);
            Path go = folder.resolve("go" + round);
            try (PtyProcess process = letsGo(gone, go).start()) {
                Await.until("it has let go", () -> Files.exists(gone));
                process.getOutputStream().write("line\n".getBytes(StandardCharsets.US_ASCII));
                Files.createFile(go);
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertEquals("got<line>\r\n", output);
                assertEquals(3, process.waitFor());
            }
            ProtocolRecorder recorder = new ProtocolRecorder();
            Path goneAgain = folder.resolve("gone-event" + round);
            Path goAgain = folder.resolve("go-event" + round);
            try (PtyProcess process = letsGo(goneAgain, goAgain).start(recorder)) {
                Await.until("it has let go", () -> Files.exists(goneAgain));
                process.write("line\n".getBytes(StandardCharsets.US_ASCII));
                Await.until("it is written", () -> process.pendingBytes() == 0);
                Files.createFile(goAgain);
                recorder.awaitEnd().assertOrderly();
                assertEquals("got<line>\r\n", recorder.text());
                assertEquals(0, process.unwrittenBytes());
            }
        }
    }

    /** Inside a callback, before the loop has handled the hang-up or the exit. */
    @EachWay
    void aCallbackWritesNothingToAProgramThatHasExited() throws Exception {
        for (int round = 0; round < ROUNDS / 4; round++) {
            ProtocolRecorder recorder = new ProtocolRecorder() {
                @Override
                public void outReceived(ByteBuffer data) {
                    assertDoesNotThrow(() -> Await.until("it has exited", () -> Children.hasExited(transport().pid())));
                    transport().write(HELLO);
                    super.outReceived(data);
                }
            };
            try (PtyProcess process = new PtyProcessBuilder("printf", "bye").start(recorder)) {
                recorder.awaitEnd().assertOrderly();
                assertEquals("bye", recorder.text());
                assertEquals(HELLO.length, process.unwrittenBytes());
            }
        }
    }

    private static PtyProcessBuilder readsSome(boolean endAtExit) {
        return new PtyProcessBuilder("sh", "-c", "stty raw -echo; printf R; exec head -c " + BYTES_READ + " >/dev/null").endAtExit(endAtExit);
    }

    /** The echo of the key would be the next output. */
    @EachWay
    void aProtocolThatInterruptsAtEachOutputHasAnEnd() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                super.outReceived(data);
                assertDoesNotThrow(transport()::interrupt);
            }
        };
        new PtyProcessBuilder("sh", "-c", "echo a; read answer").start(recorder);
        recorder.awaitEnd().assertOrderly();
        assertEquals(List.of(), recorder.errors());
    }
}
