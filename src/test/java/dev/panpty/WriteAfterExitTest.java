package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Programs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing is taken for a program that has exited, unless somebody else still holds its terminal. The kernel itself has room for some 64 KiB
 * that nobody will read, and more whenever what is there is looked through for the last of the output.
 */
@Timeout(60)
class WriteAfterExitTest {

    private static final int ROUNDS = 60;
    private static final int BYTES_READ = 3000;
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    @EachWay
    void nothingIsTakenOfWhoGoesOnTyping() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            try (PtyProcess process = readsSome(round % 2 == 0).start()) {
                assertEquals('R', process.getInputStream().read());
                int together = round % 4 < 2 ? 1 : 4096;
                CompletableFuture<Process> exit = process.onExit();
                FutureTask<Integer> typing = new FutureTask<>(() -> typeUntilRefused(process.getOutputStream(), new byte[together], exit));
                Thread.ofPlatform().daemon().start(typing);
                assertEquals(0, process.waitFor());
                assertEquals(0, typing.get(), "writes taken after the exit, of " + together + " bytes each");
            }
        }
    }

    /** How many writes that began after the exit were taken. */
    private static int typeUntilRefused(OutputStream input, byte[] bytes, CompletableFuture<Process> exit) {
        for (int after = 0; ; ) {
            boolean exited = exit.isDone();
            try {
                input.write(bytes);
            } catch (IOException refused) {
                return after;
            }
            after += exited ? 1 : 0;
        }
    }

    @EachWay
    void whoeverStillHoldsTheTerminalReadsOn() throws Exception {
        Path heard = folder.resolve("heard");
        String reads = "head -c " + HELLO.length + " <&3 >" + heard;
        try (PtyProcess process = Programs.rawAndThen("trap '' HUP; exec 3<&0; : >" + heard + "; " + reads + " & exit 0")) {
            assertEquals(0, process.waitFor());
            process.getOutputStream().write(HELLO);
            Await.until("it has read", () -> Files.size(heard) == HELLO.length);
            process.onEnd().join();
            assertThrows(IOException.class, () -> process.getOutputStream().write(HELLO));
        }
    }

    @EachWay
    void inEventStyleItCountsAsUnwritten() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            ProtocolRecorder recorder = new ProtocolRecorder() {
                @Override
                public void processExited(ExitStatus status) {
                    assertDoesNotThrow(() -> transport().write(HELLO));
                    super.processExited(status);
                }
            };
            try (PtyProcess process = readsSome(round % 2 == 0).start(recorder)) {
                recorder.awaitOutput("R");
                process.write(new byte[BYTES_READ]);
                recorder.awaitEnd().assertOrderly();
                assertEquals(HELLO.length, process.unwrittenBytes());
            }
        }
    }

    /** The reactor has seen the exit before it gets to connect. */
    @EachWay
    void itDoesSoWhereTheProtocolHearsOfTheStartTooLate() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                super.connectionMade(transport);
                transport.write(HELLO);
            }
        };
        CountDownLatch go = new CountDownLatch(1);
        try (Reactor reactor = Reactor.open()) {
            reactor.execute(() -> assertDoesNotThrow(() -> go.await()));
            PtyProcess process = new PtyProcessBuilder("true").start(reactor, recorder);
            Await.until("it has exited", () -> Children.hasExited(process.pid()));
            go.countDown();
            recorder.awaitEnd().assertOrderly();
            assertEquals(HELLO.length, process.unwrittenBytes());
        }
    }

    private static PtyProcessBuilder readsSome(boolean endAtExit) {
        return new PtyProcessBuilder("sh", "-c", "stty raw -echo; printf R; exec head -c " + BYTES_READ + " >/dev/null").endAtExit(endAtExit);
    }
}
