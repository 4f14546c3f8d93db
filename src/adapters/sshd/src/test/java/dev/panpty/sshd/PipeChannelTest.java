package dev.panpty.sshd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.client.session.ClientSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs without a terminal, as a client of MINA sees them. */
@Timeout(120)
class PipeChannelTest {

    private static LoopbackServer server;
    private static ClientSession session;

    @BeforeAll
    static void open(@TempDir Path folder) throws IOException {
        Tools.need("setsid");
        server = LoopbackServer.open(folder);
        session = server.connect();
    }

    @AfterAll
    static void close() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void bytesPassUnchangedInBothDirections() throws Exception {
        byte[] data = new byte[5_000_000];
        new Random(2).nextBytes(data);
        try (RemoteProgram program = RemoteProgram.onPipes(server.connect(), "cat")) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    program.send(data);
                    program.sendEof();
                } catch (IOException failed) {
                    throw new AssertionError(failed);
                }
            });
            assertEquals(0, program.awaitEnd().status());
            sent.join();
            assertArrayEquals(data, program.out().bytes());
        }
    }

    @Test
    void standardErrorIsSeparate() throws Exception {
        try (RemoteProgram program = RemoteProgram.onPipes(session, "echo out; echo err >&2; exit 37")) {
            assertEquals(37, program.awaitEnd().status());
            assertEquals("out\n", program.out().toString());
            assertEquals("err\n", program.err().toString());
        }
    }

    @Test
    void aSignalIsToldAs128AndItsNumber() throws Exception {
        try (RemoteProgram program = RemoteProgram.onPipes(session, "echo last; kill -9 $$")) {
            assertEquals(128 + 9, program.awaitEnd().status());
            assertEquals("last\n", program.out().toString());
        }
    }

    @Test
    void theProgramLeadsASession() throws Exception {
        try (RemoteProgram program = RemoteProgram.onPipes(session, "cut -d ' ' -f 1,5,6,7 /proc/$$/stat")) {
            List<String> fields = List.of(program.awaitEnd().out().toString().strip().split(" "));
            assertEquals(fields.get(0), fields.get(1), "process group");
            assertEquals(fields.get(0), fields.get(2), "session");
            assertEquals("0", fields.get(3), "terminal");
        }
    }

    @Test
    void anyRequestedSignalIsSent() throws Exception {
        try (RemoteProgram program = RemoteProgram.onPipes(session, "trap 'echo got it; exit 4' USR1; echo ready; while :; do sleep 0.02; done")) {
            program.awaitOutput("ready");
            program.request("signal", message -> message.putString("USR1"));
            assertEquals(4, program.awaitEnd().status());
            assertTrue(program.out().toString().contains("got it"));
        }
    }

    @Test
    void aProgramThatDoesNotReadItsInputEnds() throws Exception {
        try (RemoteProgram program = RemoteProgram.onPipes(server.connect(), "exec <&-; echo done; exit 6")) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    program.send(new byte[5_000_000]);
                } catch (IOException closed) {
                    assertTrue(program.channel().isClosing() || program.channel().isClosed(), closed.toString());
                }
            });
            assertEquals(6, program.awaitEnd().status());
            sent.join();
        }
    }

    @Test
    void theEnvironmentOfTheJvmIsNotPassedOn() throws Exception {
        try (RemoteProgram program = RemoteProgram.start(session, "env", channel -> channel.setEnv("LC_ALL", "C"))) {
            List<String> names = program.awaitEnd().out().toString().lines().map(line -> line.replaceAll("=.*", "")).toList();
            assertTrue(names.containsAll(List.of("HOME", "SHELL", "PATH", "LC_ALL", "SSH_CLIENT")), names.toString());
            assertFalse(names.contains("TERM"), names.toString());
            assertTrue(List.of("HOME", "USER", "LOGNAME", "SHELL", "PATH", "LC_ALL", "SSH_CLIENT", "SSH_CONNECTION", "PWD", "OLDPWD", "SHLVL", "_")
                    .containsAll(names), names.toString());
        }
    }

    @Test
    void aLoginShellReadsItsCommandsFromTheChannel() throws Exception {
        var shell = session.createShellChannel();
        shell.setUsePty(false);
        RemoteProgram.Output out = new RemoteProgram.Output();
        shell.setOut(out);
        shell.open().verify(RemoteProgram.LIMIT);
        shell.getInvertedIn().write("tr '\\0' ' ' < /proc/$$/cmdline; exit 9\n".getBytes());
        shell.getInvertedIn().flush();
        Await.until("the shell's end", shell::isClosed);
        assertEquals(9, shell.getExitStatus());
        assertEquals("/bin/sh -l ", out.toString());
    }
}
