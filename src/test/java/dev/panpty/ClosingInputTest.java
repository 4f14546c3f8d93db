package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Blocked;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Programs;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Closing the output stream while the terminal is full: the call waits for room for VEOF, and what ends the wait. */
class ClosingInputTest {

    private static final Duration STANDS_STILL = Duration.ofMillis(100);

    private static final String NEVER_READS = "exec sleep 1000";

    @TempDir
    Path folder;

    /** The terminal is full, and the call that closes the stream waits for room for VEOF. */
    private static Blocked<Void> closing(OutputStream input, boolean virtual) throws Exception {
        int fitted;
        do {
            fitted = fill(input);
        } while (fitted > 0); // the kernel moves accepted bytes on, and wakes no writer for the room that this makes
        return Blocked.in(virtual, () -> {
            input.close();
            return null;
        });
    }

    /** Writes until the terminal is full; returns the number of bytes. */
    private static int fill(OutputStream input) throws Exception {
        AtomicInteger written = new AtomicInteger();
        Blocked<Void> fills = Blocked.in(true, () -> {
            for (;;) {
                input.write('\n');
                written.incrementAndGet();
            }
        });
        int before = -1;
        while (before != written.get()) {
            int now = written.get();
            before = Await.within(STANDS_STILL, () -> written.get() != now || !Await.isBlocked(fills.thread())) ? -1 : now;
        }
        fills.thread().interrupt();
        assertInstanceOf(InterruptedIOException.class, fills.failure());
        return before;
    }

    @EachWay
    void closingTheInputOfAProgramThatDoesNotReadIsFreedByTheEnd() throws Exception {
        List<Consumer<PtyProcess>> ends = List.of(PtyProcess::close, PtyProcess::hangUp, PtyProcess::destroyForcibly);
        for (Consumer<PtyProcess> end : ends) {
            try (PtyProcess process = Programs.rawAndThen(NEVER_READS)) {
                Blocked<Void> closes = closing(process.getOutputStream(), ends.indexOf(end) % 2 == 0);
                end.accept(process);
                closes.result();
                assertThrows(IOException.class, () -> process.getOutputStream().write('x'));
            }
        }
    }

    @EachWay
    void closingTheInputIsFreedByAnInterruptOfItsThreadAndMayBeTriedAgain() throws Exception {
        Path go = folder.resolve("go");
        try (PtyProcess process = Programs.rawAndThen(Programs.until(go) + "; tail -c 2 | od -An -tx1")) {
            Blocked<Void> closes = closing(process.getOutputStream(), false);
            closes.thread().interrupt();
            assertInstanceOf(InterruptedIOException.class, closes.failure());
            Blocked<Void> again = closing(process.getOutputStream(), true);
            process.attributes(process.attributes().with(TerminalAttributes.LocalFlag.ICANON, true));
            Files.createFile(go);
            again.result();
            process.getInputStream().readAllBytes();
            assertEquals(0, process.waitFor());
        }
    }

    @EachWay
    void whileTheInputIsBeingClosedAWriteIsRefusedAtOnce() throws Exception {
        try (PtyProcess process = Programs.rawAndThen(NEVER_READS)) {
            Blocked<Void> closes = closing(process.getOutputStream(), false);
            for (boolean virtual : new boolean[] {false, true}) {
                FutureTask<Void> write = new FutureTask<>(() -> {
                    process.getOutputStream().write('x');
                    return null;
                });
                Thread thread = virtual ? Thread.ofVirtual().unstarted(write) : Thread.ofPlatform().daemon().unstarted(write);
                thread.start();
                ExecutionException refused = assertThrows(ExecutionException.class, () -> write.get(20, TimeUnit.SECONDS));
                assertEquals(IOException.class, refused.getCause().getClass());
            }
            assertTrue(closes.thread().isAlive());
        }
    }

    /** The key discards the unread input, and not the end of the input. */
    @EachWay
    void closingTheInputIsFreedByTheInterruptKey() throws Exception {
        Path go = folder.resolve("go");
        try (PtyProcess process = Programs.rawAndThen("trap '' INT; stty sane -echo; printf R; " + Programs.until(go) + "; exec wc -c")) {
            assertEquals('R', process.getInputStream().read());
            Blocked<Void> closes = closing(process.getOutputStream(), false);
            process.interrupt();
            closes.result();
            Files.createFile(go);
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            assertTrue(output.endsWith("0"), output);
        }
    }

    @Test
    void closingTheInputOfABareTerminalIsFreedByClosingIt() throws Exception {
        Pty pty = Pty.open();
        pty.attributes(TerminalAttributes.raw());
        assertTrue(pty.ptsInputStream().available() >= 0);
        Blocked<Void> closes = closing(pty.ptmxOutputStream(), false);
        pty.close();
        closes.result();
    }
}
