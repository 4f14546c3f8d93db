package dev.panpty.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.Producer;
import dev.panpty.testing.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The producers of one program: which one is registered, and the calls that each got. */
final class ProducerLog {

    private final List<Log> all = new ArrayList<>();
    private Optional<Log> registered = Optional.empty();

    /** The calls to a producer of either kind. */
    abstract static class Log {

        final AtomicInteger resumed = new AtomicInteger();
        final AtomicInteger paused = new AtomicInteger();
        final AtomicInteger stopped = new AtomicInteger();
        private boolean leftBeforeTheEnd;

        abstract Producer producer();
    }

    /** Only records the calls. */
    static final class Push extends Log implements Producer.Push {

        @Override
        public void pauseProducing() {
            paused.incrementAndGet();
        }

        @Override
        public void resumeProducing() {
            resumed.incrementAndGet();
        }

        @Override
        public void stopProducing() {
            stopped.incrementAndGet();
        }

        @Override
        Producer producer() {
            return this;
        }

        boolean isPaused() {
            return paused.get() > resumed.get();
        }
    }

    /** Has some pieces, and writes one at each request. */
    static final class Pull extends Log implements Producer.Pull {

        private final Runnable piece;
        private final AtomicInteger left;

        Pull(int pieces, Runnable piece) {
            this.piece = piece;
            left = new AtomicInteger(pieces);
        }

        @Override
        public void resumeProducing() {
            resumed.incrementAndGet();
            if (left.getAndDecrement() > 0) {
                piece.run();
            }
        }

        @Override
        public void stopProducing() {
            stopped.incrementAndGet();
        }

        @Override
        Producer producer() {
            return this;
        }
    }

    boolean isTaken() {
        return registered.isPresent();
    }

    Optional<Log> registered() {
        return registered;
    }

    void registered(Log log) {
        all.add(log);
        registered = Optional.of(log);
    }

    void unregistered() {
        registered.ifPresent(log -> log.leftBeforeTheEnd = true);
        registered = Optional.empty();
    }

    /** No more is accepted: the registered producer is stopped, and another can be registered. */
    void assertStopped() throws Exception {
        if (registered.isPresent()) {
            Log log = registered.get();
            Await.until("the producer is stopped", () -> log.stopped.get() == 1);
            registered = Optional.empty();
        }
    }

    void check() {
        for (Log log : all) {
            assertTrue(log.stopped.get() <= 1, "stopped more than once");
            assertEquals(0, log.leftBeforeTheEnd ? log.stopped.get() : 0, "stopped after it was unregistered");
            if (log instanceof Push push) {
                int ahead = push.paused.get() - push.resumed.get();
                assertTrue(ahead == 0 || ahead == 1, "not paused and resumed in turn");
            }
        }
    }
}
