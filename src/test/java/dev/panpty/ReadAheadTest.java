package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Call;
import dev.panpty.testing.Descriptors;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The read-ahead of a waiting writer, and its limit. */
class ReadAheadTest {

    private static final Duration PROMPTLY = Duration.ofSeconds(10);

    private static final int READ_AHEAD_BYTES = 256 * 1024;

    /** A kernel worker moves input on, which makes room: usually within two milliseconds. */
    private static final long LONGEST_KERNEL_DELAY_NANOS = TimeUnit.SECONDS.toNanos(1);

    @TempDir
    Path folder;

    @EachWay
    void anEchoDoesNotLockUpAThreadThatWritesFirstAndReadsThen() throws Exception {
        try (PtyProcess cat = Programs.rawCat()) {
            byte[] sent = new byte[200 * 1024];
            new Random(1).nextBytes(sent);
            cat.getOutputStream().write(sent);
            assertArrayEquals(sent, cat.getInputStream().readNBytes(sent.length));
        }
    }

    /** The echo is not compared: when the buffer is full the kernel drops a part of it, or delays the end until the next key. */
    @Test
    void anEchoOfLinesDoesNotLockUpAThreadThatWritesFirstAndReadsThen() throws Exception {
        try (PtyProcess process = Programs.sh("wc -c | sed 's/^/read: /'")) {
            byte[] lines = "0123456789\n".repeat(4000).getBytes(StandardCharsets.US_ASCII);
            process.getOutputStream().write(lines);
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(output.endsWith("read: " + lines.length + "\r\n"), () -> output.substring(Math.max(0, output.length() - 100)));
        }
    }

    @Test
    void moreThanTheReadAheadWaitsForAReader() throws Exception {
        try (PtyProcess cat = Programs.rawCat()) {
            byte[] sent = new byte[4 * READ_AHEAD_BYTES];
            new Random(2).nextBytes(sent);
            AtomicBoolean written = new AtomicBoolean();
            Thread writer = Thread.startVirtualThread(() -> {
                try {
                    cat.getOutputStream().write(sent);
                    written.set(true);
                } catch (IOException failed) {
                    throw new AssertionError(failed);
                }
            });
            Await.until("the read-ahead is full", () -> cat.getInputStream().available() >= READ_AHEAD_BYTES);
            assertTrue(cat.getInputStream().available() < 2 * READ_AHEAD_BYTES);
            Await.blocked(writer);
            assertTrue(!written.get());
            assertArrayEquals(sent, cat.getInputStream().readNBytes(sent.length));
            writer.join();
            assertTrue(written.get());
        }
    }

    @Test
    void aCallerThatOnlyWritesIsNotBlockedByAProgramThatWritesMuchBeforeItReads() throws Exception {
        for (int i = 0; i < 3; i++) {
            Path go = folder.resolve("go-" + i);
            try (PtyProcess process = Programs.rawAndThen(Programs.until(go) + "; head -c 100000 /dev/zero; exec cat >/dev/null")) {
                Call<Void> write = Call.blocked(Call.writing(process, 100_000));
                Files.createFile(go);
                write.result();
                assertEquals(100_000, process.getInputStream().readNBytes(100_000).length);
            }
        }
    }

    @Test
    void aWriterReadsAheadAgainOnceItsReadAheadIsRead() throws Exception {
        int taken = 200 * 1024;
        try (PtyProcess cat = new PtyProcessBuilder("cat").attributes(TerminalAttributes.raw()).start()) {
            Call<Void> writer = Call.blocked(Call.writing(cat, READ_AHEAD_BYTES + 160 * 1024));
            Await.until("as much as may be is read ahead", () -> cat.getInputStream().available() >= READ_AHEAD_BYTES);
            Await.blocked(writer.thread());
            assertEquals(taken, cat.getInputStream().readNBytes(taken).length);
            writer.result();
        }
    }

    /**
     * Reads single bytes of the read-ahead until the exit; returns their number. The kernel wakes a program that waits for room only when 128
     * bytes or fewer are unread in the terminal (n_tty), so with a full read-ahead the program could wait forever although there is room.
     */
    private static int makeRoomUntilTheExit(PtyProcess process) throws Exception {
        int taken = 0;
        while (!process.waitFor(LONGEST_KERNEL_DELAY_NANOS, TimeUnit.NANOSECONDS)) {
            assertTrue(process.getInputStream().read() >= 0);
            taken++;
        }
        return taken;
    }

    @Test
    void endAtExitLosesNothingWhenTheReadAheadIsFull() throws Exception {
        int echoed = READ_AHEAD_BYTES + 6000;
        PtyProcessBuilder builder =
                new PtyProcessBuilder("sh", "-c", "stty raw -echo; printf R; head -c " + echoed + "; printf END").endAtExit(true);
        for (int i = 0; i < 3; i++) {
            try (PtyProcess process = builder.start()) {
                InputStream output = process.getInputStream();
                assertEquals('R', output.read());
                Call<Void> write = Call.of(Call.writing(process, 500_000));
                int taken = makeRoomUntilTheExit(process);
                assertInstanceOf(IOException.class, write.failure());
                assertEquals(0, process.exitValue());
                byte[] rest = output.readAllBytes();
                assertEquals(echoed + 3, taken + rest.length);
                assertEquals("END", new String(rest, rest.length - 3, 3, StandardCharsets.ISO_8859_1));
            }
        }
    }

    /** After the program closes its terminal the ptmx is edge-triggered: it reports the hang-up once, before the exit. */
    @Test
    void aChildThatIsKilledWhenTheReadAheadIsFullEndsWithoutAReader() throws Exception {
        for (int i = 0; i < 50; i++) {
            Path go = folder.resolve("go-" + i);
            String script = "exec 0<&- 1>&- 2>&-; " + Programs.until(go) + "; exec 0<>/dev/tty 1>&0; exec cat /dev/zero";
            try (PtyProcess process = Programs.rawAndThen(script)) {
                Call<Void> write = Call.blocked(Call.writing(process, 100_000));
                Await.until("the child lets go of its terminal", () -> !Descriptors.holdsTerminal(process));
                Files.createFile(go);
                Await.until("as much as may be is read ahead", () -> process.getInputStream().available() >= READ_AHEAD_BYTES + 1000);
                process.destroyForcibly();
                process.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
                assertInstanceOf(IOException.class, write.failure());
                assertTrue(process.getInputStream().readAllBytes().length > READ_AHEAD_BYTES);
            }
        }
    }
}
