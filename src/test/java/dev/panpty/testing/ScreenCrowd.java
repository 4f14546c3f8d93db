package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.WindowSize;
import dev.panpty.screen.Screen;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A screen, fed and looked at by many threads at once. */
public final class ScreenCrowd {

    /** The methods that this calls. */
    public static final Set<String> CALLED = Set.of("answering()", "answering(Consumer)", "clipboard(Consumer)", "synchronizedOutputLimit(Duration)",
            "feed(byte[])", "feed(ByteBuffer)", "resize(WindowSize)", "isInSequence()", "snapshot()", "history()", "awaitText(String,Duration)",
            "await(Predicate,Duration)", "awaitSettled(Duration,Duration)", "toString()");

    private static final int THREADS = 8;
    private static final int ROUNDS = 50;

    private ScreenCrowd() {}

    /** Uses one by all. */
    public static void run() throws Exception {
        Screen screen = new Screen(new WindowSize(10, 40), ROUNDS);
        AtomicInteger copied = new AtomicInteger();
        AtomicInteger answers = new AtomicInteger();
        screen.answering(answer -> answers.incrementAndGet()).clipboard(text -> copied.incrementAndGet());
        Crowd.run(THREADS, (number, count) -> {
            screen.feed(("\u001b[3" + number + "mtext " + count + "\u001b]52;c;eA==\u0007\r\n").getBytes(StandardCharsets.UTF_8));
            screen.feed(ByteBuffer.wrap("\u001b[?2026hmore\u001b[?2026l\u001b[c\r\n".getBytes(StandardCharsets.UTF_8)));
            screen.clipboard(text -> copied.incrementAndGet()).answering(answer -> answers.incrementAndGet());
            screen.synchronizedOutputLimit(Duration.ofMillis(number)).resize(new WindowSize(5 + number, 30 + number));
            assertTrue(!screen.isInSequence());
            assertTrue(screen.snapshot().rows() >= 5 && screen.toString().length() > 200);
            assertTrue(screen.history().stream().allMatch(row -> row.columns() >= 30));
            screen.awaitText("text", Await.DEADLINE);
            screen.await(snapshot -> snapshot.contains("more"), Await.DEADLINE);
            screen.awaitSettled(Duration.ZERO, Await.DEADLINE);
            return count < ROUNDS - 1;
        });
        assertEquals(THREADS * ROUNDS, copied.get());
        assertEquals(THREADS * ROUNDS, answers.get());
        Crowd.run(THREADS, (number, count) -> {
            screen.answering().feed(new byte[] {'x'}); // there is no terminal to answer to
            return false;
        });
    }
}
