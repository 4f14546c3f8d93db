package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Descriptors;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What once went wrong in stream style. */
@Timeout(60)
class StreamRegressionTest {

    private static final Duration PROMPTLY = Duration.ofSeconds(10);
    private static final int ROUNDS = 200;
    /** The kernel hands input on by a worker of its own, and then there is room again: as a rule within two milliseconds. */
    private static final long LONGEST_BEHIND_OUR_BACK_NANOS = TimeUnit.SECONDS.toNanos(1);

    @TempDir
    Path folder;

    /** Whoever waits for the exit sees it first, and starts what others have asked for. */
    @Test
    void whatFollowsAnExitRunsWithNothingOfTheThreadThatWaited() throws Exception {
        InheritableThreadLocal<String> secret = new InheritableThreadLocal<>();
        ClassLoader foreign = new URLClassLoader(new URL[0]);
        for (int round = 0; round < ROUNDS; round++) {
            try (PtyProcess process = Programs.sh(":")) {
                CompletableFuture<String> seen = process.onExit()
                        .thenApply(exited -> secret.get() + (Thread.currentThread().getContextClassLoader() == foreign ? " foreign" : ""));
                Thread waits = new Thread(() -> {
                    secret.set("secret");
                    Thread.currentThread().setContextClassLoader(foreign);
                    assertDoesNotThrow(() -> process.waitFor());
                });
                waits.start();
                waits.join();
                assertEquals("null", seen.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void anExitWithoutMemoryIsSeenOnceThereIsSome() throws Exception {
        new ForkedJvm(FullHeapAtTheExit.class).options("-Xmx24m", "-XX:-UseTLAB").limit(Duration.ofSeconds(45)).run();
    }

    /** Two wait for the end of the output, one on each kind of thread; nobody reads the third, and the fourth has a protocol. */
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
            assertTrue(virtual.join(PROMPTLY), "the virtual thread waits on");
            assertTrue(platform.join(PROMPTLY), "the platform thread waits on");
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
                // and nothing is called that would have to be linked
            }
        }
    }

    /** Reads to the end. A read may say that there is no memory to wait with; then it is asked again. Needs no memory itself. */
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

    /** A call on a thread of its own, so that one that never returns only fails. */
    private record Call<T>(Thread thread, FutureTask<T> task) {

        static <T> Call<T> of(Callable<T> body) {
            FutureTask<T> task = new FutureTask<>(body);
            return new Call<>(Thread.ofPlatform().name("caller").daemon().start(task), task);
        }

        static <T> Call<T> blocked(Callable<T> body) throws Exception {
            Call<T> call = of(body);
            Await.blocked(call.thread);
            return call;
        }

        T result() throws Exception {
            return task.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
        }

        Throwable failure() {
            return assertThrows(ExecutionException.class, this::result).getCause();
        }
    }

    private static Callable<Void> writing(PtyProcess process, int bytes) {
        return () -> {
            process.getOutputStream().write(new byte[bytes]);
            return null;
        };
    }

    private static boolean holdsItsTerminal(PtyProcess process) throws IOException {
        return Descriptors.of(process.pid()).values().stream().anyMatch(target -> target.startsWith("/dev/pts/"));
    }

    /** The child waits to be read, and all that this brings about has been and gone. */
    private static void awaitSettled(InputStream output) throws Exception {
        int[] seen = new int[2];
        Await.until("the child waits to be read", () -> {
            int available = output.available();
            seen[1] = available > 0 && available == seen[0] ? seen[1] + 1 : 0;
            seen[0] = available;
            return seen[1] == 100;
        });
    }

    /** Writes until nothing more can be written, by and by, since the kernel makes room behind its own back; how much it was. */
    private static int fill(PtyProcess process) throws Exception {
        int total = 0;
        long vainSince = System.nanoTime();
        while (System.nanoTime() - vainSince < LONGEST_BEHIND_OUR_BACK_NANOS) {
            Call<Void> write = Call.blocked(writing(process, 1 << 20));
            write.thread().interrupt();
            int written = assertInstanceOf(InterruptedIOException.class, write.failure()).bytesTransferred;
            total += written;
            vainSince = written == 0 ? vainSince : System.nanoTime();
        }
        return total;
    }

    @Test
    void aCallerWhoOnlyWritesIsNotLockedUpByAProgramThatWritesMuchBeforeItReads() throws Exception {
        for (int i = 0; i < 3; i++) {
            Path go = folder.resolve("go-" + i);
            try (PtyProcess process = Programs.rawAndThen(Programs.until(go) + "; head -c 100000 /dev/zero; exec cat >/dev/null")) {
                Call<Void> write = Call.blocked(writing(process, 100_000));
                Files.createFile(go);
                write.result();
                assertEquals(100_000, process.getInputStream().readNBytes(100_000).length);
            }
        }
    }

    @Test
    void aChildThatOpensItsTerminalAgainEndsOnceItsOutputIsClosed() throws Exception {
        Path go = folder.resolve("go");
        String script = "exec 0<&- 1>&- 2>&-; " + Programs.until(go) + "; exec 1>/dev/tty; head -c 300000 /dev/zero; exit 7";
        try (PtyProcess process = Programs.sh(script)) {
            InputStream output = process.getInputStream();
            Call<Integer> read = Call.blocked(() -> output.read(new byte[100]));
            Await.until("the child lets go of its terminal", () -> !holdsItsTerminal(process));
            Files.createFile(go);
            assertEquals(100, read.result());
            awaitSettled(output);
            Call<Void> close = Call.of(() -> {
                output.close();
                return null;
            });
            close.result();
            assertTrue(process.waitFor(PROMPTLY), "the child is held up");
            assertEquals(7, process.exitValue());
            process.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
            assertEquals(300_000 - 100, process.droppedBytes());
        }
    }

    /**
     * Reads a byte now and then, of as much as is read ahead; how many it was. A program that waits for room in its terminal the kernel wakes
     * only when 128 bytes or fewer are left unread there (n_tty), so where no more is read ahead it can wait for ever, room or no room.
     */
    private static int makeRoomUntilTheExit(PtyProcess process) throws Exception {
        int taken = 0;
        while (!process.waitFor(LONGEST_BEHIND_OUR_BACK_NANOS, TimeUnit.NANOSECONDS)) {
            assertTrue(process.getInputStream().read() >= 0);
            taken++;
        }
        return taken;
    }

    @Test
    void endingAtTheExitLosesNothingWhenAsMuchAsCanBeIsReadAheadAlready() throws Exception {
        int echoed = 256 * 1024 + 6000;
        PtyProcessBuilder builder =
                new PtyProcessBuilder("sh", "-c", "stty raw -echo; printf R; head -c " + echoed + "; printf END").endAtExit(true);
        for (int i = 0; i < 3; i++) {
            try (PtyProcess process = builder.start()) {
                InputStream output = process.getInputStream();
                assertEquals('R', output.read());
                Call<Void> write = Call.of(writing(process, 500_000));
                int taken = makeRoomUntilTheExit(process);
                assertInstanceOf(IOException.class, write.failure());
                assertEquals(0, process.exitValue());
                byte[] rest = output.readAllBytes();
                assertEquals(echoed + 3, taken + rest.length);
                assertEquals("END", new String(rest, rest.length - 3, 3, StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Test
    void aWriterToALiveChildThatIsHungUpDoesNotSpin() throws Exception {
        try (PtyProcess process = Programs.rawAndThen("exec </dev/null >/dev/null 2>&1; exec sleep 1000")) {
            Call<Void> write = Call.blocked(writing(process, 100_000));
            Await.until("the child lets go of its terminal", () -> !holdsItsTerminal(process));
            assertEquals("", Threads.spinning("panpty-reactor"));
            assertEquals("", Threads.spinning("caller"));
            process.destroyForcibly();
            assertInstanceOf(IOException.class, write.failure());
        }
    }

    @Test
    void anInterruptedCloseOfTheInputCanBeRepeatedAndThenTypesTheEnd() throws Exception {
        Path go = folder.resolve("go");
        try (PtyProcess process = Programs.rawAndThen(Programs.until(go) + "; exec cat")) {
            int written = fill(process);
            Call<Void> first = Call.blocked(() -> {
                process.getOutputStream().close();
                return null;
            });
            first.thread().interrupt();
            assertInstanceOf(InterruptedIOException.class, first.failure());
            Files.createFile(go);
            process.getOutputStream().close();
            Call<byte[]> read = Call.of(() -> process.getInputStream().readNBytes(written + 1));
            assertEquals(4, read.result()[written], "VEOF");
            assertThrows(IOException.class, () -> process.getOutputStream().write('x'));
        }
    }

    @Test
    void streamsWithAPipeThatOthersFloodEndAtTheExit() throws Exception {
        Path go = folder.resolve("go");
        PtyProcessBuilder builder = new PtyProcessBuilder("sh", "-c", "(trap '' HUP PIPE; exec yes >&2) & " + Programs.until(go) + "; exit 3")
                .stderr(StandardError.PIPE).endAtExit(true);
        try (PtyProcess process = builder.start()) {
            assertEquals('y', process.getErrorStream().read());
            Files.createFile(go);
            Call<Long> errors = Call.of(() -> process.getErrorStream().transferTo(OutputStream.nullOutputStream()));
            Call<byte[]> output = Call.of(process.getInputStream()::readAllBytes);
            assertEquals(0, output.result().length);
            assertTrue(errors.result() > 0);
            assertEquals(3, process.waitFor());
            process.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Compiled code keeps a reference only as long as it needs it, interpreted code longer. */
    @Test
    void aProcessIsNotTakenForDroppedWhileItIsWaitedForOrRead() throws Exception {
        new ForkedJvm(Compiled.class)
                .options("-Xcomp", "-XX:CompileCommand=quiet", "-XX:CompileCommand=compileonly,dev.panpty.*::*")
                .arguments(folder.toString()).run();
    }

    /** Has garbage collected while it waits. */
    public static final class Compiled implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Throwable {
            Path waited = Path.of(arguments[0], "waited");
            Path read = Path.of(arguments[0], "read");
            Path written = Path.of(arguments[0], "written");
            collect(waited);
            assertTrue(waitFor(waited), "no exit");
            collect(read);
            assertEquals('x', read(read), "hung up while it was read");
            collect(written);
            write(written);
            for (Path go : new Path[] {waited, read, written}) {
                assertFalse(Files.exists(Path.of(go + ".hup")), "hung up: " + go);
            }
        }

        private static boolean waitFor(Path go) throws Exception {
            return start(go, "exit 0").waitFor(60, TimeUnit.SECONDS);
        }

        private static int read(Path go) throws Exception {
            return start(go, "trap '' HUP; echo x").getInputStream().read(); // who has heard it may drop it
        }

        private static void write(Path go) throws Exception {
            start(go, "exec cat >/dev/null").getOutputStream().write(new byte[100_000]);
        }

        private static PtyProcess start(Path go, String then) throws Exception {
            return new PtyProcessBuilder("sh", "-c", "trap ': >" + go + ".hup; exit 3' HUP; " + Programs.until(go) + "; " + then)
                    .attributes(TerminalAttributes.raw()).start();
        }

        /** Collects until what was dropped has been found ten times over, then creates the file. */
        private static void collect(Path go) {
            Cleaner cleaner = Cleaner.create();
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    for (int i = 0; i < 10; i++) {
                        CountDownLatch found = new CountDownLatch(1);
                        cleaner.register(new Object(), found::countDown);
                        while (!found.await(20, TimeUnit.MILLISECONDS)) {
                            System.gc();
                        }
                    }
                    Files.createFile(go);
                } catch (Exception failed) {
                    throw new AssertionError(failed);
                }
            });
        }
    }

    @Test
    void aWriterReadsAheadAgainOnceSomebodyHasTakenWhatItHadReadAhead() throws Exception {
        int limit = 256 * 1024;
        int taken = 200 * 1024;
        try (PtyProcess cat = new PtyProcessBuilder("cat").attributes(TerminalAttributes.raw()).start()) {
            Call<Void> writer = Call.blocked(writing(cat, limit + 160 * 1024));
            Await.until("as much as may be is read ahead", () -> cat.getInputStream().available() >= limit);
            Await.blocked(writer.thread);
            assertEquals(taken, cat.getInputStream().readNBytes(taken).length);
            writer.result();
        }
    }

    /** Listened to by edges, as once its program has let go of it, the terminal says before the exit that it is hung up, and not again. */
    @Test
    void aChildThatIsKilledWhenAsMuchAsMayBeIsReadAheadEndsThoughNobodyReads() throws Exception {
        int limit = 256 * 1024;
        for (int i = 0; i < 50; i++) {
            Path go = folder.resolve("go-" + i);
            String script = "exec 0<&- 1>&- 2>&-; " + Programs.until(go) + "; exec 0<>/dev/tty 1>&0; exec cat /dev/zero";
            try (PtyProcess process = Programs.rawAndThen(script)) {
                Call<Void> write = Call.blocked(writing(process, 100_000));
                Await.until("the child lets go of its terminal", () -> !holdsItsTerminal(process));
                Files.createFile(go);
                Await.until("as much as may be is read ahead", () -> process.getInputStream().available() >= limit + 1000);
                process.destroyForcibly();
                process.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
                assertInstanceOf(IOException.class, write.failure());
                assertTrue(process.getInputStream().readAllBytes().length > limit);
            }
        }
    }
}
