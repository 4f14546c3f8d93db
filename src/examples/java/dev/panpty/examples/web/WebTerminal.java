package dev.panpty.examples.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.panpty.ExitStatus;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * A program in a browser: prints a URL, and serves it until the program ends or no page has shown it for 30 s.
 *
 * <pre>
 *   npm install --prefix target/npm @xterm/xterm@6.0.0 @xterm/addon-fit@0.11.0
 *   mvn -q test-compile exec:exec@web -Dprogram="bash"
 * </pre>
 *
 * <p>There is no WebSocket. Output is one streaming response, whose TCP window is the back-pressure; input and sizes are POSTs with sequence
 * numbers. {@link WebSession} has what happens to them.
 *
 * <p>Who may use it: it listens on 127.0.0.1 alone. The token of 256 random bits is in the fragment of the URL, which no browser sends, and
 * comes back in a header, which no other site can set. Host, Origin and Sec-Fetch-Site must be those of its own page, so that another site, or
 * a name that resolves to 127.0.0.1, gets nothing. The command is not in the URL.
 */
public final class WebTerminal implements AutoCloseable {

    private static final int MOST_INPUT_BYTES = 64 * 1024;
    private static final int MOST_ROWS_OR_COLUMNS = 1000;
    private static final Pattern PARAMETER = Pattern.compile("(?:^|&)(\\w+)=(\\d{1,15})(?=&|$)");

    private final Map<String, Path> files;
    private final String token = HexFormat.of().formatHex(new SecureRandom().generateSeed(32));
    private final WebSession session;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String authority;

    /** @param packages the folder of npm's packages @param page the folder of the page @param port 0 for any */
    public WebTerminal(Path packages, Path page, int port, PtyProcessBuilder program) throws IOException {
        files = Map.of("GET /", page.resolve("index.html"), "GET /terminal.js", page.resolve("terminal.js"),
                "GET /xterm.mjs", packages.resolve("@xterm/xterm/lib/xterm.mjs"), "GET /xterm.css", packages.resolve("@xterm/xterm/css/xterm.css"),
                "GET /addon-fit.mjs", packages.resolve("@xterm/addon-fit/lib/addon-fit.mjs"));
        for (Path file : files.values()) {
            if (!Files.isReadable(file)) {
                throw new IOException(file + " is missing: npm install --prefix target/npm @xterm/xterm@6.0.0 @xterm/addon-fit@0.11.0");
            }
        }
        System.setProperty("sun.net.httpserver.nodelay", "true"); // else an echo may wait 40 ms for an acknowledgement
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
        authority = "127.0.0.1:" + server.getAddress().getPort();
        session = new WebSession(program);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://" + authority + "/#" + token;
    }

    /** Until the program has ended or is terminated. */
    public void await() throws IOException, InterruptedException {
        session.await();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                respond(exchange);
            } catch (NoSuchElementException missing) {
                answer(exchange, 400, "a parameter or X-Page is missing");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void respond(HttpExchange exchange) throws IOException, InterruptedException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        // xterm.js makes style elements
        headers.set("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'");
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        Optional<Path> file = Optional.ofNullable(files.get(request));
        if (!isFromOwnPage(exchange, file.isPresent())) {
            answer(exchange, 403, "not from the page of this server");
        } else if (file.isPresent()) {
            sendFile(exchange, file.get());
        } else if (!hasToken(exchange)) {
            answer(exchange, 401, "a wrong token");
        } else {
            switch (request) {
                case "GET /output" -> sendOutput(exchange);
                case "POST /input" -> type(exchange, exchange.getRequestBody().readNBytes(MOST_INPUT_BYTES + 1));
                case "POST /resize" -> act(exchange, process -> process.resize(size(exchange)));
                default -> answer(exchange, 404, "not found");
            }
        }
    }

    private void type(HttpExchange exchange, byte[] input) throws IOException {
        if (input.length > MOST_INPUT_BYTES) {
            answer(exchange, 413, "more than " + MOST_INPUT_BYTES + " bytes");
            return;
        }
        act(exchange, process -> {
            process.getOutputStream().write(input);
            process.getOutputStream().flush();
        });
    }

    /** A link in another window has no Origin and Sec-Fetch-Site none: it may load the page, and no more. */
    private boolean isFromOwnPage(HttpExchange exchange, boolean isFile) {
        List<String> origin = values(exchange, "Origin");
        List<String> site = values(exchange, "Sec-Fetch-Site");
        return values(exchange, "Host").equals(List.of(authority))
                && (origin.equals(List.of("http://" + authority)) || origin.isEmpty() && exchange.getRequestMethod().equals("GET"))
                && (site.isEmpty() || site.equals(List.of("same-origin")) || isFile && site.equals(List.of("none")));
    }

    private static List<String> values(HttpExchange exchange, String header) {
        return exchange.getRequestHeaders().getOrDefault(header, List.of());
    }

    private boolean hasToken(HttpExchange exchange) {
        byte[] given = String.join(",", values(exchange, "Authorization")).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(given, ("Bearer " + token).getBytes(StandardCharsets.UTF_8)); // takes as long wherever they differ
    }

    private static void sendFile(HttpExchange exchange, Path file) throws IOException {
        String name = file.getFileName().toString();
        send(exchange, 200, name.endsWith("js") ? "text/javascript" : name.endsWith(".css") ? "text/css" : "text/html", Files.readAllBytes(file));
    }

    private static void answer(HttpExchange exchange, int code, String text) throws IOException {
        send(exchange, code, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int code, String type, byte[] content) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        exchange.sendResponseHeaders(code, content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
    }

    private void sendOutput(HttpExchange exchange) throws IOException, InterruptedException {
        OptionalLong from = parameter(exchange, "from");
        Optional<ExitStatus> ended = session.statusBehind(from);
        if (ended.isPresent()) {
            answer(exchange, 410, ended.get().toString());
            return;
        }
        Optional<WebSession.Response> response = session.respond(page(exchange), size(exchange), from);
        if (response.isEmpty()) {
            answer(exchange, 409, "shown by another page");
            return;
        }
        exchange.getResponseHeaders().set("X-Picture", Integer.toString(response.get().picture.length));
        exchange.getResponseHeaders().set("X-Offset", Long.toString(response.get().position));
        exchange.sendResponseHeaders(200, 0); // chunked
        response.get().writeTo(exchange.getResponseBody());
    }

    private void act(HttpExchange exchange, WebSession.Action action) throws IOException {
        try {
            boolean done = session.act(page(exchange), parameter(exchange, "sequence").orElseThrow(), action);
            answer(exchange, done ? 200 : 409, done ? "" : "shown by another page, or out of order");
        } catch (IOException ended) {
            answer(exchange, 410, ended.getMessage());
        }
    }

    private static String page(HttpExchange exchange) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Page")).orElseThrow();
    }

    private static WindowSize size(HttpExchange exchange) {
        return new WindowSize(Math.clamp(parameter(exchange, "rows").orElseThrow(), 1, MOST_ROWS_OR_COLUMNS),
                Math.clamp(parameter(exchange, "columns").orElseThrow(), 1, MOST_ROWS_OR_COLUMNS));
    }

    private static OptionalLong parameter(HttpExchange exchange, String name) {
        String query = Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), "");
        return PARAMETER.matcher(query).results().filter(found -> found.group(1).equals(name)).mapToLong(found -> Long.parseLong(found.group(2))).findFirst();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** @param arguments the folder of npm's packages, that of the page, the words of a command; without them the user's shell */
    public static void main(String[] arguments) throws Exception {
        List<String> command = Arrays.stream(arguments).skip(2).flatMap(words -> Arrays.stream(words.strip().split("\\s+")))
                .filter(word -> !word.isEmpty()).toList();
        try (WebTerminal terminal = new WebTerminal(Path.of(arguments[0]), Path.of(arguments[1]), 0,
                new PtyProcessBuilder(command.isEmpty() ? List.of(System.getenv().getOrDefault("SHELL", "sh")) : command))) {
            System.out.println(terminal.url());
            terminal.await();
        } catch (IOException cannot) {
            System.err.println(cannot.getMessage());
            System.exit(1);
        }
    }
}
