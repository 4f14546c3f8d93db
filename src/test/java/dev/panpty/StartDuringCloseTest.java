package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Way;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** A start during the close of its reactor is refused, or its process ends with the reactor. */
@Timeout(120)
class StartDuringCloseTest {

    private static final Duration PROMPTLY = Duration.ofSeconds(20);

    @EachWay
    void aStartDuringCloseEndsOrIsRefused() throws Exception {
        Leaks.none(() -> {
            for (int i = Way.times(100); i > 0; i--) {
                Reactor closing = Reactor.open();
                Queue<PtyProcess> started = new ConcurrentLinkedQueue<>();
                CountDownLatch begun = new CountDownLatch(1 + i % 3);
                Thread starter = Thread.ofPlatform().daemon().start(() -> startUntilRefused(closing, started, begun));
                assertTrue(begun.await(20, TimeUnit.SECONDS), "nothing starts");
                closing.close();
                assertTrue(starter.join(PROMPTLY), "nothing is refused");
                for (PtyProcess process : started) {
                    assertTrue(process.waitFor(20, TimeUnit.SECONDS), () -> process + " outlives its reactor");
                }
            }
        });
    }

    private static void startUntilRefused(Reactor reactor, Queue<PtyProcess> started, CountDownLatch begun) {
        try {
            for (;;) {
                started.add(new PtyProcessBuilder("cat").start(reactor, new ProtocolRecorder()));
                begun.countDown();
            }
        } catch (IllegalStateException closed) {
            // the reactor is closed: the loop ends
        } catch (SpawnException failed) {
            throw new AssertionError(failed);
        }
    }
}
