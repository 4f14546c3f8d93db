package dev.panpty.examples;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.SessionReport;
import dev.panpty.TerminalTap;
import dev.panpty.WindowSize;
import dev.panpty.cast.Recorder;
import dev.panpty.screen.Row;
import dev.panpty.screen.Screen;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Runs commands, 8 at a time, each on a terminal of its own, and keeps for each a recording with its colours, {@code N.cast}, and a log of
 * what a person would have seen, {@code N.log}: a progress bar as it was at last, not each of its steps.
 *
 * <pre>
 *   java … dev.panpty.examples.CiRunner commands.txt results      a command of sh a line; the exit code is 0 if all were successful
 * </pre>
 *
 * <p>A command has a limit in total and one without output. Its whole session is ended after it, background jobs too, and processes that have
 * left the session but hold the terminal. One that has left both is not found: run each command in a container where that matters.
 */
public final class CiRunner {

    private static final int AT_ONCE = 8;
    private static final WindowSize WINDOW = new WindowSize(24, 120);
    private static final int MOST_LINES = 100_000; // of a log
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Path results;
    private final Duration limit;
    private final Duration silence;

    /** How a command went. @param reason why it was ended, if it was */
    public record Result(String command, ExitStatus status, Optional<String> reason, Duration time) {

        public boolean isSuccess() {
            return status.equals(new ExitStatus.Exited(0)) && reason.isEmpty();
        }
    }

    /** @param results an existing folder @param limit for a command in total @param silence for a command without output */
    public CiRunner(Path results, Duration limit, Duration silence) {
        this.results = results;
        this.limit = limit;
        this.silence = silence;
    }

    /** Runs all of them; the results are in their order. */
    public List<Result> run(List<String> commands) throws IOException, InterruptedException {
        try (ExecutorService runners = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<Future<Result>> running = new ArrayList<>();
            for (String command : commands) {
                int number = running.size() + 1;
                running.add(runners.submit(() -> run(number, command)));
            }
            List<Result> done = new ArrayList<>();
            for (Future<Result> one : running) {
                done.add(one.get());
            }
            return done;
        } catch (ExecutionException failed) {
            throw new IOException(failed.getCause());
        }
    }

    /** Remembers when output came last. */
    private static final class LastOutput implements TerminalTap {

        private volatile long nanos = System.nanoTime();

        @Override
        public void output(ByteBuffer data) {
            nanos = System.nanoTime();
        }
    }

    private Result run(int number, String command) throws IOException, InterruptedException {
        Screen screen = new Screen(WINDOW, MOST_LINES);
        LastOutput last = new LastOutput();
        PtyProcessBuilder builder = new PtyProcessBuilder("sh", "-c", command).windowSize(WINDOW);
        builder.environment().put("CI", "true");
        long begun = System.nanoTime();
        try (Recorder recorder = Recorder.to(results.resolve(number + ".cast")).title(command);
                PtyProcess process = builder.tap(screen).tap(last).tap(recorder).start()) {
            process.drain();
            process.getOutputStream().close(); // there is no input: who reads gets the end of it
            Optional<String> reason = await(process, begun, last);
            SessionReport report = process.terminateSession(GRACE);
            report.left().forEach(member -> ProcessHandle.of(member.pid()).ifPresent(ProcessHandle::destroyForcibly));
            process.onEnd().completeOnTimeout(process, GRACE.toMillis(), TimeUnit.MILLISECONDS).join(); // all of the output
            ExitStatus status = process.exitStatus().orElseThrow();
            List<String> seen = new ArrayList<>(screen.history().stream().map(Row::text).toList());
            seen.add(screen.snapshot().text().stripTrailing());
            Files.write(results.resolve(number + ".log"), seen);
            return new Result(command, status, reason, Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    /** Until it exits or a limit is over. */
    private Optional<String> await(PtyProcess process, long begun, LastOutput last) throws InterruptedException {
        for (;;) {
            long total = begun + limit.toNanos() - System.nanoTime();
            long silent = last.nanos + silence.toNanos() - System.nanoTime();
            if (process.waitFor(Math.max(0, Math.min(total, silent)), TimeUnit.NANOSECONDS)) {
                return Optional.empty();
            } else if (total <= 0) {
                return Optional.of("longer than " + limit.toSeconds() + " s");
            } else if (silent <= 0) {
                return Optional.of("no output for " + silence.toSeconds() + " s");
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path results = Files.createDirectories(Path.of(arguments[1]));
        List<Result> all = new CiRunner(results, Duration.ofMinutes(10), Duration.ofMinutes(2)).run(Files.readAllLines(Path.of(arguments[0])));
        for (Result one : all) {
            System.out.printf("%-4s %6.1f s  %s%s%n", one.isSuccess() ? "ok" : "FAIL", one.time().toMillis() / 1000.0, one.command(),
                    one.reason().map(reason -> "  (" + reason + ")").orElse(one.isSuccess() ? "" : "  (" + one.status() + ")"));
        }
        System.exit(all.stream().allMatch(Result::isSuccess) ? 0 : 1);
    }
}
