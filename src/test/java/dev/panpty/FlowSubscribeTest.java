package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.OwnReactor;
import dev.panpty.testing.Programs;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

/** A subscriber that misbehaves in onSubscribe disturbs no other process. */
class FlowSubscribeTest extends OwnReactor {

    /** A subscriber that requests output in onSubscribe, and then throws or is slow to return. */
    private static class Awkward implements Flow.Subscriber<ByteBuffer> {

        private final Runnable then;
        private final CountDownLatch received = new CountDownLatch(1);

        Awkward(Runnable then) {
            this.then = then;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(5);
            then.run();
        }

        @Override
        public void onNext(ByteBuffer item) {
            received.countDown();
        }

        @Override
        public void onError(Throwable thrown) {
            throw new AssertionError(thrown);
        }

        @Override
        public void onComplete() {
            // the end
        }
    }

    @Test
    void aSubscriberThatThrowsWhenItSubscribesDoesNotBlockTheReactor() throws Exception {
        for (int i = 0; i < 5; i++) {
            ProcessFlow flow = new ProcessFlow();
            Programs.shell("echo hi; exec sleep 1000").start(reactor, flow);
            assertThrows(IllegalCallerException.class, () -> flow.output().subscribe(new Awkward(() -> {
                throw new IllegalCallerException("mine");
            })));
            assertTheReactorAnswers();
        }
    }

    @Test
    void aSubscriberThatIsSlowToSubscribeDoesNotBlockTheReactor() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Programs.shell("echo hi; exec sleep 1000").start(reactor, flow);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        Awkward slow = new Awkward(() -> {
            inside.countDown();
            try {
                release.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        });
        Thread subscribing = Thread.ofPlatform().daemon().start(() -> flow.output().subscribe(slow));
        try {
            assertPromptly("onSubscribe", inside);
            assertTheReactorAnswers();
            assertEquals(1, slow.received.getCount(), "an item before onSubscribe has returned");
        } finally {
            release.countDown();
        }
        assertPromptly("the item", slow.received);
        assertTrue(subscribing.join(PROMPTLY));
    }
}
