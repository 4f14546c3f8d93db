package dev.panpty.sshd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.client.session.ClientSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many sessions at once, and many ends. */
@Timeout(300)
class CrowdTest {

    private static final int SESSIONS = 200;
    private static final int CONNECTIONS = 10;
    private static final int ENDS = Tools.STRESS ? 300 : 30;

    private static final List<ClientSession> CLIENTS = new ArrayList<>();
    private static LoopbackServer server;

    @BeforeAll
    static void open(@TempDir Path folder) throws IOException {
        Tools.need("setsid");
        server = LoopbackServer.open(folder);
        for (int i = 0; i < CONNECTIONS; i++) {
            CLIENTS.add(server.connect());
        }
    }

    @AfterAll
    static void close() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void twoHundredTerminalsHaveNoThreadEach() throws Exception {
        int before = Thread.activeCount();
        List<RemoteProgram> all = startAll(true);
        int more = Thread.activeCount() - before;
        assertTrue(more < SESSIONS / 4, "more threads: " + more);
        useAll(all);
    }

    @Test
    void twoHundredProgramsRunWithoutTerminal() throws Exception {
        useAll(startAll(false));
    }

    private static List<RemoteProgram> startAll(boolean onTerminal) throws Exception {
        List<RemoteProgram> all = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            ClientSession client = CLIENTS.get(i % CONNECTIONS);
            String command = "echo ready; read line; echo \"<$line>\"; exit " + i;
            all.add(onTerminal ? RemoteProgram.onTerminal(client, command) : RemoteProgram.onPipes(client, command));
        }
        for (RemoteProgram program : all) {
            program.awaitOutput("ready");
        }
        return all;
    }

    private static void useAll(List<RemoteProgram> all) throws Exception {
        for (int i = 0; i < SESSIONS; i++) {
            all.get(i).send("line " + i + "\n");
        }
        for (int i = 0; i < SESSIONS; i++) {
            RemoteProgram program = all.get(i).awaitEnd();
            assertEquals(i, program.status());
            assertTrue(program.out().toString().contains("<line " + i + ">"), program.out().toString());
        }
    }

    /** 300 times in the stress profile. */
    @Test
    void statusOrSignalAndTheLastByteArriveEachTime() throws Exception {
        for (int i = 0; i < ENDS; i++) {
            ClientSession client = CLIENTS.get(i % CONNECTIONS);
            String output = "head -c " + 1000 * i + " /dev/zero; printf last";
            try (RemoteProgram program = RemoteProgram.onTerminal(client, output + "; exit 37")) {
                assertEquals(37, program.awaitEnd().status());
                assertWhole(1000 * i, program);
            }
            try (RemoteProgram program = RemoteProgram.onTerminal(client, output + "; kill -KILL $$")) {
                assertEquals("KILL", program.awaitEnd().signal());
                assertWhole(1000 * i, program);
            }
            try (RemoteProgram program = RemoteProgram.onPipes(client, output + "; exit 37")) {
                assertEquals(37, program.awaitEnd().status());
                assertWhole(1000 * i, program);
            }
            try (RemoteProgram program = RemoteProgram.onPipes(client, output + "; kill -TERM $$")) {
                assertEquals(128 + 15, program.awaitEnd().status());
                assertWhole(1000 * i, program);
            }
        }
    }

    private static void assertWhole(int zeros, RemoteProgram program) {
        String output = program.out().toString();
        assertEquals(zeros + "last".length(), output.length());
        assertTrue(output.endsWith("last"));
    }
}
