package dev.panpty.bench;

import dev.panpty.screen.Screen;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How fast a screen takes output, in MB/s: 1 MB in pieces of 64 KiB, under the lock of the screen. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class ScreenBenchmark {

    private static final int BYTES = 1_000_000;
    private static final int PIECE = 64 * 1024;
    private static final int ROWS = 24;
    private static final int COLUMNS = 80;

    /** What is printed. */
    @Param({"lines", "colours", "utf8", "cursor", "short"})
    public String output;

    /** Whether a thread waits for text that does not come. */
    @Param({"false", "true"})
    public boolean waiting;

    private byte[] bytes;
    private Screen screen;
    private Thread waiter;

    /** Makes the output. */
    @Setup(Level.Trial)
    public void prepare() {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        while (text.length() < BYTES) {
            text.append(next(random));
        }
        bytes = java.util.Arrays.copyOf(text.toString().getBytes(StandardCharsets.UTF_8), BYTES);
        screen = new Screen();
        if (waiting) {
            waiter = Thread.ofPlatform().daemon().start(() -> {
                try {
                    screen.awaitText("does not come", Duration.ofDays(1));
                } catch (InterruptedException | java.util.concurrent.TimeoutException end) {
                    // The end of the trial.
                }
            });
        }
    }

    /** Ends the waiter. */
    @TearDown(Level.Trial)
    public void end() {
        if (waiter != null) {
            waiter.interrupt();
        }
    }

    private String next(Random random) {
        byte[] raw = new byte[57];
        random.nextBytes(raw);
        String base64 = Base64.getEncoder().encodeToString(raw);
        return switch (output) {
            case "lines" -> base64 + "\r\n";
            case "colours" -> "\u001b[1;34m" + base64.substring(0, 12) + "\u001b[0m  \u001b[38;5;" + random.nextInt(256) + "m"
                    + base64.substring(12, 30) + "\u001b[39m " + base64.substring(30, 60) + "\r\n";
            case "utf8" -> "漢字かな交じり文、日本語のテキスト éèü Ελληνικά русский текст\r\n";
            case "cursor" -> "\u001b[" + (1 + random.nextInt(ROWS)) + ";" + (1 + random.nextInt(COLUMNS - 20)) + "H"
                    + base64.substring(0, 16) + "\u001b[K";
            default -> "y\r\n";
        };
    }

    /** One megabyte. */
    @Benchmark
    @OperationsPerInvocation(1)
    public void megabytes() {
        for (int from = 0; from < BYTES; from += PIECE) {
            screen.output(ByteBuffer.wrap(bytes, from, Math.min(PIECE, BYTES - from)));
        }
    }
}
