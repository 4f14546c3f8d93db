package dev.panpty.sshd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalTap;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client of OpenSSH against the server, with the programs that people run over it. */
@Timeout(300)
class OpenSshTest {

    private static final AtomicLong OUTPUT = new AtomicLong();

    @TempDir
    private static Path folder;

    private static LoopbackServer server;

    @BeforeAll
    static void open() throws IOException {
        Tools.need("ssh", "setsid");
        server = LoopbackServer.open(folder, builder -> builder.shellCommand("bash", "--norc", "--noprofile")
                .terminal((channel, program) -> program.tap(new TerminalTap() {
                    @Override
                    public void output(ByteBuffer data) {
                        OUTPUT.addAndGet(data.remaining());
                    }
                })));
    }

    @AfterAll
    static void close() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private static byte[] random(int size) {
        byte[] data = new byte[size];
        new Random(size).nextBytes(data);
        return data;
    }

    @Test
    void bashHasJobControlAndFollowsTheWindow() throws Exception {
        Tools.need("bash");
        try (Console client = Console.start(server.ssh("-tt"))) {
            client.type("PS1='$ '; stty size; echo $((6 * 7))\r");
            client.await("30 100\r\n");
            client.await("42\r\n");
            client.process().resize(new WindowSize(20, 90));
            client.type("sh -c 'trap \"echo contin\"ued CONT; echo run\"\"ning; while :; do read line; done'\r");
            client.await("running\r\n"); // in the foreground now; it starts no program: a stopped child of vfork(2) holds its parent
            client.type("\u001a");
            client.await("Stopped");
            client.type("fg\r");
            client.await("continued\r\n");
            client.type("\u0003");
            client.await("^C");
            client.type("stty size; exit 37\r");
            client.await("20 90\r\n");
            assertEquals(37, client.awaitExit());
        }
    }

    @Test
    void vimEditsAFile() throws Exception {
        Tools.need("vim");
        Path file = folder.resolve("edited");
        try (Console client = Console.start(server.ssh("-tt", "vim", "-u", "NONE", "-N", file.toString()))) {
            client.await("[New");
            client.type("ihello\u001b:set columns?\r");
            client.await("columns=100");
            client.type(":wq\r");
            assertEquals(0, client.awaitExit());
        }
        assertEquals("hello\n", Files.readString(file));
    }

    @Test
    void topDrawsAndQuits() throws Exception {
        Tools.need("top");
        try (Console client = Console.start(server.ssh("-tt", "top", "-d", "1"))) {
            client.await("load average");
            client.await("load average");
            client.type("q");
            assertEquals(0, client.awaitExit());
        }
    }

    @Test
    void aPaneOfTmuxIsResized() throws Exception {
        Tools.need("tmux");
        try (Tmux tmux = Tmux.start(folder, 30, 100,
                server.ssh("-tt", "trap 'stty size' WINCH; echo ready; while :; do sleep 0.02; done"))) {
            tmux.await("ready");
            tmux.resize(22, 77);
            tmux.await("22 77");
        }
    }

    /** 200 MB while the client is stopped for 5 s; by default 20 MB and 1 s. */
    @Test
    void aFloodArrivesWholeAndIsHeldWhileTheClientIsStopped() throws Exception {
        int size = Tools.STRESS ? 200_000_000 : 20_000_000;
        long stoppedMillis = Tools.STRESS ? 5000 : 1000;
        OUTPUT.set(0);
        Process client = new ProcessBuilder(server.ssh("-tt", "stty raw -echo; yes 0123456789abcdef | head -c " + size + "; exit 3"))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())).start();
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        long received = 0;
        boolean wasStopped = false;
        byte[] bytes = new byte[65536];
        try (InputStream in = client.getInputStream()) {
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                digest.update(bytes, 0, count);
                received += count;
                if (!wasStopped && received > size / 4) {
                    wasStopped = true;
                    Command.run(List.of("kill", "-STOP", Long.toString(client.pid()))).succeeded();
                    long heapBefore = heap();
                    TimeUnit.MILLISECONDS.sleep(stoppedMillis); // the time that the test is about
                    long held = OUTPUT.get() - received;
                    assertTrue(held < 16_000_000, "read from the terminal and not received: " + held); // window and socket buffers
                    long grown = heap() - heapBefore;
                    assertTrue(grown < 32_000_000, "the heap has grown by " + grown);
                    Command.run(List.of("kill", "-CONT", Long.toString(client.pid()))).succeeded();
                }
            }
        }
        assertTrue(client.waitFor(60, TimeUnit.SECONDS));
        assertEquals(3, client.exitValue());
        assertEquals(size, received);
        assertArrayEquals(digestOfYes(size), digest.digest());
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static byte[] digestOfYes(int size) throws Exception {
        byte[] line = "0123456789abcdef\n".getBytes(StandardCharsets.US_ASCII);
        byte[] block = new byte[line.length * 10_000];
        for (int i = 0; i < block.length; i++) {
            block[i] = line[i % line.length];
        }
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (int rest = size; rest > 0; rest -= Math.min(rest, block.length)) {
            digest.update(block, 0, Math.min(rest, block.length));
        }
        return digest.digest();
    }

    @Test
    void aPasteOfTenMegabytesArrivesWhole() throws Exception {
        byte[] paste = random(10_000_000);
        Path received = folder.resolve("pasted");
        Process client = new ProcessBuilder(server.ssh("-tt", "stty raw -echo; echo ready; head -c 10000000 > " + received)).start();
        InputStream out = client.getInputStream();
        assertEquals("ready\n", new String(out.readNBytes(6), StandardCharsets.UTF_8));
        client.getOutputStream().write(paste);
        client.getOutputStream().flush();
        assertTrue(client.waitFor(120, TimeUnit.SECONDS));
        assertEquals(0, client.exitValue());
        assertEquals(-1, Arrays.mismatch(paste, Files.readAllBytes(received)));
    }

    @Test
    void aCommandWithoutATerminalIsBinaryClean() throws Exception {
        byte[] data = random(3_000_000);
        Path file = Files.write(folder.resolve("binary"), data);
        assertArrayEquals(data, Command.run(server.ssh("cat"), file, Map.of()).succeeded().out());
        assertEquals(37, Command.run(server.ssh("exit 37")).status());
        assertEquals(128 + 15, Command.run(server.ssh("kill $$")).status());
    }

    @Test
    void scpCopiesBothWays() throws Exception {
        Tools.need("scp");
        byte[] data = random(2_000_000);
        Path from = Files.write(folder.resolve("scp from"), data);
        Path there = folder.resolve("scp-there");
        Path back = folder.resolve("scp-back");
        List<String> scp = new ArrayList<>(List.of("scp", "-O", "-P", Integer.toString(server.server().getPort())));
        scp.addAll(server.options());
        Command.run(plus(scp, from.toString(), LoopbackServer.USER + "@127.0.0.1:" + there)).succeeded();
        Command.run(plus(scp, LoopbackServer.USER + "@127.0.0.1:" + there, back.toString())).succeeded();
        assertArrayEquals(data, Files.readAllBytes(back));
    }

    @Test
    void rsyncCopiesAFolder() throws Exception {
        Tools.need("rsync");
        Path from = Files.createDirectories(folder.resolve("rsync-from"));
        for (int i = 0; i < 100; i++) {
            Files.write(from.resolve("file" + i), random(1000 * i));
        }
        Path to = folder.resolve("rsync-to");
        List<String> shell = new ArrayList<>(List.of("ssh", "-p", Integer.toString(server.server().getPort())));
        shell.addAll(server.options());
        Command.run(List.of("rsync", "-a", "-e", String.join(" ", shell), from + "/", LoopbackServer.USER + "@127.0.0.1:" + to)).succeeded();
        for (int i = 0; i < 100; i++) {
            assertArrayEquals(random(1000 * i), Files.readAllBytes(to.resolve("file" + i)));
        }
    }

    @Test
    void gitPushesAndClones() throws Exception {
        Tools.need("git");
        Path work = folder.resolve("work");
        Path bare = folder.resolve("bare.git");
        Path clone = folder.resolve("clone");
        List<String> shell = new ArrayList<>(List.of("ssh"));
        shell.addAll(server.options());
        Map<String, String> environment = Map.of("GIT_SSH_COMMAND", String.join(" ", shell), "GIT_CONFIG_GLOBAL", "/dev/null",
                "GIT_CONFIG_SYSTEM", "/dev/null");
        String url = "ssh://" + LoopbackServer.USER + "@127.0.0.1:" + server.server().getPort() + bare;
        git(environment, "init", "-q", "-b", "main", work.toString());
        git(environment, "init", "-q", "--bare", "-b", "main", bare.toString());
        Files.write(work.resolve("data"), random(1_000_000));
        git(environment, "-C", work.toString(), "add", "data");
        git(environment, "-C", work.toString(), "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "data");
        git(environment, "-C", work.toString(), "push", "-q", url, "main");
        git(environment, "clone", "-q", url, clone.toString());
        assertArrayEquals(random(1_000_000), Files.readAllBytes(clone.resolve("data")));
    }

    private static List<String> plus(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return all;
    }

    private static void git(Map<String, String> environment, String... arguments) throws Exception {
        Command.run(plus(List.of("git"), arguments), Path.of("/dev/null"), environment).succeeded();
    }
}
