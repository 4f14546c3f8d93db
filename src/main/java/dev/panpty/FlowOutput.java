package dev.panpty;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The output of a {@link ProcessFlow}: demand as pause and resume, paused while it is 0, and until the subscriber is ready.
 *
 * <pre>
 *   free --subscribe--> taken --onSubscribe returns--> ready: items, then onComplete --> over
 *   taken or ready --cancel, or onNext throws--> over, nothing more is signalled
 *                  --a request that is not positive--> over, onError as soon as it is ready
 *   taken, ready or over --subscribe--> refused, the second subscriber's onError says so
 * </pre>
 */
final class FlowOutput implements Flow.Publisher<ByteBuffer>, Flow.Subscription {

    private final CompletableFuture<ProcessTransport> connection;
    private final Consumer<Throwable> failed;
    private final AtomicBoolean taken = new AtomicBoolean();
    /** Puts a change of the demand and the pause or resume that follows from it in one. */
    private final ReentrantLock reading = new ReentrantLock();
    private long demand; // guarded by it
    /** Null until there is one, and from its last signal or its cancel on. */
    private final AtomicReference<Flow.Subscriber<? super ByteBuffer>> subscriber = new AtomicReference<>();
    /** Completed when its onSubscribe has returned; nothing is signalled before. */
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    /** No item is signalled any more: cancelled, refused or completed. */
    private final AtomicBoolean over = new AtomicBoolean();

    /**
     * Of one process.
     *
     * @param connection completed once it is started
     * @param failed is told what a subscriber throws
     */
    FlowOutput(CompletableFuture<ProcessTransport> connection, Consumer<Throwable> failed) {
        this.connection = connection;
        this.failed = failed;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> newcomer) {
        requireNonNull(newcomer, "subscriber");
        if (!taken.compareAndSet(false, true)) {
            newcomer.onSubscribe(new NoSubscription());
            newcomer.onError(new IllegalStateException("the output of a process has one subscriber, and has it already"));
            return;
        }
        subscriber.set(newcomer);
        try {
            newcomer.onSubscribe(this);
        } catch (RuntimeException | Error failed) {
            cancel();
            throw failed;
        }
        ready.complete(null);
        connection.thenAccept(this::resumeIfWanted);
    }

    @Override
    public void request(long n) {
        if (over.get()) {
            return;
        }
        if (n <= 0) {
            refuse(new IllegalArgumentException("request must be positive, was " + n));
        } else if (isFirst(n) && ready.isDone()) {
            connection.thenAccept(this::resumeIfWanted);
        }
    }

    /** Adds to the demand, up to no limit; true if there was none. */
    private boolean isFirst(long n) {
        reading.lock();
        try {
            boolean first = demand == 0;
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            return first;
        } finally {
            reading.unlock();
        }
    }

    /** It may be asked for late: all that was wanted may have been delivered since. */
    private void resumeIfWanted(ProcessTransport transport) {
        reading.lock();
        try {
            if (demand > 0) {
                transport.resumeProducing();
            }
        } finally {
            reading.unlock();
        }
    }

    /** One item less is wanted; the next read does not happen if that was the last. */
    private void pauseIfLast() {
        reading.lock();
        try {
            if (demand != Long.MAX_VALUE && --demand == 0) {
                connection.join().pauseProducing();
            }
        } finally {
            reading.unlock();
        }
    }

    /** Not beside an item that is on its way. */
    private void refuse(IllegalArgumentException reason) {
        if (isEnded()) {
            inTurn(() -> signalLast(to -> to.onError(reason)));
        }
    }

    @Override
    public void cancel() {
        isEnded();
        subscriber.set(null);
    }

    /** Ends the items, once: the rest of the output is dropped then. */
    private boolean isEnded() {
        boolean first = over.compareAndSet(false, true);
        if (first) {
            connection.thenAccept(ProcessTransport::closeStdout);
        }
        return first;
    }

    /** The signal after which the subscriber is forgotten; none where it has cancelled by then. */
    private void signalLast(Consumer<Flow.Subscriber<? super ByteBuffer>> signal) {
        ready.thenRun(() -> {
            Flow.Subscriber<? super ByteBuffer> to = subscriber.getAndSet(null);
            if (to != null) {
                signalLast(to, signal);
            }
        });
    }

    /** What it throws would get lost in the future that it waited for. */
    private void signalLast(
            Flow.Subscriber<? super ByteBuffer> to, Consumer<Flow.Subscriber<? super ByteBuffer>> signal) {
        try {
            signal.accept(to);
        } catch (Throwable thrown) {
            failed.accept(thrown);
        }
    }

    /** On the reactor's thread, as the next: reading is paused before the next read if this was the last item asked for. */
    void next(ByteBuffer data) {
        Flow.Subscriber<? super ByteBuffer> to = subscriber.get();
        if (over.get() || to == null) {
            return;
        }
        pauseIfLast();
        try {
            to.onNext(ByteBuffer.allocate(data.remaining()).put(data).flip());
        } catch (Throwable thrown) {
            cancel(); // it must not throw: it counts as cancelled then, see rule 2.13 of Reactive Streams
            throw thrown;
        }
    }

    void complete() {
        ready.thenRun(() -> {
            if (over.compareAndSet(false, true)) {
                signalLast(Flow.Subscriber::onComplete);
            }
        });
    }

    /** In turn with what the reactor's thread signals; before the start it signals nothing. */
    private void inTurn(Runnable signal) {
        if (connection.isDone() && connection.join() instanceof PtyProcess process) {
            process.onReactor(signal);
        } else {
            signal.run();
        }
    }

    /** For a subscriber that is refused: the rules want one before the error. */
    private static final class NoSubscription implements Flow.Subscription {

        @Override
        public void request(long n) {
            // the error that follows is all there is
        }

        @Override
        public void cancel() {
            // there is nothing to end
        }
    }
}
