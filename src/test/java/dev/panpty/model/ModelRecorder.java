package dev.panpty.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.ExitStatus;
import dev.panpty.ProcessFlow;
import dev.panpty.ProcessTransport;
import dev.panpty.testing.ProtocolRecorder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** Records standard error too, and output through a flow if requested. */
final class ModelRecorder extends ProtocolRecorder {

    private final ReentrantLock lock = new ReentrantLock();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final Optional<ProcessFlow> flow;
    private final Reader reader = new Reader();
    private final Refused refused = new Refused();

    ModelRecorder(boolean byFlow) {
        flow = byFlow ? Optional.of(new ProcessFlow(super::onError)) : Optional.empty();
        flow.ifPresent(one -> one.output().subscribe(reader));
        flow.ifPresent(one -> one.text(StandardCharsets.UTF_8).subscribe(refused));
        flow.ifPresent(one -> one.lines(StandardCharsets.UTF_8, 80).subscribe(refused));
    }

    /** Requests all items: a finite demand would pause and resume independently of the model. */
    private final class Reader implements Flow.Subscriber<ByteBuffer> {

        private final AtomicInteger completed = new AtomicInteger();
        private volatile Flow.Subscription subscription;
        private volatile boolean cancelled;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer item) {
            ModelRecorder.super.outReceived(item);
        }

        @Override
        public void onError(Throwable thrown) {
            ModelRecorder.super.onError(thrown);
        }

        @Override
        public void onComplete() {
            completed.incrementAndGet();
        }
    }

    /** Comes after the reader. */
    private static final class Refused implements Flow.Subscriber<String> {

        private final AtomicInteger signals = new AtomicInteger();

        @Override
        public void onSubscribe(Flow.Subscription given) {
            given.request(1);
        }

        @Override
        public void onNext(String text) {
            throw new AssertionError("an item for a second subscriber: " + text);
        }

        @Override
        public void onError(Throwable thrown) {
            signals.incrementAndGet();
        }

        @Override
        public void onComplete() {
            throw new AssertionError("a second subscriber is not refused");
        }
    }

    Optional<ProcessFlow> flow() {
        return flow;
    }

    /** Cancels the subscription of the output. */
    void cancelFlow() {
        reader.cancelled = true;
        reader.subscription.cancel();
    }

    /** To be called after the end. */
    void assertFlowCompleted() {
        assertEquals(flow.isPresent() && !reader.cancelled ? 1 : 0, reader.completed.get(), "times completed");
        assertEquals(flow.isPresent() ? 2 : 0, refused.signals.get(), "times refused");
        assertEquals(flow.map(one -> exit()), flow.map(one -> one.status().getNow(null)));
    }

    @Override
    public void connectionMade(ProcessTransport transport) {
        super.connectionMade(transport);
        flow.ifPresent(one -> one.connectionMade(transport));
    }

    @Override
    public void outReceived(ByteBuffer data) {
        if (flow.isPresent()) {
            flow.get().outReceived(data);
        } else {
            super.outReceived(data);
        }
    }

    @Override
    public void errReceived(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        lock.lock();
        try {
            errors.writeBytes(bytes);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onError(Throwable thrown) {
        if (flow.isPresent()) {
            flow.get().onError(thrown);
        } else {
            super.onError(thrown);
        }
    }

    @Override
    public void processExited(ExitStatus status) {
        flow.ifPresent(one -> one.processExited(status));
        super.processExited(status);
    }

    @Override
    public void processEnded(ExitStatus status) {
        flow.ifPresent(one -> one.processEnded(status));
        super.processEnded(status);
    }

    byte[] errorBytes() {
        lock.lock();
        try {
            return errors.toByteArray();
        } finally {
            lock.unlock();
        }
    }
}
