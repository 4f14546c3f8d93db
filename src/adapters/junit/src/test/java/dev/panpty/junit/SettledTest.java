package dev.panpty.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ExitStatus;
import dev.panpty.WindowSize;
import dev.panpty.screen.Screen;
import dev.panpty.screen.ScreenTimeoutException;
import dev.panpty.screen.Snapshot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a screen is settled. A time of an hour is one that does not count. */
@Timeout(60)
class SettledTest {

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration HOUR = Duration.ofHours(1);

    private final Screen screen = new Screen(new WindowSize(5, 20)).synchronizedOutputLimit(HOUR);
    private final Traffic traffic = new Traffic(new TerminalOutput(HOUR, AssertionError::new));

    private void print(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        screen.output(ByteBuffer.wrap(bytes));
        traffic.output(ByteBuffer.wrap(bytes));
    }

    private Settling settling(Duration settled, Duration unchanged) {
        return new Settling(screen, traffic, new Options(List.of(), new WindowSize(5, 20), List.of(), HOUR, settled, unchanged));
    }

    @Test
    void afterAChangeTheShorterTimeCounts() throws Exception {
        Settling settling = settling(SHORT, HOUR);
        print("changed");
        long before = System.nanoTime();
        assertEquals("changed", settling.await(Waits.end(HOUR)).line(0));
        assertTrue(System.nanoTime() - before >= SHORT.toNanos() / 2);
    }

    @Test
    void withoutAChangeTheLongerTimeCounts() throws Exception {
        print("before");
        Settling settling = settling(HOUR, SHORT);
        long before = System.nanoTime();
        settling.noteInput();
        settling.await(Waits.end(HOUR));
        assertTrue(System.nanoTime() - before >= SHORT.toNanos());
    }

    @Test
    void aChangeBeforeTheInputDoesNotCount() {
        Settling settling = settling(SHORT, HOUR);
        print("before");
        settling.noteInput();
        assertThrows(ScreenTimeoutException.class, () -> settling.await(Waits.end(Duration.ofMillis(500))));
    }

    @Test
    void eachChangeBeginsTheTimeAnew() throws Exception {
        Settling settling = settling(Duration.ofSeconds(1), HOUR);
        print("0");
        CountDownLatch begun = new CountDownLatch(1);
        Thread printing = Thread.ofPlatform().start(() -> {
            for (int i = 1; i < 30; i++) {
                begun.countDown();
                pause(40);
                print("\r" + i);
            }
        });
        begun.await();
        assertEquals("29", settling.await(Waits.end(HOUR)).line(0));
        printing.join();
    }

    @Test
    void theSameAgainIsNoChange() throws Exception {
        Settling settling = settling(Duration.ofMillis(300), HOUR);
        print("same");
        Thread printing = Thread.ofPlatform().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                print("\rsame");
                pause(5);
            }
        });
        assertEquals("same", settling.await(Waits.end(HOUR)).line(0));
        printing.interrupt();
        printing.join();
    }

    @Test
    void synchronizedOutputIsOneChange() throws Exception {
        Settling settling = settling(SHORT, SHORT);
        print("\u001b[?2026hhalf");
        Thread printing = Thread.ofPlatform().start(() -> {
            pause(600);
            print(" and half\u001b[?2026l");
        });
        assertEquals("half and half", settling.await(Waits.end(HOUR)).line(0));
        printing.join();
    }

    @Test
    void theEndSettles() throws Exception {
        Settling settling = settling(HOUR, HOUR);
        print("last");
        traffic.ended(new ExitStatus.Exited(0));
        assertEquals("last", settling.await(Waits.end(HOUR)).line(0));
    }

    /** Of the program that prints, not of the test; an interrupt ends it. */
    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @Terminal(command = {"sh", "-c", "stty -icanon -echo; echo go; while read -r _; do echo one; sleep 0.1; echo two; sleep 0.1; echo three; done"}, settledMillis = 1500, unchangedMillis = 5000)
    void aProgramThatDrawsInStepsIsWaitedFor(TestTerminal t) {
        t.awaitText("go");
        Snapshot shown = t.type("\n").awaitSettled();
        assertEquals("go\none\ntwo\nthree", shown.text());
    }

    @Test
    void timesOfAnyLengthCount() throws Exception {
        Duration ages = Duration.ofSeconds(Long.MAX_VALUE);
        Settling settling = settling(SHORT, ages);
        print("changed");
        assertEquals("changed", settling.await(Waits.end(ages)).line(0));
    }
}
