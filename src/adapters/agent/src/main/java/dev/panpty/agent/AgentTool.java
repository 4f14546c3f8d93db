package dev.panpty.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import dev.panpty.SessionReport;
import dev.panpty.expect.Shell;
import dev.panpty.expect.ShellResult;
import dev.panpty.screen.Screen;
import dev.panpty.screen.Snapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One live shell as a tool of a coding agent: a JSON object a line on standard input is a request, a JSON object a line on standard output is
 * its response, with the request's {@code id}. Nothing else is written there.
 *
 * <pre>
 *   {"id":1,"tool":"run","command":"make","seconds":60}  -> {"id":1,"output":"…","status":0,"seconds":1.2}
 *                                                           with "timedOut", "incomplete", "syntaxError" or "ended" where it went so
 *   {"id":2,"tool":"wait","seconds":10}                  -> {"id":2,"running":true,"asks":"password"}, "input" or nothing
 *   {"id":3,"tool":"type","text":"yes\r"}                -> {"id":3}
 *   {"id":4,"tool":"screen"}                             -> {"id":4,"lines":["…"],"row":0,"column":0}
 *   {"id":5,"tool":"interrupt"}                          -> {"id":5}
 *   a wrong request                                      -> {"id":…,"error":"…"}
 * </pre>
 *
 * <p>{@code run} responds when the command is over; until then a second one is an error, and the other tools respond at once. {@code wait} returns
 * when the command is over, or asks for something: a password (echo is off), or other input (its output has stopped for half a second behind
 * an unfinished line). A shell that has ended is replaced at the next {@code run}.
 *
 * <p>When standard input ends, or at SIGTERM, all processes of the shell's session are ended, and those that have left it but hold its
 * terminal. After a SIGKILL the hang-up of the terminal ends those in the foreground.
 */
public final class AgentTool implements AutoCloseable {

    private static final int MOST_OUTPUT_CHARS = 100_000;
    private static final double DEFAULT_SECONDS = 30;
    private static final double MOST_SECONDS = 3600;
    private static final Duration QUIET = Duration.ofMillis(500);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final ObjectMapper mapper = new ObjectMapper();
    private final PrintStream responses;
    private final ReentrantLock responding = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock(); // guards what follows
    private final Condition changed = lock.newCondition();
    private Shell shell;
    private Screen screen;
    private boolean running;
    private boolean closed;

    /** @param responses gets a line for each request */
    public AgentTool(PrintStream responses) throws IOException {
        this.responses = responses;
        startShell();
    }

    private void startShell() throws IOException {
        screen = new Screen();
        shell = Shell.start(Shell.Kind.BASH, settings -> settings.tap(screen));
    }

    /** Responds to each line, until the end of the input. Requests begin in their order. */
    public void serve(BufferedReader requests) throws IOException {
        try (ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor();
                ExecutorService typing = Executors.newSingleThreadExecutor(Thread.ofVirtual().factory())) {
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                begin(line, waiting, typing);
            }
            close(); // a run in progress ends
        }
    }

    /** The rest of a request, which may wait. */
    private interface Rest {
        void run() throws IOException, InterruptedException;
    }

    private void begin(String line, ExecutorService waiting, ExecutorService typing) {
        ObjectNode response = mapper.createObjectNode();
        try {
            JsonNode request = mapper.readTree(line);
            response.set("id", request.path("id").isMissingNode() ? mapper.nullNode() : request.get("id"));
            switch (request.path("tool").asText()) {
                case "run" -> {
                    String command = text(request, "command");
                    Duration limit = seconds(request);
                    Shell own = beginRun();
                    waiting.execute(() -> finish(response, () -> run(own, command, limit, response)));
                }
                case "wait" -> {
                    Duration limit = seconds(request);
                    waiting.execute(() -> finish(response, () -> waitFor(limit, response)));
                }
                case "type" -> {
                    String text = text(request, "text");
                    typing.execute(() -> finish(response, () -> shell().send(text)));
                }
                case "interrupt" -> finish(response, () -> shell().process().interrupt());
                case "screen" -> finish(response, () -> show(response));
                default -> throw new IllegalArgumentException("tool must be run, wait, type, interrupt or screen");
            }
        } catch (JsonProcessingException malformed) {
            respond(response.put("error", "not a JSON object a line: " + malformed.getOriginalMessage()));
        } catch (IOException | RuntimeException wrong) {
            respond(response.put("error", message(wrong)));
        }
    }

    private void finish(ObjectNode response, Rest rest) {
        try {
            rest.run();
        } catch (InterruptedException | IOException | RuntimeException failed) {
            response.put("error", message(failed));
        }
        respond(response);
    }

    private static String message(Exception failed) {
        return failed.getMessage() == null ? failed.toString() : failed.getMessage();
    }

    private void respond(ObjectNode response) {
        responding.lock();
        try {
            responses.print(response + "\n");
            responses.flush();
        } finally {
            responding.unlock();
        }
    }

    private static String text(JsonNode request, String name) {
        if (!request.path(name).isTextual()) {
            throw new IllegalArgumentException(name + " must be a string");
        }
        return request.get(name).asText();
    }

    private static Duration seconds(JsonNode request) {
        double seconds = request.path("seconds").asDouble(DEFAULT_SECONDS);
        if (!(seconds > 0 && seconds <= MOST_SECONDS)) {
            throw new IllegalArgumentException("seconds must be more than 0 and at most " + (int) MOST_SECONDS);
        }
        return Duration.ofMillis(Math.max(1, (long) (seconds * 1000)));
    }

    private void run(Shell own, String command, Duration limit, ObjectNode response) throws IOException {
        try {
            ShellResult result = own.run(command, limit);
            String output = result.output();
            if (output.length() > MOST_OUTPUT_CHARS) {
                int half = MOST_OUTPUT_CHARS / 2;
                response.put("omittedChars", output.length() - 2 * half);
                output = output.substring(0, half) + "\n[…]\n" + output.substring(output.length() - half);
            }
            response.put("output", output);
            result.status().ifPresent(status -> response.put("status", status));
            switch (result.outcome()) {
                case ShellResult.Completed completed -> { }
                case ShellResult.TimedOut late -> response.put("timedOut", true);
                case ShellResult.Incomplete open -> response.put("incomplete", true);
                case ShellResult.SyntaxError error -> response.put("syntaxError", error.message());
                case ShellResult.Ended ended -> response.put("ended", describe(ended.status()));
            }
            response.put("seconds", result.time().toMillis() / 1000.0);
        } finally {
            lock.lock();
            running = false;
            changed.signalAll();
            lock.unlock();
        }
    }

    private static String describe(ExitStatus status) {
        return switch (status) {
            case ExitStatus.Exited exited -> "exit code " + exited.code();
            case ExitStatus.Signaled signaled -> "signal " + signaled.signal();
            case ExitStatus.Unknown unknown -> "unknown";
        };
    }

    private Shell beginRun() throws IOException {
        lock.lock();
        try {
            if (running) {
                throw new IllegalStateException("busy: a command is running; use wait, type, screen or interrupt");
            } else if (closed) {
                throw new IllegalStateException("closed");
            }
            if (!shell.process().isAlive()) {
                end(shell);
                startShell();
            }
            running = true;
            return shell;
        } finally {
            lock.unlock();
        }
    }

    private Shell shell() {
        lock.lock();
        try {
            return shell;
        } finally {
            lock.unlock();
        }
    }

    private void waitFor(Duration limit, ObjectNode response) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        lock.lock();
        try {
            Snapshot before = screen.snapshot();
            long since = System.nanoTime();
            while (running && System.nanoTime() < deadline) {
                Snapshot now = screen.snapshot();
                if (!now.equals(before)) {
                    before = now;
                    since = System.nanoTime();
                }
                if (System.nanoTime() - since > QUIET.toNanos() && asks(now, response)) {
                    break;
                }
                changed.await(50, TimeUnit.MILLISECONDS); // the modes of a terminal have no event
            }
            response.put("running", running);
        } finally {
            lock.unlock();
        }
    }

    private boolean asks(Snapshot now, ObjectNode response) throws IOException, InterruptedException {
        PtyProcess process = shell.process();
        if (process.awaitPasswordPrompt(Duration.ZERO)) {
            response.put("asks", "password");
        } else if (now.cursor().column() > 0) {
            response.put("asks", "input");
        }
        return response.has("asks");
    }

    private void show(ObjectNode response) {
        lock.lock();
        try {
            Snapshot now = screen.snapshot();
            now.lines().forEach(response.putArray("lines")::add);
            response.put("row", now.cursor().row()).put("column", now.cursor().column());
        } finally {
            lock.unlock();
        }
    }

    /** Ends all processes. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                end(shell);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void end(Shell shell) {
        try {
            SessionReport report = shell.process().terminateSession(GRACE);
            report.left().forEach(member -> ProcessHandle.of(member.pid()).ifPresent(ProcessHandle::destroyForcibly));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException noProc) {
            System.err.println("processes of the shell may be left: " + noProc.getMessage());
        } finally {
            shell.close();
        }
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream responses = System.out;
        System.setOut(System.err);
        try (AgentTool tool = new AgentTool(new PrintStream(responses, false, StandardCharsets.UTF_8))) {
            Runtime.getRuntime().addShutdownHook(new Thread(tool::close));
            tool.serve(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        }
    }
}
