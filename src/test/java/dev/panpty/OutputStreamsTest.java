package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Screen;
import dev.panpty.testing.Seed;
import dev.panpty.testing.Way;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The streams carry all bytes in both directions, in order. */
class OutputStreamsTest {

    @RegisterExtension
    final Seed seed = new Seed();

    private static final String NUMBERS =
            IntStream.rangeClosed(1, 2000).mapToObj(i -> i + "\r\n").collect(Collectors.joining());
    private static final int READ_AHEAD_BYTES = 256 * 1024;

    @EachWay
    void theOutputIsCompleteThreeHundredTimes() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < Way.times(300); i++) {
                try (PtyProcess process = PtyProcess.start("seq", "1", "2000")) {
                    assertEquals(NUMBERS, new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
                    assertEquals(0, process.waitFor());
                }
            }
        });
    }

    @EachWay
    void theOutputIsCompleteWhenReadOnlyAfterTheExit() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < Way.times(100); i++) {
                try (PtyProcess process = PtyProcess.start("seq", "1", "500")) {
                    process.waitFor();
                    String expected = NUMBERS.substring(0, NUMBERS.indexOf("501\r\n"));
                    assertEquals(expected, new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
                }
            }
        });
    }

    @EachWay
    void theOutputOfAProgramThatDiesByASignalIsComplete() throws Exception {
        for (int i = 0; i < Way.times(50); i++) {
            try (PtyProcess process = Programs.sh("seq 1 500; kill -9 $$")) {
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertTrue(output.endsWith("\r\n500\r\n"), () -> output);
                assertEquals(137, process.waitFor());
            }
        }
    }

    @EachWay
    @Timeout(180)
    void eightThreadsStartAHundredProgramsEachAndFiveTerminalsAreNotDisturbed() throws Exception {
        Leaks.none(() -> {
            AtomicBoolean over = new AtomicBoolean();
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> bystanders = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    String name = "terminal " + i;
                    bystanders.add(executor.submit(() -> converse(name, over)));
                }
                List<Future<?>> threads = new ArrayList<>();
                try (ExecutorService platform = Executors.newFixedThreadPool(8)) {
                    for (int i = 0; i < 8; i++) {
                        threads.add(platform.submit(() -> echo(Way.times(100))));
                    }
                    for (Future<?> thread : threads) {
                        thread.get();
                    }
                } finally {
                    over.set(true);
                }
                for (Future<?> bystander : bystanders) {
                    bystander.get();
                }
            }
        });
    }

    private static Void echo(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            try (PtyProcess process = PtyProcess.start("/bin/echo", "hello")) {
                assertEquals("hello\r\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
                assertEquals(0, process.waitFor());
            }
        }
        return null;
    }

    /** Writes to a raw cat and reads the same bytes back, until the flag is set. */
    private static Void converse(String name, AtomicBoolean over) throws Exception {
        try (PtyProcess cat = Programs.rawCat()) {
            for (int i = 0; !over.get(); i++) {
                byte[] said = (name + " says " + i + "\n").getBytes(StandardCharsets.US_ASCII);
                cat.getOutputStream().write(said);
                assertArrayEquals(said, cat.getInputStream().readNBytes(said.length));
                Thread.yield();
            }
            assertTrue(cat.isAlive());
        }
        return null;
    }

    @EachWay
    void everyByteValuePassesBothWays() throws Exception {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        try (PtyProcess cat = Programs.rawCat()) {
            cat.getOutputStream().write(all);
            assertArrayEquals(all, cat.getInputStream().readNBytes(all.length));
        }
    }

    @Test
    void theByteFfIsNotTheEnd() throws Exception {
        try (PtyProcess cat = Programs.rawCat()) {
            for (int value : new int[] {0xff, 0, 0xff, 4, 3, 0x80}) {
                cat.getOutputStream().write(value);
                assertEquals(value, cat.getInputStream().read());
            }
        }
    }

    @Test
    void aMegabyteOfRandomBytesPassesUnchanged() throws Exception {
        byte[] sent = seed.bytes(1 << 20);
        try (PtyProcess cat = Programs.rawCat(); ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writer = executor.submit(() -> {
                cat.getOutputStream().write(sent);
                return null;
            });
            assertArrayEquals(sent, cat.getInputStream().readNBytes(sent.length));
            writer.get();
        }
    }

    @Test
    void readsAndWritesOfNothingDoNothing() throws Exception {
        try (PtyProcess cat = Programs.rawCat()) {
            assertEquals(0, cat.getInputStream().read(new byte[0]));
            assertEquals(0, cat.getInputStream().read(new byte[5], 5, 0));
            cat.getOutputStream().write(new byte[0]);
            cat.getOutputStream().write(new byte[5], 5, 0);
            cat.getOutputStream().write('x');
            assertEquals('x', cat.getInputStream().read());
            assertEquals(0, cat.getInputStream().available());
        }
    }

    @Test
    void readsAndWritesOutOfBoundsAreRefused() throws Exception {
        try (PtyProcess cat = Programs.rawCat()) {
            InputStream in = cat.getInputStream();
            OutputStream out = cat.getOutputStream();
            byte[] five = new byte[5];
            int[][] bad = {{-1, 1}, {0, -1}, {0, 6}, {5, 1}, {6, 0}, {Integer.MAX_VALUE, 1}, {1, Integer.MAX_VALUE}};
            for (int[] slice : bad) {
                assertThrows(IndexOutOfBoundsException.class, () -> in.read(five, slice[0], slice[1]));
                assertThrows(IndexOutOfBoundsException.class, () -> out.write(five, slice[0], slice[1]));
            }
            assertThrows(NullPointerException.class, () -> in.read(null, 0, 1));
            assertThrows(NullPointerException.class, () -> out.write(null, 0, 1));
        }
    }

    @Test
    void slicesGoWhereTheyBelong() throws Exception {
        try (PtyProcess cat = Programs.rawCat()) {
            cat.getOutputStream().write("xxabcxx".getBytes(StandardCharsets.US_ASCII), 2, 3);
            byte[] target = "........".getBytes(StandardCharsets.US_ASCII);
            assertEquals(3, cat.getInputStream().readNBytes(target, 4, 3));
            assertEquals("....abc.", new String(target, StandardCharsets.US_ASCII));
        }
    }

    @Test
    void availableIsTheNumberOfUnreadBytes() throws Exception {
        try (PtyProcess cat = Programs.rawCat()) {
            InputStream in = cat.getInputStream();
            assertEquals(0, in.available());
            cat.getOutputStream().write(new byte[] {1, 2, 3, 4, 5});
            Await.until("five bytes are available", () -> in.available() == 5);
            assertEquals(1, in.read());
            assertEquals(4, in.available());
            assertEquals(4, in.read(new byte[10]));
            assertEquals(0, in.available());
        }
    }

    @EachWay
    void availableIsTheNumberOfUnreadBytesAfterTheExit() throws Exception {
        try (PtyProcess process = PtyProcess.start("printf", "12345")) {
            process.onEnd().get();
            assertEquals(5, process.getInputStream().available());
            assertEquals('1', process.getInputStream().read());
            assertEquals(4, process.getInputStream().available());
        }
    }

    @Test
    void theEndIsReportedAgainAndAgain() throws Exception {
        try (PtyProcess process = PtyProcess.start("true")) {
            for (int i = 0; i < 3; i++) {
                assertEquals(-1, process.getInputStream().read());
                assertEquals(-1, process.getInputStream().read(new byte[3]));
                assertEquals(0, process.getInputStream().read(new byte[3], 0, 0));
            }
        }
    }

    @Test
    void bytesOfOneWriteStayTogether() throws Exception {
        try (PtyProcess cat = Programs.rawCat(); ExecutorService executor = Executors.newFixedThreadPool(4)) {
            int length = 3000;
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                byte[] mine = new byte[length];
                Arrays.fill(mine, (byte) ('a' + i));
                writers.add(executor.submit(() -> {
                    for (int j = 0; j < 20; j++) {
                        cat.getOutputStream().write(mine);
                    }
                    return null;
                }));
            }
            for (int i = 0; i < 80; i++) {
                byte[] piece = cat.getInputStream().readNBytes(length);
                byte[] expected = new byte[length];
                Arrays.fill(expected, piece[0]);
                assertArrayEquals(expected, piece);
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
    }

    @EachWay
    void writingToAProgramThatHasEndedIsRefused() throws Exception {
        try (PtyProcess process = PtyProcess.start("true")) {
            process.onEnd().get();
            IOException refused = assertThrows(IOException.class, () -> process.getOutputStream().write('x'));
            assertTrue(refused.getMessage().contains("ended"), refused::getMessage);
        }
    }

    @Test
    void readingAfterCloseGivesTheEndAndWritingThrows() throws Exception {
        PtyProcess cat = Programs.rawCat();
        cat.getOutputStream().write('x');
        assertEquals('x', cat.getInputStream().read());
        cat.close();
        assertEquals(-1, cat.getInputStream().read());
        assertEquals(-1, cat.getInputStream().read(new byte[3]));
        assertEquals(0, cat.getInputStream().available());
        assertThrows(IOException.class, () -> cat.getOutputStream().write('x'));
        assertThrows(IOException.class, () -> cat.getOutputStream().write(new byte[3]));
    }

    @EachWay
    void closingTheInputStreamLetsTheProgramLiveAndItsOutputGoUnread() throws Exception {
        Leaks.none(() -> {
            try (PtyProcess process = Programs.sh("read x; seq 1 50000; exit 9")) {
                process.getInputStream().close();
                assertTrue(process.isAlive());
                process.getOutputStream().write('\n');
                assertEquals(9, process.waitFor());
                assertThrows(IOException.class, process.getInputStream()::read);
            }
        });
    }

    @EachWay
    void theOutputGoesOnWhileADescendantHoldsTheTerminal() throws Exception {
        try (Screen screen = new Screen(Programs.sh("trap '' HUP; sleep 100 & echo holder $! runs; exit 0"))) {
            long holder = Long.parseLong(screen.awaitMatch("holder (\\d+) runs").group(1));
            assertEquals(0, screen.process().waitFor());
            assertTrue(!screen.isEnded());
            ProcessHandle.of(holder).ifPresent(ProcessHandle::destroyForcibly);
            screen.awaitEnd();
        }
    }

    @EachWay
    void theEndComesWhenTheLastHolderHasGone() throws Exception {
        try (PtyProcess process = Programs.sh("trap '' HUP; echo early; (sleep 0.3; echo late) &")) {
            assertEquals("early\r\nlate\r\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            assertEquals(0, process.waitFor());
            process.onEnd().get();
        }
    }

    @Test
    void theReadersAndWritersOfProcessWork() throws Exception {
        try (PtyProcess process = Programs.sh("stty -echo; echo ready; read a; echo \"<$a>\"")) {
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            BufferedWriter input = process.outputWriter(StandardCharsets.UTF_8);
            assertEquals("ready", output.readLine());
            input.write("h\u00e9");
            input.newLine();
            input.flush();
            assertEquals("<h\u00e9>", output.readLine());
            assertEquals(-1, output.read());
            assertEquals(-1, process.errorReader().read());
        }
    }

    @Test
    void transferToCopiesEverything() throws Exception {
        try (PtyProcess process = PtyProcess.start("seq", "1", "2000")) {
            ByteArrayOutputStream copy = new ByteArrayOutputStream();
            process.getInputStream().transferTo(copy);
            assertEquals(NUMBERS, copy.toString(StandardCharsets.US_ASCII));
        }
    }
}
