package dev.panpty.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link AgentTool} as a process of its own, as an agent starts it. */
@Timeout(120)
class AgentToolTest {

    private static final int COMMANDS = 200;

    private final ObjectMapper mapper = new ObjectMapper();

    /** Finds what is left: all processes have it in their environment. */
    private final String mark = UUID.randomUUID().toString();

    private Process tool;
    private OutputStream requests;
    private BufferedReader responses;

    @BeforeEach
    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "--enable-native-access=ALL-UNNAMED",
                "-classpath", System.getProperty("java.class.path"), AgentTool.class.getName()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("PANPTY_MARK", mark);
        tool = builder.start();
        requests = tool.getOutputStream();
        responses = tool.inputReader(StandardCharsets.UTF_8);
    }

    @AfterEach
    void end() throws Exception {
        requests.close();
        assertTrue(tool.waitFor(30, TimeUnit.SECONDS));
        assertEquals(List.of(), left());
    }

    private List<String> left() throws IOException {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(process -> environment(process).contains(mark)).map(process -> process.info().toString()).toList();
        }
    }

    private static String environment(ProcessHandle process) {
        try {
            return new String(Files.readAllBytes(Path.of("/proc/" + process.pid() + "/environ")), StandardCharsets.ISO_8859_1);
        } catch (IOException goneOrForeign) {
            return "";
        }
    }

    private void send(String line) throws IOException {
        requests.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        requests.flush();
    }

    private void send(Object id, String name, String key, Object value) throws IOException {
        send(mapper.writeValueAsString(Map.of("id", id, "tool", name, key, value)));
    }

    private JsonNode response() throws IOException {
        String line = responses.readLine();
        assertNotNull(line, "the tool has ended");
        return mapper.readTree(line);
    }

    private JsonNode run(String command) throws IOException {
        send(1, "run", "command", command);
        return response();
    }

    private JsonNode await(String until) throws IOException {
        send("wait", "wait", "seconds", 20);
        JsonNode response = response();
        assertEquals("wait", response.get("id").asText());
        assertEquals(until, response.path("asks").asText(), response::toString);
        return response;
    }

    @Test
    void commandsRunInOneShell() throws IOException {
        assertEquals(0, run("cd /; value=42").get("status").asInt());
        assertEquals("42 /\n", run("echo $value $PWD").get("output").asText());
        assertEquals(3, run("(exit 3)").get("status").asInt());
        assertTrue(run("echo 'open").get("incomplete").asBoolean());
        assertTrue(run("echo )").has("syntaxError"));
        assertEquals("exit code 7", run("exit 7").get("ended").asText());
        assertEquals("again\n", run("echo again").get("output").asText());
    }

    @Test
    void otherToolsAreUsedWhileACommandRuns() throws IOException {
        send(1, "run", "command", "read -p 'name? ' name; echo \"<$name>\"");
        await("input");
        send(2, "run", "command", "echo second");
        assertTrue(response().get("error").asText().startsWith("busy"));
        send(3, "screen", "of", "it");
        assertTrue(response().get("lines").toString().contains("name? "));
        send(4, "type", "text", "duke\r");
        List<JsonNode> both = List.of(response(), response());
        JsonNode result = both.get(both.get(0).get("id").asInt() == 1 ? 0 : 1);
        assertTrue(result.get("output").asText().endsWith("<duke>\n"), result::toString);
    }

    @Test
    void aPasswordIsAskedFor() throws IOException {
        send(1, "run", "command", "read -rs secret; echo ${#secret}");
        await("password");
        send(2, "type", "text", "12345\r");
        List<JsonNode> both = List.of(response(), response());
        JsonNode result = both.get(both.get(0).get("id").asInt() == 1 ? 0 : 1);
        assertTrue(result.get("output").asText().endsWith("5\n"), result::toString);
    }

    @Test
    void aCommandIsInterruptedOrEndsAtItsLimit() throws IOException {
        send(1, "run", "command", "sleep 100");
        send(2, "interrupt", "the", "sleep");
        List<Integer> ids = Stream.of(response(), response()).map(response -> response.get("id").asInt()).sorted().toList();
        assertEquals(List.of(1, 2), ids);
        send("{\"id\":3,\"tool\":\"run\",\"command\":\"sleep 100\",\"seconds\":0.3}");
        assertTrue(response().get("timedOut").asBoolean());
    }

    @Test
    void whateverComesGetsOneLine() throws IOException {
        for (String line : List.of("", "nonsense", "[]", "{}", "{\"id\":1}", "{\"id\":1,\"tool\":\"run\"}", "null", "\"run\"", "{\"id\":[1],\"tool\":\"rm\"}",
                "{\"id\":1,\"tool\":\"run\",\"command\":\"a\\u0000b\"}", "{\"id\":1,\"tool\":\"wait\",\"seconds\":-1}", "[".repeat(5000), "\u0000\u001b")) {
            send(line);
            assertTrue(response().has("error"), line);
        }
        JsonNode bytes = run("printf '\\377\\000\\033]0;x\\007\\342\\200\\250\"\\\\'");
        assertEquals(0, bytes.get("status").asInt());
        assertEquals("ok\n", run("echo ok").get("output").asText());
        assertTrue(run("seq 100000").get("omittedChars").asInt() > 0);
    }

    @Test
    void twoHundredCommandsLeaveNothing() throws IOException {
        List<String> kinds = List.of("echo one", "cat </dev/null", "sleep 1000 & echo left", "stty -echo; echo off", "seq 5000", "(setsid sleep 1000 &) ; echo daemon",
                "nohup sleep 1000 >/dev/null 2>&1 & echo nohup", "false", "kill -9 $BASHPID", "printf 'no newline'");
        for (int number = 0; number < COMMANDS; number++) {
            JsonNode response = run(kinds.get(number % kinds.size()));
            assertEquals(number % kinds.size() == 8, response.has("ended"), response::toString);
            if (number % kinds.size() == 4) {
                assertTrue(response.get("output").asText().endsWith("\n5000\n"), response::toString);
            }
        }
    }

    @Test
    void aTerminationEndsAllProcesses() throws Exception {
        send(1, "run", "command", "(trap '' HUP; sleep 1000) & sleep 1000");
        send(2, "wait", "seconds", 1);
        response();
        tool.destroy(); // SIGTERM
        assertTrue(tool.waitFor(30, TimeUnit.SECONDS));
        assertEquals(List.of(), left());
    }
}
