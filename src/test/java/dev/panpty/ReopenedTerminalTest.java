package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.testing.Await;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Way;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A running program closes its terminal and opens it again at once, thousands of times: none of the closes counts as a hang-up. */
class ReopenedTerminalTest {

    private static final String REOPEN = Path.of(System.getProperty("panpty.test.native"), "reopen").toString();
    private static final int TIMES = 40_000;
    private static final int EVERY = 10;

    private static String lines(int times) {
        return IntStream.rangeClosed(1, times).filter(i -> i % EVERY == 0).mapToObj(i -> i + "\r\n").collect(Collectors.joining());
    }

    private static PtyProcessBuilder reopen() {
        return new PtyProcessBuilder(REOPEN, Integer.toString(TIMES), Integer.toString(EVERY));
    }

    private static String read(InputStream output) throws Exception {
        return new String(output.readAllBytes(), StandardCharsets.US_ASCII);
    }

    private static String readIn(boolean virtual, InputStream output) throws Exception {
        FutureTask<String> task = new FutureTask<>(() -> read(output));
        Thread thread = virtual ? Thread.ofVirtual().unstarted(task) : Thread.ofPlatform().daemon().unstarted(task);
        thread.start();
        return task.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    @EachWay
    void inStreamStyleAllTheOutputIsRead() throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            try (PtyProcess process = reopen().start()) {
                assertEquals(lines(TIMES), readIn(virtual, process.getInputStream()));
                assertEquals(7, process.waitFor());
            }
        }
    }

    @EachWay
    void withAProtocolAllTheOutputIsDelivered() throws Exception {
        for (int i = 0; i < Math.max(1, Way.times(10)); i++) {
            ProtocolRecorder recorder = new ProtocolRecorder();
            reopen().start(recorder);
            recorder.awaitEnd().assertOrderly();
            assertEquals(new ExitStatus.Exited(7), recorder.exit());
            assertEquals(lines(TIMES), recorder.text());
        }
    }

    @Test
    void aSubscriberGetsAllTheOutput() throws Exception {
        StringBuilder text = new StringBuilder();
        CompletableFuture<Void> complete = new CompletableFuture<>();
        ProcessFlow flow = new ProcessFlow();
        flow.output().subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ByteBuffer data) {
                text.append(StandardCharsets.US_ASCII.decode(data));
            }

            @Override
            public void onError(Throwable thrown) {
                complete.completeExceptionally(thrown);
            }

            @Override
            public void onComplete() {
                complete.complete(null);
            }
        });
        reopen().start(flow);
        complete.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertEquals(lines(TIMES), text.toString());
    }

    /** The program has exited, and a descendant opens and closes the terminal: no read fails. */
    @EachWay
    void aDescendantThatReopensTheTerminalAfterTheExitCausesNoException() throws Exception {
        String script = "(trap '' HUP; exec \"$0\" 3000 10) & exit 5";
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", script, REOPEN).start()) {
            String text = read(process.getInputStream()); // no exception; the end comes when no process holds the terminal
            assertEquals(lines(3000).substring(0, text.length()), text);
            assertEquals(5, process.waitFor());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTerminalWithoutAProcessWaitsThroughReopens(boolean virtual) throws Exception {
        try (Pty pty = Pty.open()) {
            FutureTask<String> task = new FutureTask<>(() -> new String(
                    pty.ptmxInputStream().readNBytes(lines(TIMES).length()), StandardCharsets.US_ASCII));
            Thread thread = virtual ? Thread.ofVirtual().unstarted(task) : Thread.ofPlatform().daemon().unstarted(task);
            thread.start();
            Process other = new ProcessBuilder(REOPEN, Integer.toString(TIMES), Integer.toString(EVERY), pty.ptsName())
                    .inheritIO().start();
            assertEquals(lines(TIMES), task.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
            assertEquals(7, other.waitFor());
        }
    }
}
