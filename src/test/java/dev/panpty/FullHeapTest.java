package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.ProtocolRecorder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a full heap a call succeeds, or throws and changes nothing. */
class FullHeapTest {

    private static final Duration PROMPTLY = Duration.ofSeconds(10);

    @Test
    void anExitWithoutMemoryIsSeenOnceThereIsSome() throws Exception {
        new ForkedJvm(FullHeapAtTheExit.class).options("-Xmx24m", "-XX:-UseTLAB").limit(Duration.ofSeconds(45)).run();
    }

    /** Two threads, one of each kind, read two processes to the end; the third process has no reader, and the fourth has a protocol. */
    public static final class FullHeapAtTheExit implements ForkedJvm.Body {

        private static final int CHUNK_BYTES = 4080;
        private static final long UNTIL_LONG_AFTER_THE_EXIT_NANOS = TimeUnit.SECONDS.toNanos(3);

        private final byte[][] ballast = new byte[20_000][];
        private int held;

        @Override
        public void run(String[] arguments) throws Throwable {
            List<PtyProcess> processes = List.of(PtyProcess.start("sleep", "1"), PtyProcess.start("sleep", "1"), PtyProcess.start("sleep", "1"),
                    new PtyProcessBuilder("sleep", "1").start(new ProcessProtocol() {}));
            Thread virtual = Thread.ofVirtual().start(new ToTheEnd(processes.get(0).getInputStream()));
            Thread platform = Thread.ofPlatform().daemon().start(new ToTheEnd(processes.get(1).getInputStream()));
            Await.blocked(virtual);
            Await.blocked(platform);
            for (long begun = System.nanoTime(); System.nanoTime() - begun < UNTIL_LONG_AFTER_THE_EXIT_NANOS; ) {
                fill();
            }
            Arrays.fill(ballast, null);
            assertTrue(virtual.join(PROMPTLY), "the virtual thread still waits");
            assertTrue(platform.join(PROMPTLY), "the platform thread still waits");
            for (PtyProcess process : processes) {
                process.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
            }
        }

        private void fill() {
            try {
                for (; held < ballast.length; held++) {
                    ballast[held] = new byte[CHUNK_BYTES];
                }
            } catch (OutOfMemoryError full) {
                // no call here: a method that is not linked yet would need memory
            }
        }
    }

    @Test
    void aHangUpWithoutMemoryIsDoneOnceThereIsSome() throws Exception {
        new ForkedJvm(FullHeapAtTheHangUp.class).options("-Xmx24m", "-XX:-UseTLAB").limit(Duration.ofSeconds(45)).run();
    }

    /** The heap is full to the last small object while the terminals are hung up. */
    public static final class FullHeapAtTheHangUp implements ForkedJvm.Body {

        private static final int CHUNK_BYTES = 4080;
        private static final int TIMES = 8;

        private final byte[][] ballast = new byte[200_000][];
        private int held;
        private int missed;

        @Override
        public void run(String[] arguments) throws Throwable {
            hangUpTwo(false); // links what it takes
            for (int i = 0; i < TIMES; i++) {
                hangUpTwo(true);
            }
        }

        private void hangUpTwo(boolean inFullHeap) throws Exception {
            List<PtyProcess> processes = List.of(PtyProcess.start("sleep", "1000"),
                    new PtyProcessBuilder("sleep", "1000").start(new ProcessProtocol() {}));
            if (inFullHeap) {
                held = 0;
                fill(CHUNK_BYTES);
                fill(0);
            }
            hangUpAll(processes);
            Arrays.fill(ballast, null);
            for (PtyProcess process : processes) {
                process.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
            }
        }

        private void hangUpAll(List<PtyProcess> processes) {
            for (int i = 0; i < processes.size(); i++) {
                try {
                    processes.get(i).hangUp();
                } catch (OutOfMemoryError none) {
                    missed++; // it may be said, and is done all the same
                }
            }
        }

        private void fill(int bytes) {
            try {
                for (; held < ballast.length; held++) {
                    ballast[held] = new byte[bytes];
                }
            } catch (OutOfMemoryError full) {
                // and nothing is called that would have to be linked
            }
        }
    }

    /** Reads to the end, and reads again after an OutOfMemoryError. Allocates nothing itself. */
    private record ToTheEnd(InputStream output) implements Runnable {
        @Override
        public void run() {
            int read = 0;
            while (read >= 0) {
                try {
                    read = output.read();
                } catch (OutOfMemoryError none) {
                    read = 0;
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            }
        }
    }

    @Test
    void aBufferForWhichThereIsNoMemoryIsNotTakenAndHurtsNothing(@TempDir Path folder) throws Exception {
        new ForkedJvm(HugeBuffer.class).options("-Xmx80m").arguments(folder.toString()).run();
    }

    /** Two gigabytes; a copy does not fit into the heap. */
    public static final class HugeBuffer implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            Path sparse = Path.of(arguments[0], "sparse");
            ByteBuffer huge;
            try (FileChannel file = FileChannel.open(sparse, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(new byte[1]), Integer.MAX_VALUE - 1);
                huge = file.map(FileChannel.MapMode.READ_ONLY, 0, Integer.MAX_VALUE);
            }
            ProtocolRecorder recorder = new ProtocolRecorder();
            PtyProcess process = new PtyProcessBuilder("sh", "-c", "stty raw -echo; printf R; exec cat").start(recorder);
            recorder.awaitOutput("R");
            assertThrows(OutOfMemoryError.class, () -> process.write(huge));
            assertEquals(Integer.MAX_VALUE, huge.remaining());
            assertEquals(0, process.pendingBytes());
            process.write(new byte[] {'a', 'b', 'c'});
            recorder.awaitOutput("Rabc");
            huge.limit(1_000_000);
            process.write(huge);
            recorder.awaitSize(1_000_004);
            process.close();
            recorder.awaitEnd().assertOrderly();
        }
    }
}
