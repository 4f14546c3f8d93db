package dev.panpty;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A process as reactive streams, see {@link Flow}: start a builder with it, subscribe to {@link #output}, subscribe {@link #input} to
 * whoever has data. Nothing is read without demand; the kernel then blocks the program.
 *
 * {@snippet file="dev/panpty/examples/Flows.java" region="flow"}
 *
 * <p>It serves one process, one subscriber and one publisher. Subscribers are called on the reactor's thread, but for
 * {@code onSubscribe} and what comes before the process is started, and must not block; items are theirs to keep. {@link #output} and
 * {@link #input}, and what they return, may be used from any thread, and nothing of it waits; what is told as a {@link ProcessProtocol}
 * is called by the reactor.
 */
public final class ProcessFlow implements ProcessProtocol {

    private final CompletableFuture<ProcessTransport> connection = new CompletableFuture<>();
    private final Output output = new Output();
    private final Input input = new Input();

    /** A flow for one process that is yet to be started. */
    public ProcessFlow() {}

    /**
     * The program's output. It completes at the end of the process; cancelling drops the rest of the output and lets the program live.
     *
     * @return a publisher for one subscriber; a second one gets {@link IllegalStateException} by its {@code onError}
     */
    public Flow.Publisher<ByteBuffer> output() {
        return output;
    }

    /**
     * The program's input: one item is asked for at a time, the next when it has gone out. Completion is the end of input; so is an
     * error, which {@link #onError} hears of. The subscription is cancelled when the program takes no more.
     *
     * @return a subscriber for one publisher
     */
    public Flow.Subscriber<ByteBuffer> input() {
        return input;
    }

    @Override
    public void connectionMade(ProcessTransport transport) {
        transport.pauseProducing();
        connection.complete(transport);
    }

    @Override
    public void outReceived(ByteBuffer data) {
        output.next(ByteBuffer.allocate(data.remaining()).put(data).flip());
    }

    @Override
    public void processEnded(ExitStatus status) {
        output.complete();
    }

    /** One after the other with what the reactor's thread signals; before the start it signals nothing. */
    private void inTurn(Runnable signal) {
        if (connection.isDone() && connection.join() instanceof PtyProcess process) {
            process.onReactor(signal);
        } else {
            signal.run();
        }
    }

    /** Demand as pause and resume: paused while it is 0, and until the subscriber is ready. */
    private final class Output implements Flow.Publisher<ByteBuffer>, Flow.Subscription {

        private final AtomicBoolean taken = new AtomicBoolean();
        /** Puts a change of the demand and the pause or resume that follows from it in one. */
        private final ReentrantLock reading = new ReentrantLock();
        private long demand; // guarded by it
        /** Completed when its onSubscribe has returned; nothing is delivered before. */
        private final CompletableFuture<Flow.Subscriber<? super ByteBuffer>> subscriber = new CompletableFuture<>();
        /** Nothing is signalled any more: cancelled, refused or completed. */
        private final AtomicBoolean over = new AtomicBoolean();

        @Override
        public void subscribe(Flow.Subscriber<? super ByteBuffer> newcomer) {
            requireNonNull(newcomer, "subscriber");
            if (!taken.compareAndSet(false, true)) {
                newcomer.onSubscribe(new NoSubscription());
                newcomer.onError(new IllegalStateException("the output of a process has one subscriber, and has it already"));
                return;
            }
            try {
                newcomer.onSubscribe(this);
            } catch (RuntimeException | Error failed) {
                cancel();
                throw failed;
            }
            subscriber.complete(newcomer);
            connection.thenAccept(this::resumeIfWanted);
        }

        @Override
        public void request(long n) {
            if (over.get()) {
                return;
            }
            if (n <= 0) {
                refuse(new IllegalArgumentException("request must be positive, was " + n));
            } else if (isFirst(n) && subscriber.isDone()) {
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

        /** Whoever asks for this may come late: all that was wanted may have been delivered since. */
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
            if (over.compareAndSet(false, true)) {
                connection.thenAccept(ProcessTransport::closeStdout);
                inTurn(() -> subscriber.thenAccept(to -> to.onError(reason)));
            }
        }

        @Override
        public void cancel() {
            if (over.compareAndSet(false, true)) {
                connection.thenAccept(ProcessTransport::closeStdout);
            }
        }

        /** On the reactor's thread, as the next: reading is paused before the next read if this was the last item asked for. */
        void next(ByteBuffer item) {
            if (over.get()) {
                return;
            }
            pauseIfLast();
            subscriber.join().onNext(item); // it is there: nothing is read before
        }

        void complete() {
            subscriber.thenAccept(to -> {
                if (over.compareAndSet(false, true)) {
                    to.onComplete();
                }
            });
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

    /** Demand as a pull producer: one item when registered, and one each time all has gone out. */
    private final class Input implements Flow.Subscriber<ByteBuffer> {

        private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

        @Override
        public void onSubscribe(Flow.Subscription newcomer) {
            if (!subscription.complete(requireNonNull(newcomer, "subscription"))) {
                newcomer.cancel();
                return;
            }
            connection.thenAccept(transport -> transport.registerProducer(new Producer.Pull() {
                @Override
                public void resumeProducing() {
                    newcomer.request(1);
                }

                @Override
                public void stopProducing() {
                    newcomer.cancel();
                }
            }));
        }

        @Override
        public void onNext(ByteBuffer item) {
            if (!requireNonNull(item, "item").hasRemaining()) {
                subscription.join().request(1); // nothing will go out that could ask for the next
                return;
            }
            try {
                connection.join().write(item);
            } catch (IllegalStateException ended) {
                subscription.join().cancel();
            }
        }

        @Override
        public void onError(Throwable thrown) {
            requireNonNull(thrown, "thrown");
            ProcessFlow.this.onError(thrown);
            onComplete();
        }

        @Override
        public void onComplete() {
            connection.thenAccept(transport -> {
                transport.unregisterProducer();
                transport.closeStdin();
            });
        }
    }
}
