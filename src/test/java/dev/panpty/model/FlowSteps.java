package dev.panpty.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/** Steps of a flow, in addition to the event style: publishers and subscribers. */
final class FlowSteps {

    private FlowSteps() {}

    /** The subscription of a publisher: records the requests. */
    private static final class Asked implements Flow.Subscription {

        private final AtomicLong items = new AtomicLong();
        private volatile boolean cancelled;

        @Override
        public void request(long n) {
            items.addAndGet(n);
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private static Optional<ModelRecorder> recorder(Subject subject) {
        return subject.ears instanceof Ears.Told told && told.recorder().flow().isPresent() ? Optional.of(told.recorder()) : Optional.empty();
    }

    private static Flow.Subscriber<ByteBuffer> input(ModelRecorder recorder) {
        return recorder.flow().orElseThrow().input();
    }

    /** Publishes item by item as they are requested, once in the life of a process; a second publisher is refused. */
    static void publish(Subject subject, Where where, int number) throws Exception {
        Optional<ModelRecorder> recorder = recorder(subject);
        if (recorder.isEmpty() || !subject.belief.attends() || subject.producers.isTaken()) {
            return;
        }
        Flow.Subscriber<ByteBuffer> input = input(recorder.get());
        Asked asked = new Asked();
        subject.run(where, () -> input.onSubscribe(asked));
        if (subject.published) {
            assertTrue(asked.cancelled && asked.items.get() == 0, subject::toString);
            return;
        }
        subject.published = true;
        Await.until("the publisher of " + subject + " is asked", () -> asked.items.get() == 1);
        subject.run(where, () -> input.onNext(ByteBuffer.wrap("s\n".getBytes(StandardCharsets.US_ASCII))));
        subject.answered("(" + subject.belief.size.rows() + "x" + subject.belief.size.columns() + ")");
        Await.until("the publisher of " + subject + " is asked again", () -> asked.items.get() == 2);
        subject.run(where, () -> input.onNext(ByteBuffer.allocate(0)));
        Await.until("the publisher of " + subject + " is asked again after an empty item", () -> asked.items.get() == 3);
        subject.run(where, subject.process::unregisterProducer);
        assertTrue(!asked.cancelled, subject::toString);
    }

    static void completeInput(Subject subject, Where where, int number) throws Exception {
        Optional<ModelRecorder> recorder = recorder(subject);
        if (recorder.isPresent() && !subject.producers.isTaken()) {
            EventSteps.closeInput(subject, where, input(recorder.get())::onComplete);
        }
    }

    /** Only after all output has arrived: the cancelled subscriber would lose output in flight. */
    static void cancelOutput(Subject subject, Where where, int number) throws Exception {
        Optional<ModelRecorder> recorder = recorder(subject);
        if (recorder.isPresent() && subject.belief.terminalOpen() && !subject.belief.loose && subject.outstanding() <= 0) {
            subject.run(where, recorder.get()::cancelFlow);
            subject.belief.outputClosed = true;
            EventSteps.sideClosed(subject);
        }
    }
}
