package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.cast.Recorder;
import dev.panpty.cast.Recording;
import dev.panpty.expect.Expect;
import dev.panpty.expect.Shell;
import dev.panpty.screen.Screen;
import dev.panpty.testing.Await;
import dev.panpty.testing.CastCrowd;
import dev.panpty.testing.Crowd;
import dev.panpty.testing.ExpectCrowd;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.OwnTerminalCrowd;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.ScreenCrowd;
import dev.panpty.testing.TapRecorder;
import dev.panpty.testing.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Public types other than the process, used by many threads at once: terminals, reactors, flows, screens, recordings and dialogs. */
@Timeout(60)
class EveryDoorTest {

    private static final int THREADS = 8;
    private static final int ROUNDS = 50;
    private static final int LIMIT_SECONDS = 30;

    /** The methods that this test calls, for {@link EveryMethodTest}. */
    static final Map<Class<?>, Set<String>> CALLED = Map.ofEntries(
            Map.entry(Pty.class, Set.of("open()", "ptsName()", "windowSize()", "resize(WindowSize)", "attributes()",
                    "attributes(TerminalAttributes)", "ptmxInputStream()", "ptmxOutputStream()", "ptsInputStream()", "ptsOutputStream()",
                    "close()")),
            Map.entry(Reactor.class, Set.of("shared()", "open()", "execute(Runnable)", "schedule(Duration,Runnable)", "close()")),
            Map.entry(Reactor.Delayed.class, Set.of("cancel()")),
            Map.entry(OwnTerminal.class, OwnTerminalCrowd.CALLED),
            Map.entry(ProcessFlow.class, Set.of("output()", "text(Charset)", "lines(Charset,int)", "input()", "status()")),
            Map.entry(Tapped.class, Set.of("command()", "environment()", "pid()", "windowSize()", "attributes()", "foregroundProcessGroup()",
                    "foregroundProcess()", "nanoTime()", "reply(ByteBuffer)", "droppedReplyBytes()", "pauseProducing()", "resumeProducing()")),
            Map.entry(Screen.class, ScreenCrowd.CALLED),
            Map.entry(Recorder.class, CastCrowd.CALLED_TO_RECORD),
            Map.entry(Recording.class, CastCrowd.CALLED_TO_PLAY),
            Map.entry(Expect.class, ExpectCrowd.CALLED),
            Map.entry(Shell.class, ExpectCrowd.CALLED_OF_SHELL));

    @Test
    void terminalsAreUsedAndClosedByAll() throws Exception {
        Leaks.none(() -> {
            List<Pty> terminals = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                terminals.add(Pty.open());
            }
            Crowd.run(THREADS, (number, count) -> {
                try (Pty own = Pty.open()) { // in addition to the shared ones
                    Pty pty = terminals.get(count);
                    if (number < 2) {
                        readUntilClosed(pty);
                        Await.until("closed by the end of the process", () -> isClosed(pty)); // the program's end is closed first
                    } else {
                        useAndClose(pty, number);
                        assertTrue(isClosed(pty));
                    }
                    assertEquals(WindowSize.DEFAULT, own.windowSize());
                }
                return count < ROUNDS - 1;
            });
        });
    }

    private static boolean isClosed(Pty pty) {
        try {
            pty.windowSize();
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    private static void readUntilClosed(Pty pty) {
        try (InputStream input = pty.ptsInputStream()) {
            int next = input.read();
            while (next >= 0) {
                next = input.read();
            }
        } catch (IOException closed) {
            // closed before it was opened; the caller checks that
        }
    }

    private static void useAndClose(Pty pty, int number) {
        try {
            pty.resize(new WindowSize(number, number));
            WindowSize size = pty.windowSize();
            assertEquals(size.rows(), size.columns());
            pty.attributes(TerminalAttributes.cooked().withEcho(false));
            assertFalse(pty.attributes().has(LocalFlag.ECHO));
            assertTrue(pty.ptsName().startsWith("/dev/pts/"));
            pty.ptsOutputStream().write('x');
            assertTrue(pty.ptmxInputStream().available() >= 0);
            pty.ptmxOutputStream().write('\n');
        } catch (IOException closed) {
            // closed by another thread; the caller checks that
        }
        pty.close();
    }

    @Test
    void aReactorIsUsedAndClosedByAll() throws Exception {
        Leaks.none(() -> {
            for (int round = 0; round < ROUNDS / 5; round++) {
                Reactor reactor = Reactor.open();
                List<PtyProcess> processes = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    processes.add(new PtyProcessBuilder("cat").start(reactor, new ProtocolRecorder()));
                }
                AtomicInteger accepted = new AtomicInteger();
                AtomicInteger run = new AtomicInteger();
                Crowd.run(THREADS, (number, count) -> {
                    if (number < 3 && count == ROUNDS) {
                        reactor.close();
                        assertThrows(RejectedExecutionException.class, () -> reactor.execute(run::incrementAndGet));
                    }
                    return isUsed(reactor, accepted, run);
                });
                assertEquals(accepted.get(), run.get(), "all accepted work has run");
                for (PtyProcess process : processes) {
                    process.onEnd().get(LIMIT_SECONDS, TimeUnit.SECONDS);
                }
            }
        });
    }

    /** False once it is closed. */
    private static boolean isUsed(Reactor reactor, AtomicInteger accepted, AtomicInteger run) throws IOException {
        assertSame(Reactor.shared(), Reactor.shared());
        try {
            reactor.execute(run::incrementAndGet);
            accepted.incrementAndGet();
            Reactor.Delayed late = reactor.schedule(Duration.ofDays(1), run::incrementAndGet);
            late.cancel();
            late.cancel();
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    @Test
    void aFlowIsAskedByAll() throws Exception {
        Leaks.none(() -> {
            ProcessFlow flow = new ProcessFlow();
            try (PtyProcess process = new PtyProcessBuilder("yes").start(flow)) {
                Counting subscriber = new Counting();
                flow.output().subscribe(subscriber);
                Queue<Refused> refused = new ConcurrentLinkedQueue<>();
                Queue<CompletableFuture<ExitStatus>> statuses = new ConcurrentLinkedQueue<>();
                Crowd.run(THREADS, (number, count) -> {
                    subscriber.ask(1 + count % 3);
                    Counting second = new Counting();
                    flow.output().subscribe(second);
                    assertTrue(second.failure.get() instanceof IllegalStateException);
                    Refused text = new Refused();
                    flow.text(StandardCharsets.UTF_8).subscribe(text);
                    flow.lines(StandardCharsets.UTF_8, 80).subscribe(text);
                    refused.add(text);
                    statuses.add(flow.status());
                    return count < ROUNDS;
                });
                Await.until("both are refused", () -> refused.stream().allMatch(text -> text.failures.get() == 2));
                Await.until("all requested items", () -> subscriber.received.get() == subscriber.asked.get());
                subscriber.cancel();
                assertEquals("", subscriber.fault);
                AtomicInteger cancelled = new AtomicInteger();
                Crowd.run(THREADS, (number, count) -> {
                    flow.input().onSubscribe(new Cancellable(cancelled));
                    return false;
                });
                assertEquals(THREADS - 1, cancelled.get());
                process.abortConnection();
                Await.until("the remaining subscription is cancelled at the end", () -> cancelled.get() == THREADS);
                for (CompletableFuture<ExitStatus> status : statuses) {
                    assertTrue(status.get(LIMIT_SECONDS, TimeUnit.SECONDS) instanceof ExitStatus.Signaled);
                }
            }
        });
    }

    @Test
    void whatATapSeesIsUsedByAllUntilTheEnd() throws Exception {
        Leaks.none(() -> {
            for (boolean events : new boolean[] {false, true}) {
                TapRecorder tap = new TapRecorder();
                PtyProcessBuilder builder = new PtyProcessBuilder("cat").attributes(TerminalAttributes.raw()).tap(tap);
                PtyProcess process = events ? builder.start(new ProtocolRecorder()) : builder.start();
                if (!events) {
                    process.drain();
                }
                AtomicLong taken = new AtomicLong();
                Crowd.run(THREADS, (number, count) -> {
                    Tapped terminal = tap.terminal();
                    terminal.pauseProducing();
                    terminal.resumeProducing(); // the last of all calls
                    if (terminal.reply(ByteBuffer.allocate(number))) {
                        taken.addAndGet(number);
                    }
                    assertEquals(List.of("cat"), terminal.command());
                    assertEquals(process.pid(), terminal.pid());
                    assertTrue(terminal.environment().containsKey("PATH") && terminal.nanoTime() <= System.nanoTime());
                    assertEquals(WindowSize.DEFAULT, terminal.windowSize());
                    assertFalse(terminal.attributes().has(LocalFlag.ECHO));
                    assertEquals(terminal.pid(), terminal.foregroundProcessGroup().orElseThrow());
                    assertEquals(terminal.pid(), terminal.foregroundProcess().orElseThrow().pid());
                    return count < ROUNDS;
                });
                Await.until("all taken replies are typed and answered", () -> tap.outputSize() == taken.get());
                assertEquals(taken.get(), tap.input().length());
                process.close();
                assertEquals("", String.join(", ", tap.faults()));
                long dropped = tap.terminal().droppedReplyBytes();
                tap.terminal().reply(ByteBuffer.allocate(1));
                Await.until("a reply after the end is dropped", () -> tap.terminal().droppedReplyBytes() == dropped + 1);
            }
        });
    }

    @Test
    void aScreenIsFedAndLookedAtByAll() throws Exception {
        ScreenCrowd.run();
    }

    @Test
    void recordingsAreMadeAndPlayedByAll(@TempDir Path folder) throws Exception {
        Leaks.none(() -> CastCrowd.run(folder));
    }

    @Test
    void dialogsAndShellsAreTypedToByAll(@TempDir Path folder) throws Exception {
        Tools.skipUnless(Tools.has("dash"), "dash");
        Leaks.none(() -> ExpectCrowd.run(folder));
    }

    /** A subscriber of text, or of several, that gets nothing but an error. */
    private static final class Refused implements Flow.Subscriber<String> {

        private final AtomicInteger failures = new AtomicInteger();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onNext(String text) {
            failures.set(Integer.MIN_VALUE);
        }

        @Override
        public void onError(Throwable thrown) {
            failures.incrementAndGet();
        }

        @Override
        public void onComplete() {
            failures.set(Integer.MIN_VALUE);
        }
    }

    /** A subscription of a publisher without items. */
    private record Cancellable(AtomicInteger cancelled) implements Flow.Subscription {

        @Override
        public void request(long items) {
            // no items
        }

        @Override
        public void cancel() {
            cancelled.incrementAndGet();
        }
    }

    /** Counts the items, and checks that they come one after the other and no more than requested. */
    private static final class Counting implements Flow.Subscriber<ByteBuffer> {

        private final AtomicLong asked = new AtomicLong();
        private final AtomicLong received = new AtomicLong();
        private final AtomicBoolean inside = new AtomicBoolean();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private volatile String fault = "";
        private Flow.Subscription subscription; // set before subscribe returns

        void ask(int items) {
            asked.addAndGet(items);
            subscription.request(items);
        }

        void cancel() {
            subscription.cancel();
        }

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
        }

        @Override
        public void onNext(ByteBuffer item) {
            if (!inside.compareAndSet(false, true)) {
                fault = "two at once";
            }
            if (received.incrementAndGet() > asked.get()) {
                fault = "more than was asked for";
            }
            inside.set(false);
        }

        @Override
        public void onError(Throwable thrown) {
            failure.set(thrown);
        }

        @Override
        public void onComplete() {
            // no thread waits for it
        }
    }
}
