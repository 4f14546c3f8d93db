package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Needs;
import dev.panpty.testing.OwnReactor;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Scheduled work: it runs at its time, in order, and a cancelled task takes no memory. */
class ReactorTimerTest extends OwnReactor {

    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    @Test
    void scheduledWorkRunsInTheOrderOfItsTimesAndNotBefore() throws Exception {
        List<String> ran = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch last = new CountDownLatch(1);
        AtomicReference<Long> took = new AtomicReference<>();
        reactor.execute(() -> { // on the loop no timer is due before all are scheduled
            long start = System.nanoTime();
            reactor.schedule(Duration.ofMillis(60), () -> {
                ran.add("second");
                took.set(System.nanoTime() - start);
                last.countDown();
            });
            reactor.schedule(Duration.ofMillis(20), () -> ran.add("first"));
            reactor.schedule(Duration.ofMillis(40), () -> ran.add("never")).cancel();
        });
        assertPromptly("the work", last);
        assertEquals(List.of("first", "second"), ran);
        assertTrue(took.get() >= 60_000_000);
    }

    @Test
    void cancelledWorkNeverRunsAndCancellingTwiceOrLateDoesNothing() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 300; i++) {
            Reactor.Delayed delayed = reactor.schedule(Duration.ofDays(1), ran::incrementAndGet);
            delayed.cancel();
            delayed.cancel();
        }
        CountDownLatch done = new CountDownLatch(1);
        Reactor.Delayed late = reactor.schedule(Duration.ZERO, done::countDown);
        assertPromptly("the work", done);
        late.cancel();
        assertEquals(0, ran.get());
    }

    /** Also while the reactor is busy: cancel() frees the memory on the caller's thread. */
    @Test
    void aMillionTimersThatWereCancelledLeaveNoMemoryBehind() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        Reactor.Delayed first = reactor.schedule(Duration.ofDays(1), () -> {});
        long before = heapInUse();
        reactor.execute(() -> {
            scheduleAndCancel(500_000);
            Await.opened(over);
        });
        scheduleAndCancel(500_000);
        Await.until("the memory of a million timers is free", () -> heapInUse() - before < 8_000_000); // they would take 40 MB
        over.countDown();
        first.cancel();
    }

    private void scheduleAndCancel(int count) {
        Random random = new Random(count);
        List<Reactor.Delayed> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            some.add(reactor.schedule(Duration.ofSeconds(1000 + random.nextInt(1000)), () -> {}));
            if (some.size() == 1000) {
                Collections.shuffle(some, random);
                some.forEach(Reactor.Delayed::cancel);
                some.clear();
            }
        }
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void workForNowIsNotDelayedByWorkForTheFarFuture() throws Exception {
        CountDownLatch now = new CountDownLatch(1);
        Reactor.Delayed far = reactor.schedule(FOREVER, () -> {});
        reactor.schedule(Duration.ofSeconds(-1), now::countDown);
        assertPromptly("the work", now);
        far.cancel();
    }

    @Test
    void aTimerFarInTheFutureDoesNotDelayOneThatIsDue() throws Exception {
        CountDownLatch ran = new CountDownLatch(3);
        reactor.execute(() -> {
            for (Duration far : new Duration[] {FOREVER, Duration.ofDays(400_000), Duration.ofNanos(Long.MAX_VALUE)}) {
                long start = System.nanoTime();
                reactor.schedule(Duration.ofNanos(1), ran::countDown);
                while (System.nanoTime() - start < 2_000_000) {
                    Thread.onSpinWait(); // until the first timer is overdue; the other is as far from it as possible
                }
                reactor.schedule(far, () -> { });
            }
        });
        assertPromptly("the timers that are due", ran);
    }

    @Test
    void aTimerWithANegativeDelayRunsAtOnce() throws Exception {
        CountDownLatch ran = new CountDownLatch(3);
        reactor.schedule(Duration.ofSeconds(Long.MIN_VALUE), ran::countDown);
        reactor.schedule(Duration.ofNanos(Long.MIN_VALUE), ran::countDown);
        reactor.schedule(Duration.ofNanos(-1), ran::countDown);
        assertPromptly("the timers", ran);
    }

    /** In another JVM, since this one must not be stopped. */
    @Test
    @Needs("sh")
    void aTimerKeepsItsTimeWhileTheJvmIsStoppedAndContinued() throws Exception {
        new ForkedJvm(Interrupted.class).run();
    }

    /** A timer of half a second, in a JVM that is stopped and continued every twentieth of a second. */
    public static final class Interrupted implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            Reactor reactor = Reactor.open();
            CountDownLatch ready = new CountDownLatch(1);
            reactor.execute(ready::countDown);
            ready.await();
            String self = Long.toString(ProcessHandle.current().pid());
            Path more = Files.createTempFile("panpty", "more");
            Process signals = new ProcessBuilder("sh", "-c", "while test -e \"$2\" && kill -STOP $1 && kill -CONT $1; do echo; sleep 0.05; done",
                    "sh", self, more.toString()).start();
            try {
                signals.getInputStream().read();
                CountDownLatch fired = new CountDownLatch(1);
                reactor.schedule(Duration.ofMillis(500), fired::countDown);
                assertTrue(fired.await(PROMPTLY.toSeconds(), TimeUnit.SECONDS), "half a second has not passed yet");
            } finally {
                Files.delete(more); // the shell ends after a CONT, never between STOP and CONT
                signals.waitFor();
            }
        }
    }
}
