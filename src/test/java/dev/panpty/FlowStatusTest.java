package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.LoggedErrors;
import dev.panpty.testing.Programs;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the user of a flow hears beside the items: the exit, and errors. */
@Timeout(120)
class FlowStatusTest {

    private static final long LIMIT_SECONDS = 30;

    /** Requests everything, and runs an action at the end. */
    private static class Reader implements Flow.Subscriber<ByteBuffer> {

        private final Runnable atTheEnd;

        Reader(Runnable atTheEnd) {
            this.atTheEnd = atTheEnd;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer item) {
            // the bytes do not matter
        }

        @Override
        public void onError(Throwable thrown) {
            throw new AssertionError(thrown);
        }

        @Override
        public void onComplete() {
            atTheEnd.run();
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void theStatusIsThereWhenTheOutputCompletes() throws Exception {
        for (int i = 0; i < 200; i++) {
            ProcessFlow flow = new ProcessFlow();
            CompletableFuture<ExitStatus> before = flow.status();
            CompletableFuture<ExitStatus> atTheEnd = new CompletableFuture<>();
            Reader reader = new Reader(() -> atTheEnd.complete(flow.status().getNow(null)));
            flow.output().subscribe(reader);
            Programs.shell("echo hello; exit 3").start(flow);
            assertEquals(new ExitStatus.Exited(3), atTheEnd.get(LIMIT_SECONDS, TimeUnit.SECONDS));
            assertEquals(new ExitStatus.Exited(3), before.get(LIMIT_SECONDS, TimeUnit.SECONDS));
            assertEquals(new ExitStatus.Exited(3), flow.status().getNow(null));
        }
    }

    @Test
    void theStatusOfASignalIsNoSuccess() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Programs.shell("kill -9 $$").start(flow);
        ExitStatus status = flow.status().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertFalse(status.isSuccess());
        assertInstanceOf(ExitStatus.Signaled.class, status);
    }

    @Test
    void theStatusComesWithoutAnyDemandForOutput() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        CompletableFuture<ExitStatus> status = flow.status();
        try (PtyProcess process = Programs.shell("echo unread; exit 4").start(flow)) {
            assertEquals(new ExitStatus.Exited(4), status.get(LIMIT_SECONDS, TimeUnit.SECONDS));
            assertFalse(process.onEnd().isDone());
        }
    }

    @Test
    void oneUserCannotCompleteTheStatusOfAnother() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        assertNotSame(flow.status(), flow.status());
        flow.status().complete(new ExitStatus.Unknown("mine"));
        Programs.shell("exit 5").start(flow);
        assertEquals(new ExitStatus.Exited(5), flow.status().get(LIMIT_SECONDS, TimeUnit.SECONDS));
        flow.status().obtrudeValue(new ExitStatus.Unknown("mine"));
        assertEquals(new ExitStatus.Exited(5), flow.status().get(LIMIT_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void aFailedStartLeavesTheStatusForTheNext() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        CompletableFuture<ExitStatus> status = flow.status();
        assertThrows(SpawnException.class, () -> new PtyProcessBuilder("/nonexistent").start(flow));
        assertFalse(status.isDone());
        Programs.shell("exit 6").start(flow);
        assertEquals(new ExitStatus.Exited(6), status.get(LIMIT_SECONDS, TimeUnit.SECONDS));
    }

    /** A dependent may block: it runs on no reactor's thread, wherever it is added. */
    @Test
    void dependentsOfTheStatusRunOnThreadsOfTheirOwn() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        CompletableFuture<Boolean> before = flow.status().thenApply(status -> Thread.currentThread().isVirtual());
        CompletableFuture<CompletableFuture<Boolean>> inside = new CompletableFuture<>();
        flow.output().subscribe(new Reader(
                () -> inside.complete(flow.status().thenApply(status -> Thread.currentThread().isVirtual()))));
        Programs.shell("exit 0").start(flow);
        assertTrue(before.get(LIMIT_SECONDS, TimeUnit.SECONDS));
        assertTrue(inside.get(LIMIT_SECONDS, TimeUnit.SECONDS).get(LIMIT_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void anErrorOfThePublisherReachesTheReceiverAndNotTheLog() throws Exception {
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        ProcessFlow flow = new ProcessFlow(errors::add);
        IllegalCallerException mine = new IllegalCallerException("mine");
        try (LoggedErrors logged = new LoggedErrors(); SubmissionPublisher<ByteBuffer> publisher = new SubmissionPublisher<>()) {
            PtyProcess process = new PtyProcessBuilder("cat").start(flow);
            flow.output().subscribe(new Reader(() -> { }));
            publisher.subscribe(flow.input());
            publisher.closeExceptionally(mine);
            assertEquals(0, process.onEnd().get(LIMIT_SECONDS, TimeUnit.SECONDS).exitValue()); // it is the end of input
            assertEquals(List.of(mine), errors);
            assertEquals(List.of(), logged.errors());
        }
    }

    @Test
    void anItemThatIsRefusedReachesTheReceiver() throws Exception {
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        ProcessFlow flow = new ProcessFlow(errors::add);
        try (LoggedErrors logged = new LoggedErrors(); SubmissionPublisher<ByteBuffer> publisher = new SubmissionPublisher<>()) {
            PtyProcess process = new PtyProcessBuilder("cat").longLines(LongLines.REFUSE).start(flow);
            flow.output().subscribe(new Reader(() -> { }));
            publisher.subscribe(flow.input());
            publisher.submit(bytes("x".repeat(5000) + "\n"));
            process.onEnd().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertEquals(1, errors.size(), errors::toString);
            assertInstanceOf(IllegalArgumentException.class, errors.getFirst());
            assertEquals(List.of(), logged.errors());
        }
    }

    @Test
    void itemsThatAreDroppedAfterTheModeHasChangedReachTheReceiver(@TempDir Path folder) throws Exception {
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        ProcessFlow flow = new ProcessFlow(errors::add);
        StringBuilder output = new StringBuilder();
        Path go = folder.resolve("go");
        String script = "stty raw -echo; echo R; " + Programs.until(go) + "; stty sane -echo; cat >/dev/null";
        try (LoggedErrors logged = new LoggedErrors(); SubmissionPublisher<ByteBuffer> publisher = new SubmissionPublisher<>();
                PtyProcess process = Programs.shell(script).longLines(LongLines.REFUSE).start(flow)) {
            CountDownLatch ready = new CountDownLatch(1);
            flow.output().subscribe(new Reader(() -> { }) {
                @Override
                public void onNext(ByteBuffer item) {
                    output.append(StandardCharsets.US_ASCII.decode(item));
                    if (output.toString().contains("R")) {
                        ready.countDown();
                    }
                }
            });
            assertTrue(Await.opened(ready));
            publisher.subscribe(flow.input());
            publisher.submit(bytes("x".repeat(200_000) + "\n"));
            Await.until("it is taken", () -> process.pendingBytes() > 100_000);
            Files.createFile(go);
            Await.until("an error", () -> !errors.isEmpty());
            assertEquals(1, errors.size(), errors::toString);
            PartialWriteException partial = assertInstanceOf(PartialWriteException.class, errors.getFirst());
            assertEquals(200_001, partial.bytesWritten() + process.unwrittenBytes());
            assertEquals(List.of(), logged.errors());
        }
    }

    @Test
    void whatASubscriberThrowsReachesTheReceiver() throws Exception {
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        ProcessFlow flow = new ProcessFlow(errors::add);
        IllegalCallerException mine = new IllegalCallerException("mine");
        try (LoggedErrors logged = new LoggedErrors()) {
            flow.output().subscribe(new Reader(() -> {
                throw mine;
            }));
            PtyProcess process = Programs.shell("exit 0").start(flow);
            process.onEnd().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertEquals(List.of(mine), errors);
            assertEquals(List.of(), logged.errors());
        }
    }

    @Test
    void aReceiverThatThrowsIsLoggedWithTheError() throws Exception {
        ProcessFlow flow = new ProcessFlow(error -> {
            throw new IllegalStateException("thrown by the receiver");
        });
        try (LoggedErrors logged = new LoggedErrors(); PtyProcess process = new PtyProcessBuilder("cat").start(flow)) {
            flow.output().subscribe(new Reader(() -> { }));
            flow.input().onError(new IllegalCallerException("mine"));
            assertEquals(0, process.onEnd().get(LIMIT_SECONDS, TimeUnit.SECONDS).exitValue());
            assertEquals(2, logged.all().size(), logged.all()::toString);
            assertTrue(logged.all().getFirst().contains("mine"), logged.all()::toString);
            assertTrue(logged.all().getLast().contains("thrown by the receiver"), logged.all()::toString);
        }
    }
}
