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
 * The output of a {@link ProcessFlow}: reading is paused while the demand is 0, and until the subscriber is ready.
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
    /** Makes a change of the demand and the pause or resume that follows from it one step. */
    private final ReentrantLock reading = new ReentrantLock();
    private long demand; // guarded by reading
    /** Null before subscribe, and from the last signal or cancel on. */
    private final AtomicReference<Flow.Subscriber<? super ByteBuffer>> subscriber = new AtomicReference<>();
    /** Completed when onSubscribe has returned; nothing is signalled before. */
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    /** No item is signalled any more: cancelled, refused or completed. */
    private final AtomicBoolean over = new AtomicBoolean();

    /**
     * The output of one process.
     *
     * @param connection completed once it is started
     * @param failed receives what a subscriber throws
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

    /** Adds to the demand; {@code Long.MAX_VALUE} is unlimited. True if it was 0. */
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

    /** Resumes if the demand is not 0; it may have been met since this was asked for. */
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

    /** Lowers the demand by one item; at 0 it pauses before the next read. */
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

    /** Signals the error, not concurrently with an item. */
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

    /** Ends the items: the rest of the output is dropped. True the first time. */
    private boolean isEnded() {
        boolean first = over.compareAndSet(false, true);
        if (first) {
            connection.thenAccept(ProcessTransport::closeStdout);
        }
        return first;
    }

    /** Sends the last signal, unless the subscriber has cancelled, and drops the reference to the subscriber. */
    private void signalLast(Consumer<Flow.Subscriber<? super ByteBuffer>> signal) {
        ready.thenRun(() -> {
            Flow.Subscriber<? super ByteBuffer> to = subscriber.getAndSet(null);
            if (to != null) {
                signalLast(to, signal);
            }
        });
    }

    /** Reports what the subscriber throws, which the future would swallow. */
    private void signalLast(
            Flow.Subscriber<? super ByteBuffer> to, Consumer<Flow.Subscriber<? super ByteBuffer>> signal) {
        try {
            signal.accept(to);
        } catch (Throwable thrown) {
            failed.accept(thrown);
        }
    }

    /** Delivers an item, and pauses before the next read if the demand is met. On the reactor's thread, as the next method. */
    void next(ByteBuffer data) {
        Flow.Subscriber<? super ByteBuffer> to = subscriber.get();
        if (over.get() || to == null) {
            return;
        }
        pauseIfLast();
        try {
            to.onNext(ByteBuffer.allocate(data.remaining()).put(data).flip());
        } catch (Throwable thrown) {
            cancel(); // a subscriber that throws counts as cancelled, see rule 2.13 of Reactive Streams
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

    /** Runs the signal on the reactor's thread, in order with its signals; before the start, when it sends none, on this thread. */
    void inTurn(Runnable signal) {
        if (connection.isDone() && connection.join() instanceof PtyProcess process) {
            process.onReactor(signal);
        } else {
            signal.run();
        }
    }

    /** For a subscriber that is refused: the rules require a subscription before the error. */
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
