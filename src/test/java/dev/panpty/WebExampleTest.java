package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.examples.web.WebTerminal;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Repository;
import dev.panpty.testing.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The terminal in a browser, an example. */
class WebExampleTest {

    private static final Path NPM = Path.of(System.getProperty("panpty.npm", Optional.ofNullable(System.getenv("PANPTY_NPM")).orElse("target/npm")));

    @TempDir
    Path folder;

    private WebTerminal terminal;

    @AfterEach
    void end() {
        if (terminal != null) {
            terminal.close();
        }
    }

    /** With files in place of npm's packages, which no browser loads. */
    private WebTerminal start(String... command) throws IOException {
        for (String file : List.of("@xterm/xterm/lib/xterm.mjs", "@xterm/xterm/css/xterm.css", "@xterm/addon-fit/lib/addon-fit.mjs")) {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.writeString(folder.resolve(file), "");
        }
        terminal = new WebTerminal(folder, Repository.path("src/examples/web"), 0, new PtyProcessBuilder(command));
        return terminal;
    }

    private String authority() {
        return URI.create(terminal.url()).getAuthority();
    }

    private String token() {
        return "Authorization: Bearer " + URI.create(terminal.url()).getFragment();
    }

    private String origin() {
        return "Origin: http://" + authority();
    }

    /** A request as it is on the wire; the code of the response and its text. */
    private String ask(String request, String body, String... headers) throws IOException {
        URI uri = URI.create(terminal.url());
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            String head = request + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n";
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void assertCode(int code, String request, String body, String... headers) throws IOException {
        String response = ask(request, body, headers);
        assertTrue(response.startsWith("HTTP/1.1 " + code + " "), request + List.of(headers) + ": " + response);
    }

    @Test
    void onlyItsOwnPageIsServed() throws IOException {
        start("cat");
        String host = "Host: " + authority();
        String load = "GET /output?rows=24&columns=80&from=0";
        String type = "POST /input?sequence=0";
        String page = "X-Page: one";
        assertCode(200, "GET /", "", host);
        assertCode(200, "GET /", "", host, "Sec-Fetch-Site: none");
        assertCode(200, "GET /terminal.js", "", host, "Sec-Fetch-Site: same-origin");
        assertCode(403, "GET /", "", "Host: evil.example:" + URI.create(terminal.url()).getPort());
        assertCode(403, "GET /", "", "Host: localhost:" + URI.create(terminal.url()).getPort());
        assertCode(403, "GET /", "", host, "Origin: http://evil.example");
        assertCode(403, "GET /terminal.js", "", host, "Sec-Fetch-Site: cross-site");
        assertCode(401, load, "", host, page);
        assertCode(401, load, "", host, page, "Authorization: Bearer 0");
        assertCode(401, load, "", host, page, token() + "0");
        assertCode(403, load, "", host, page, token(), "Sec-Fetch-Site: none");
        assertCode(409, load, "", host, page, token());
        assertCode(401, type, "x", host, page, origin());
        assertCode(403, type, "x", host, page, token());
        assertCode(403, type, "x", host, page, token(), "Origin: null");
        assertCode(403, type, "x", host, page, token(), "Origin: http://evil.example");
        assertCode(409, type, "x", host, page, token(), origin());
        assertCode(400, type, "x", host, token(), origin());
        assertCode(413, type, "x".repeat(70_000), host, page, token(), origin());
        assertCode(404, "GET /../pom.xml", "", host, token());
        assertCode(404, "POST /", "", host, token(), origin());
    }

    private static String until(InputStream body, String text) throws IOException {
        StringBuilder got = new StringBuilder();
        while (got.indexOf(text) < 0) {
            int next = body.read();
            assertTrue(next >= 0, got::toString);
            got.append((char) next);
        }
        return got.toString();
    }

    @Test
    void inputIsTypedOnceAndInOrder() throws Exception {
        start("sh", "-c", "stty -echo; echo ready; while read line; do echo \"<$line>\"; stty size; done");
        String[] headers = {"Host: " + authority(), "X-Page: one", token(), origin()};
        HttpResponse<InputStream> output = HttpClient.newHttpClient().send(HttpRequest.newBuilder(
                URI.create("http://" + authority() + "/output?rows=5000&columns=0")).header("X-Page", "one").header("Authorization",
                        token().substring("Authorization: ".length())).build(), HttpResponse.BodyHandlers.ofInputStream());
        long offset = output.headers().firstValueAsLong("X-Offset").orElseThrow();
        String got;
        try (InputStream body = output.body()) {
            body.skipNBytes(output.headers().firstValueAsLong("X-Picture").orElseThrow());
            assertCode(200, "POST /input?sequence=0", "a\n", headers);
            assertCode(200, "POST /input?sequence=0", "a\n", headers);
            assertCode(409, "POST /input?sequence=2", "b\n", headers);
            assertCode(200, "POST /resize?sequence=1&rows=7&columns=9", "", headers);
            String[] other = {headers[0], "X-Page: two", token()};
            assertCode(409, "GET /output?rows=3&columns=3&from=0", "", other); // and it does not resize
            assertCode(200, "POST /input?sequence=2", "c\n", headers);
            got = until(body, "7 9\r\n");
            assertCode(200, "POST /input?sequence=3", "\004", headers);
            got += new String(body.readAllBytes(), StandardCharsets.US_ASCII);
        }
        assertTrue(got.matches("(?s)(ready\r\n)?<a>\r\n(1000 1|7 9)\r\n<c>\r\n7 9\r\n"), got);
        String end = ask("GET /output?rows=1&columns=1&from=" + (offset + got.length()), "", headers);
        assertTrue(end.startsWith("HTTP/1.1 410 ") && end.endsWith("Exited[code=0]"), end);
        terminal.await(); // a page has been told
    }

    @Test
    void aPackageThatIsMissingIsNamed() {
        IOException missing = assertThrows(IOException.class,
                () -> new WebTerminal(folder, Repository.path("src/examples/web"), 0, new PtyProcessBuilder("cat")));
        assertTrue(missing.getMessage().contains("npm install"), missing::getMessage);
    }

    @Test
    @Needs({"node", "chromium", "vim", "htop"})
    @Timeout(300)
    void aBrowserUsesIt() throws Exception {
        Tools.skipUnless(Files.isDirectory(NPM.resolve("node_modules/playwright-core")), "playwright-core in the folder panpty.npm");
        ProcessBuilder example = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-Xmx64m", "--enable-native-access=ALL-UNNAMED",
                "-classpath", System.getProperty("java.class.path"), WebTerminal.class.getName(), NPM.resolve("node_modules").toString(),
                Repository.path("src/examples/web").toString(), "bash --norc --noprofile").redirectErrorStream(true);
        example.environment().putAll(Map.of("PS1", "$ ", "LC_ALL", "C.UTF-8"));
        Process server = example.start();
        try (BufferedReader lines = server.inputReader(StandardCharsets.UTF_8)) {
            ProcessBuilder browser = new ProcessBuilder("node", Repository.path("src/test/js/web.js").toString(),
                    Tools.find("chromium").orElseThrow().toString(), lines.readLine(), folder.resolve("vim.png").toString());
            browser.environment().put("NODE_PATH", NPM.toAbsolutePath().resolve("node_modules").toString());
            browser.environment().put("HOME", folder.toString());
            Process node = browser.redirectErrorStream(true).start();
            String steps = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, node.waitFor(), steps);
            assertTrue(Files.size(folder.resolve("vim.png")) > 0);
            assertTrue(server.waitFor(60, TimeUnit.SECONDS), "the server ends with the program");
            assertEquals(0, server.exitValue());
        } finally {
            server.destroyForcibly();
        }
    }
}
