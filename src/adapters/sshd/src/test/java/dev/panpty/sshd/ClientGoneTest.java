package dev.panpty.sshd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that is killed: nothing of its sessions is left after the grace time. Four times each, 40 times in the stress profile. */
@Timeout(600)
class ClientGoneTest {

    private static final String MARK = UUID.randomUUID().toString();
    private static final int TIMES = Tools.STRESS ? 40 : 4;
    private static final String STUBBORN = "trap '' HUP TERM; (trap '' HUP TERM; sleep 1001 & sleep 1002) & nohup sleep 1003 >/dev/null 2>&1 & ";

    @TempDir
    private static Path folder;

    private static LoopbackServer server;

    private final Random random = new Random(3);

    @BeforeAll
    static void open() throws IOException {
        Tools.need("ssh", "setsid");
        server = LoopbackServer.open(folder, builder -> builder.variable("PANPTY_MARK", MARK).grace(Duration.ofMillis(400)));
    }

    @AfterAll
    static void close() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void whileItConnects() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            Process client = start("-tt");
            TimeUnit.MILLISECONDS.sleep(random.nextInt(400)); // any moment
            kill(client);
        }
    }

    @Test
    void atAPrompt() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            Process client = start("-tt");
            awaitMarked();
            kill(client);
        }
    }

    @Test
    void whileOutputPours() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            Process client = start("-tt", "yes");
            assertEquals('y', client.getInputStream().read());
            kill(client);
        }
    }

    @Test
    void withJobsThatIgnoreTheHangUp() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            Process client = start("-tt", STUBBORN + "echo ready; sleep 1004");
            awaitReady(client);
            kill(client);
        }
    }

    @Test
    void withoutATerminal() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            Process client = start(STUBBORN + "echo ready; sleep 1004 | cat");
            awaitReady(client);
            kill(client);
        }
    }

    @Test
    void aChannelThatTheClientClosesOnAConnectionThatStays() throws Exception {
        CoreModuleProperties.COMMAND_EXIT_TIMEOUT.set(server.server(), Duration.ofMinutes(10));
        ClientSession session = server.connect();
        for (boolean onTerminal : new boolean[] {true, false}) {
            RemoteProgram program = RemoteProgram.start(session, STUBBORN + "echo ready; sleep 1004", channel -> channel.setUsePty(onTerminal));
            program.awaitOutput("ready");
            program.channel().close(false);
            Await.until("nothing is left", () -> marked().isEmpty());
        }
        session.close();
    }

    private static Process start(String... rest) throws IOException {
        return new ProcessBuilder(server.ssh(rest)).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static void awaitReady(Process client) throws IOException {
        assertEquals("ready", new String(client.getInputStream().readNBytes(5), StandardCharsets.US_ASCII));
    }

    private static void awaitMarked() throws Exception {
        Await.until("the program runs", () -> !marked().isEmpty());
    }

    private static void kill(Process client) throws Exception {
        client.destroyForcibly().waitFor();
        Await.until("the server's session has ended", () -> server.server().getActiveSessions().isEmpty());
        Await.until("nothing is left", () -> marked().isEmpty());
    }

    /** The numbers of the processes that have the mark of this server. */
    private static List<String> marked() throws IOException {
        List<String> marked = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (environment(process).contains("PANPTY_MARK=" + MARK)) {
                    marked.add(process.getFileName().toString());
                }
            }
        }
        return marked;
    }

    private static String environment(Path process) {
        try {
            return new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
        } catch (IOException exitedOrAnothersOne) {
            return "";
        }
    }
}
