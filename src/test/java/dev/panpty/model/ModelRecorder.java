package dev.panpty.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.ExitStatus;
import dev.panpty.ProcessFlow;
import dev.panpty.ProcessTransport;
import dev.panpty.testing.ProtocolRecorder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
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

    ModelRecorder(boolean byFlow) {
        flow = byFlow ? Optional.of(new ProcessFlow()) : Optional.empty();
        flow.ifPresent(one -> one.output().subscribe(reader));
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
