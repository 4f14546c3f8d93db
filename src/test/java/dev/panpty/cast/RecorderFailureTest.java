package dev.panpty.cast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.testing.Await;
import dev.panpty.testing.CastOfACount;
import dev.panpty.testing.CastOnAFullDisk;
import dev.panpty.testing.CastUntilTheEnd;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.LoggedErrors;
import dev.panpty.testing.Namespace;
import dev.panpty.testing.TapStyle;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A recorder whose JVM is killed, whose disk is full, whose file takes nothing for a time. */
@Timeout(120)
class RecorderFailureTest {

    private static final long QUIET_MILLIS = 100;

    @TempDir
    Path folder;

    private static String numbers(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(number -> number + "\r\n").collect(Collectors.joining());
    }

    @ParameterizedTest
    @CsvSource({"ASCIICAST_V3,false", "ASCIICAST_V3,true", "SCRIPT_ADVANCED,false", "TTYREC,false"})
    void aKilledJvmLeavesAReadableFile(CastFormat format, boolean compressed) throws Exception {
        Path path = folder.resolve("killed");
        ProcessBuilder builder = new ForkedJvm(CastOfACount.class).arguments(path.toString(), format.toString(), Boolean.toString(compressed))
                .builder(folder.resolve("report"));
        Process jvm = builder.redirectErrorStream(true).redirectOutput(folder.resolve("said").toFile()).start();
        try {
            Await.until("a recording", () -> Files.exists(path) && Files.size(path) > 20_000 && outputSize(path) > 10_000);
        } finally {
            jvm.destroyForcibly();
            jvm.waitFor();
        }
        String output = RecorderTest.output(RecorderTest.events(Recording.read(path)));
        assertTrue(output.length() > 10_000);
        assertTrue(numbers(2_000_000).startsWith(output));
    }

    private static int outputSize(Path path) throws IOException {
        try {
            return RecorderTest.output(RecorderTest.events(Recording.read(path))).length();
        } catch (CastException early) {
            return 0;
        }
    }

    /** In a JVM with a small file system of its own; the body has the assertions. */
    @ParameterizedTest
    @EnumSource
    void aFullDiskLeavesTheProgramRunningTheFileReadableAndOneReport(TapStyle style) throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        new ForkedJvm(CastOnAFullDisk.class).arguments(style.toString(), disk.toString())
                .by(Namespace.after("mount -t tmpfs -o size=256k tmpfs " + disk)).run();
    }

    /** /dev/full cannot be cut; the program goes on all the same. */
    @ParameterizedTest
    @EnumSource
    void aDeviceThatTakesNothingIsReportedOnce(TapStyle style) throws Exception {
        Leaks.none(() -> {
            try (LoggedErrors log = new LoggedErrors()) {
                Recorder recorder = Recorder.to(Path.of("/dev/full"));
                TapStyle.Reader reader = style.start(new PtyProcessBuilder("sh", "-c", "echo a; read x; seq 50000").tap(recorder));
                try (PtyProcess process = reader.process()) {
                    assertThrows(ExecutionException.class, () -> recorder.onEnd().get());
                    style.write(process, new byte[] {'\n'});
                    assertTrue(new String(reader.allRead(), StandardCharsets.US_ASCII).endsWith(numbers(50_000)));
                    assertEquals(0, process.waitFor());
                }
                Await.until("the report", () -> log.all().size() + reader.errors().size() == 1);
                IOException failure = assertThrows(IOException.class, recorder::close);
                assertTrue(failure.getMessage().startsWith("recording to /dev/full: "), failure.getMessage());
            }
        });
    }

    /** The failure may come before the end, with it, or after it, when no call of the tap follows. */
    @ParameterizedTest
    @EnumSource
    void aFailureAtTheEndIsReportedOnce(TapStyle style) throws Exception {
        for (int round = 0; round < 20; round++) {
            try (LoggedErrors log = new LoggedErrors()) {
                Recorder recorder = Recorder.to(Path.of("/dev/full"));
                TapStyle.Reader reader = style.start(new PtyProcessBuilder("echo", "x").tap(recorder));
                try (PtyProcess process = reader.process()) {
                    assertEquals("x\r\n", new String(reader.allRead(), StandardCharsets.US_ASCII));
                    assertEquals(0, process.waitFor());
                }
                Await.until("the report", () -> log.all().size() + reader.errors().size() == 1);
                assertThrows(IOException.class, recorder::close);
                assertEquals(1, log.all().size() + reader.errors().size(), log.all()::toString);
            }
        }
    }

    /** A pipe that is not read: the buffer fills, the program is blocked, and no thread is. */
    @ParameterizedTest
    @EnumSource
    void aFullBufferPausesTheProgramAndNothingIsLost(TapStyle style) throws Exception {
        Path fifo = folder.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        Path copy = folder.resolve("copy.cast");
        Leaks.none(() -> {
            RandomAccessFile keepsItOpen = new RandomAccessFile(fifo.toFile(), "rw");
            try (keepsItOpen; Recorder recorder = Recorder.to(fifo)) {
                TapStyle.Reader reader = style.start(new PtyProcessBuilder("seq", "600000").tap(recorder));
                try (PtyProcess process = reader.process()) {
                    Await.until("the buffer is full", () -> reader.readSize() > EventBuffer.LIMIT_BYTES / 2);
                    Await.until("the program is blocked", () -> {
                        int before = reader.readSize();
                        return !process.waitFor(QUIET_MILLIS, TimeUnit.MILLISECONDS) && reader.readSize() == before;
                    });
                    assertTrue(reader.readSize() < 2 * EventBuffer.LIMIT_BYTES, () -> "read: " + reader.readSize());
                    try (PtyProcess other = style.start(new PtyProcessBuilder("echo", "x")).process()) { // on the same reactor
                        other.onEnd().get();
                    }
                    Process cat = new ProcessBuilder("cat", fifo.toString()).redirectOutput(copy.toFile()).start();
                    process.onEnd().get();
                    recorder.onEnd().get();
                    assertEquals(numbers(600_000), new String(reader.allRead(), StandardCharsets.US_ASCII));
                    Await.until("all is copied", () -> RecorderTest.events(Recording.read(copy)).getLast() instanceof CastEvent.Exit);
                    cat.destroy();
                    cat.waitFor();
                }
            }
        });
        assertEquals(numbers(600_000), RecorderTest.output(RecorderTest.events(Recording.read(copy))));
        assertFalse(Files.isRegularFile(fifo));
    }

    /** The end of the JVM: what waits is written. */
    @Test
    void theEndOfTheJvmWritesWhatWaits() throws Exception {
        Path path = folder.resolve("ended.cast");
        new ForkedJvm(CastUntilTheEnd.class).arguments(path.toString()).run();
        List<CastEvent> events = RecorderTest.events(Recording.read(path));
        assertEquals(numbers(20_000), RecorderTest.output(events));
    }
}
