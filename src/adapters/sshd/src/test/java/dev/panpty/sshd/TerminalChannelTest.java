package dev.panpty.sshd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.Tapped;
import dev.panpty.TerminalAttributes;
import dev.panpty.TerminalAttributes.ControlCharacter;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.TerminalTap;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.channel.PtyMode;
import org.apache.sshd.server.channel.ChannelSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs on a terminal, message by message, as a client of MINA sees them. */
@Timeout(120)
class TerminalChannelTest {

    private static final BlockingQueue<Started> STARTED = new LinkedBlockingQueue<>();
    private static final BlockingQueue<WindowSize> RESIZED = new LinkedBlockingQueue<>();
    private static final AtomicLong OUTPUT = new AtomicLong();
    private static final String WAIT = "while :; do sleep 0.02; done";

    @TempDir
    private static Path folder;

    private static LoopbackServer server;
    private static ClientSession session;

    /** What a terminal was before its program's first byte. */
    private record Started(WindowSize size, TerminalAttributes attributes) {}

    @BeforeAll
    static void open() throws IOException {
        server = LoopbackServer.open(folder, builder -> builder.variable("ADDED", "by the server").acceptVariables("LANG", "LC_*")
                .terminal((channel, program) -> program.tap(new TerminalTap() {
                    @Override
                    public void started(Tapped terminal) {
                        try {
                            STARTED.add(new Started(terminal.windowSize(), terminal.attributes()));
                        } catch (IOException closed) {
                            throw new AssertionError(closed);
                        }
                    }

                    @Override
                    public void resized(WindowSize size) {
                        RESIZED.add(size);
                    }

                    @Override
                    public void output(ByteBuffer data) {
                        OUTPUT.addAndGet(data.remaining());
                    }
                })));
        session = server.connect();
    }

    @AfterAll
    static void close() throws IOException {
        server.close();
    }

    private static Started started(Runnable start) throws InterruptedException {
        STARTED.clear();
        start.run();
        return STARTED.poll(30, TimeUnit.SECONDS);
    }

    private static RemoteProgram start(String command) {
        try {
            return RemoteProgram.onTerminal(session, command);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static Started withSize(int columns, int rows, int width, int height) throws InterruptedException {
        return started(() -> {
            try {
                RemoteProgram.start(session, ":", channel -> {
                    channel.setUsePty(true);
                    channel.setPtyColumns(columns);
                    channel.setPtyLines(rows);
                    channel.setPtyWidth(height); // MINA's client sends the height first
                    channel.setPtyHeight(width);
                }).awaitEnd();
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        });
    }

    @Test
    void ptyReqSetsSizeAndPixelsBeforeTheFirstByte() throws Exception {
        assertEquals(new WindowSize(31, 101, 808, 496), withSize(101, 31, 808, 496).size());
    }

    @Test
    void dimensionsOfZeroAreIgnored() throws Exception {
        assertEquals(new WindowSize(24, 80), withSize(0, 0, 0, 0).size());
        assertEquals(new WindowSize(24, 132), withSize(132, 0, 0, 0).size());
    }

    @Test
    void dimensionsThatTheKernelCannotHoldAreTheLargest() throws Exception {
        assertEquals(new WindowSize(65535, 65535, 65535, 65535), withSize(-1, -1, -1, -1).size());
    }

    @Test
    void ptyReqSetsTheModesBeforeTheFirstByte() throws Exception {
        Started terminal = started(() -> {
            try {
                RemoteProgram.start(session, ":", channel -> {
                    channel.setUsePty(true);
                    channel.setPtyModes(Map.of(PtyMode.ECHO, 0, PtyMode.VINTR, 24, PtyMode.VSUSP, 255));
                }).awaitEnd();
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        });
        assertFalse(terminal.attributes().has(LocalFlag.ECHO));
        assertTrue(terminal.attributes().has(LocalFlag.ICANON));
        assertEquals(24, terminal.attributes().character(ControlCharacter.VINTR));
        assertEquals(0, terminal.attributes().character(ControlCharacter.VSUSP));
    }

    @Test
    void windowChangeResizes() throws Exception {
        try (RemoteProgram program = start("trap 'stty size' WINCH; echo ready; " + WAIT)) {
            program.awaitOutput("ready");
            program.channel().sendWindowChange(133, 44, 0, 0);
            program.awaitOutput("44 133");
            program.channel().sendWindowChange(0, 45, 0, 0); // columns as before
            program.awaitOutput("45 133");
        }
    }

    @Test
    void channelExpectRefusesNullByName() throws Exception {
        assertEquals("channel", assertThrows(NullPointerException.class, () -> ChannelExpect.over(null)).getMessage());
        try (RemoteProgram program = start("true")) {
            assertEquals("options", assertThrows(NullPointerException.class, () -> ChannelExpect.over(program.channel(), null)).getMessage());
        }
    }

    @Test
    void channelExpectSendsThePixelsInTheOrderOfTheRfc() throws Exception {
        try (RemoteProgram program = start("echo ready; " + WAIT)) {
            program.awaitOutput("ready");
            RESIZED.clear();
            ChannelExpect.resize(program.channel(), new WindowSize(44, 133, 1064, 704));
            assertEquals(new WindowSize(44, 133, 1064, 704), RESIZED.poll(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void signalGoesToTheProgram() throws Exception {
        try (RemoteProgram program = start("trap 'echo got it' USR1; echo ready; " + WAIT)) {
            program.awaitOutput("ready");
            program.request("signal", message -> message.putString("USR1"));
            program.awaitOutput("got it");
        }
    }

    @Test
    void signalsOutsideTheListOfTheRfcHaveADomain() throws Exception {
        try (RemoteProgram program = start("trap 'echo got it' URG; echo ready; " + WAIT)) {
            program.awaitOutput("ready");
            program.request("signal", message -> message.putString("URG@panpty.dev"));
            program.awaitOutput("got it");
            program.request("signal", message -> message.putString("BUS"));
            assertEquals("BUS@panpty.dev", program.awaitEnd().signal());
        }
    }

    @Test
    void breakIsTreatedByTheModesOfTheTerminal() throws Exception {
        try (RemoteProgram program = start("trap 'echo interrupted' INT; stty raw -echo brkint isig; echo ready; " + WAIT)) {
            program.awaitOutput("ready");
            program.request("break", message -> message.putUInt(500));
            program.awaitOutput("interrupted");
        }
        try (RemoteProgram program = start("stty raw -echo -brkint; echo ready; head -c 1 | od -An -tx1")) {
            program.awaitOutput("ready");
            program.request("break", message -> message.putUInt(500));
            program.awaitOutput(" 00");
        }
        try (RemoteProgram program = start("stty raw -echo ignbrk; echo ready; head -c 1 | od -An -tx1")) {
            program.awaitOutput("ready");
            program.request("break", message -> message.putUInt(500));
            program.send("A");
            program.awaitOutput(" 41");
        }
    }

    @Test
    void eofOfTheClientTypesVeof() throws Exception {
        try (RemoteProgram program = start("cat; echo the end; exit 3")) {
            program.send("a line\n");
            program.sendEof();
            assertEquals(3, program.awaitEnd().status());
            assertEquals("a line\r\na line\r\nthe end\r\n", program.out().toString());
        }
    }

    @Test
    void aProgramThatASignalHasEndedIsToldByExitSignalAlone() throws Exception {
        try (RemoteProgram program = start("echo last; kill -9 $$")) {
            assertEquals("KILL", program.awaitEnd().signal());
            assertNull(program.status());
            assertEquals("last\r\n", program.out().toString());
        }
    }

    @Test
    void outputEofStatusAndCloseComeInThisOrder() throws Exception {
        for (String end : List.of("exit 37", "kill -TERM $$")) {
            List<String> heard = new CopyOnWriteArrayList<>();
            RemoteProgram program = new RemoteProgram(session, "head -c 300000 /dev/zero; " + end);
            program.channel().setUsePty(true);
            program.heard(request -> heard.add(request + " after " + program.out().bytes().length
                    + (program.channel().isEofSignalled() ? " and EOF" : "") + (program.channel().isClosing() ? " and CLOSE" : "")));
            program.start();
            program.awaitEnd();
            assertEquals(List.of((end.startsWith("exit") ? "exit-status" : "exit-signal") + " after 300000 and EOF"), heard);
        }
    }

    @Test
    void onlyAcceptedVariablesOfTheClientReachTheProgram() throws Exception {
        try (RemoteProgram program = RemoteProgram.start(session, "env", channel -> {
            channel.setUsePty(true);
            channel.setPtyType("vt220");
            channel.setEnv("LC_TIME", "C.UTF-8");
            channel.setEnv("LD_PRELOAD", "/evil.so");
            channel.setEnv("ADDED", "by the client");
        })) {
            String environment = program.awaitEnd().out().toString();
            assertTrue(environment.contains("LC_TIME=C.UTF-8\r\n"), environment);
            assertTrue(environment.contains("TERM=vt220\r\n"), environment);
            assertTrue(environment.contains("ADDED=by the server\r\n"), environment);
            assertTrue(environment.contains("SSH_TTY=/dev/pts/"), environment);
            assertTrue(environment.contains("SSH_CONNECTION=127.0.0.1 "), environment);
            assertFalse(environment.contains("LD_PRELOAD"), environment);
            assertFalse(environment.contains("COLUMNS="), environment);
        }
    }

    @Test
    void aProgramThatDoesNotExistIsToldAndGives127() throws Exception {
        try (LoopbackServer other = LoopbackServer.open(folder, builder -> builder.shell("/no/such/shell"));
                RemoteProgram program = RemoteProgram.onTerminal(other.connect(), "ls")) {
            assertEquals(127, program.awaitEnd().status());
            assertTrue(program.err().toString().contains("/no/such/shell"), program.err().toString());
        }
    }

    @Test
    void aChannelWithoutTheListenerIsRefused() {
        PtyCommandFactory factory = PtyCommandFactory.builder().build();
        assertThrows(IllegalStateException.class, () -> factory.createCommand(new ChannelSession(), "ls"));
    }

    @Test
    void aSecondPtyReqHasNoEffect() throws Exception {
        try (RemoteProgram program = start("stty size; read line; stty size")) {
            program.awaitOutput("24 80");
            program.request("pty-req", message -> {
                message.putString("vt100");
                message.putUInt(99);
            });
            program.send("go\n");
            assertEquals("24 80\r\ngo\r\n24 80\r\n", program.awaitEnd().out().toString());
        }
    }

    @Test
    void aProgramIsBlockedWhileTheWindowIsFullAndHoldsUpNoOther() throws Exception {
        long window = 2 * 1024 * 1024;
        OUTPUT.set(0);
        CompletableFuture<Void> reads = new CompletableFuture<>();
        try (RemoteProgram other = start("cat")) {
            RemoteProgram flood = RemoteProgram.start(server.connect(), "stty raw; head -c 20000000 /dev/zero", channel -> {
                channel.setUsePty(true);
                channel.setOut(new OutputStream() { // blocks its thread, so that a session of its own is needed
                    @Override
                    public void write(int value) {
                        throw new AssertionError("one byte");
                    }

                    @Override
                    public void write(byte[] data, int start, int length) {
                        reads.join();
                    }
                });
            });
            Await.until("the window is full", () -> flood.channel().getLocalWindow().getSize() < window && isSteady());
            for (int i = 0; i < 20; i++) {
                other.send("echo " + i + "\n");
                other.awaitOutput("echo " + i + "\r\necho " + i + "\r\n");
            }
            long held = OUTPUT.get();
            assertTrue(held < window + 1_000_000, "read from the terminal: " + held);
            reads.complete(null);
            assertEquals(0, flood.awaitEnd().status());
        }
    }

    private static boolean isSteady() throws InterruptedException {
        long before = OUTPUT.get();
        TimeUnit.MILLISECONDS.sleep(200); // the absence of an event
        return before > 0 && before == OUTPUT.get();
    }

    @Test
    void theWindowOpensOnlyAsTheProgramReads() throws Exception {
        byte[] paste = new byte[5_000_000];
        new Random(1).nextBytes(paste);
        Path go = folder.resolve("go");
        try (RemoteProgram program = RemoteProgram.start(server.connect(),
                "stty raw -echo; echo ready; while ! [ -e " + go + " ]; do sleep 0.02; done; head -c 5000000 | cksum",
                channel -> channel.setUsePty(true))) {
            program.awaitOutput("ready");
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    program.send(paste);
                } catch (IOException failed) {
                    throw new AssertionError(failed);
                }
            });
            Await.until("the server's window is used up", () -> program.channel().getRemoteWindow().getSize() == 0);
            assertFalse(sent.isDone());
            Files.createFile(go);
            program.awaitEnd();
            sent.join();
            assertEquals(cksum(paste), program.out().toString().lines().toList().getLast().strip());
        }
    }

    private static String cksum(byte[] data) throws Exception {
        Process cksum = new ProcessBuilder("cksum").start();
        try (var in = cksum.getOutputStream()) {
            in.write(data);
        }
        return new String(cksum.getInputStream().readAllBytes()).strip();
    }

    @Test
    void keysAreExchangedAgainWhileOutputPours() throws Exception {
        ClientSession own = server.connect();
        try (RemoteProgram program = RemoteProgram.onTerminal(own, "stty raw; head -c 20000000 /dev/zero; exit 5")) {
            for (int i = 0; i < 5; i++) {
                own.reExchangeKeys().verify(RemoteProgram.LIMIT);
            }
            assertEquals(5, program.awaitEnd().status());
            assertArrayEquals(new byte[20_000_000], program.out().bytes());
        }
    }
}
