package dev.panpty;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A process as reactive streams, see {@link Flow}: start a builder with it, subscribe to {@link #output}, subscribe {@link #input} to a
 * publisher of data. Nothing is read without demand; the kernel then blocks the program.
 *
 * {@snippet file="dev/panpty/examples/Flows.java" region="flow"}
 *
 * <p>It belongs to one process, one subscriber and one publisher. A second start with it, and {@link #connectionMade} of a second process, is an
 * {@link IllegalStateException}; after a start that has failed it may be used again. Subscribers are called on the reactor's thread, but for
 * {@code onSubscribe} and what comes before the process is started, and must not block; items are theirs to keep. {@link #output} and
 * {@link #input}, and what they return, may be used from any thread, and no method of theirs waits; the methods of {@link ProcessProtocol}
 * are called by the reactor.
 */
public final class ProcessFlow implements ProcessProtocol {

    private static final String TAKEN = "a flow belongs to one process, and has one already";

    private final AtomicBoolean claimed = new AtomicBoolean();
    private final CompletableFuture<ProcessTransport> connection = new CompletableFuture<>();
    private final Output output = new Output();
    private final Input input = new Input();

    /** A flow for one process that is yet to be started. */
    public ProcessFlow() {}

    /**
     * The program's output. It completes at the end of the process; cancelling drops the rest of the output and lets the program live. A
     * subscriber that has cancelled, or whose {@code onNext} has thrown, is called no more, and no reference to it is kept.
     *
     * @return a publisher for one subscriber; a second one gets {@link IllegalStateException} by its {@code onError}
     */
    public Flow.Publisher<ByteBuffer> output() {
        return output;
    }

    /**
     * The program's input: one item is asked for at a time, the next when it has gone out. What is between an item's position and limit is
     * taken over before {@code onNext} returns; the item itself is left as it is, others may have it too. Completion is the end of input.
     * So is an error, which is given to {@link #onError}. An item with a line that the kernel would cut, see {@link LongLines#REFUSE}, is an
     * error as well: nothing of it is typed, and the subscription is cancelled. It is also cancelled when the program takes no more.
     *
     * @return a subscriber for one publisher; the subscription of a second one is cancelled
     */
    public Flow.Subscriber<ByteBuffer> input() {
        return input;
    }

    /** Before a start, which {@link #release}s it if it fails. */
    void claim() {
        if (!claimed.compareAndSet(false, true)) {
            throw new IllegalStateException(TAKEN);
        }
    }

    void release() {
        claimed.set(false);
    }

    @Override
    public void connectionMade(ProcessTransport transport) {
        requireNonNull(transport, "transport");
        if (connection.isDone()) {
            throw new IllegalStateException(TAKEN);
        }
        claimed.set(true); // by another protocol that hands its calls on, there was no start with this
        transport.pauseProducing();
        connection.complete(transport);
    }

    @Override
    public void outReceived(ByteBuffer data) {
        output.next(data);
    }

    @Override
    public void processEnded(ExitStatus status) {
        output.complete();
    }

    /** In turn with what the reactor's thread signals; before the start it signals nothing. */
    private void inTurn(Runnable signal) {
        if (connection.isDone() && connection.join() instanceof PtyProcess process) {
            process.onReactor(signal);
        } else {
            signal.run();
        }
    }

    /**
     * Demand as pause and resume: paused while it is 0, and until the subscriber is ready.
     *
     * <pre>
     *   free --subscribe--> taken --onSubscribe returns--> ready: items, then onComplete --> over
     *   taken or ready --cancel, or onNext throws--> over, nothing more is signalled
     *                  --a request that is not positive--> over, onError as soon as it is ready
     *   taken, ready or over --subscribe--> refused, the second subscriber's onError says so
     * </pre>
     */
    private final class Output implements Flow.Publisher<ByteBuffer>, Flow.Subscription {

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
                ProcessFlow.this.onError(thrown);
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

    /**
     * Demand as a pull producer: one item when registered, and one each time all has gone out.
     *
     * <pre>
     *   free --onSubscribe--> subscribed, asks for items --onComplete, onError----------------------> over: end of input
     *                                                    --a line too long, or not asked for: cancel--> the same
     *                                                    --request throws: cancel---------------------> the same
     *                                                    --the program takes no more: cancel---------> over
     * </pre>
     */
    private final class Input implements Flow.Subscriber<ByteBuffer>, Producer.Pull {

        private final AtomicBoolean taken = new AtomicBoolean();
        /** Null until there is one, and once it is over. */
        private final AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();
        /** Items that are to be asked for; who finds it at 0 asks. */
        private final AtomicInteger wanted = new AtomicInteger();

        @Override
        public void onSubscribe(Flow.Subscription newcomer) {
            requireNonNull(newcomer, "subscription");
            if (!taken.compareAndSet(false, true)) {
                newcomer.cancel();
                return;
            }
            subscription.set(newcomer);
            connection.thenAccept(this::register);
        }

        private void register(ProcessTransport transport) {
            if (subscription.get() == null) {
                return; // it was over before the process was started
            }
            try {
                transport.registerProducer(this);
            } catch (IllegalStateException occupied) { // by a producer of the user's, whose input it is then
                stop();
                ProcessFlow.this.onError(occupied);
            }
        }

        /** One after the other also where the publisher publishes in {@code request}, which calls this again. */
        @Override
        public void resumeProducing() {
            if (wanted.getAndIncrement() == 0) {
                do {
                    ask();
                } while (wanted.decrementAndGet() > 0);
            }
        }

        private void ask() {
            Flow.Subscription to = subscription.get();
            if (to != null) {
                try {
                    to.request(1);
                } catch (RuntimeException | Error thrown) {
                    fail(thrown);
                }
            }
        }

        /** Cancels, unless it is over. */
        @Override
        public void stopProducing() {
            Flow.Subscription to = subscription.getAndSet(null);
            if (to != null) {
                to.cancel();
            }
        }

        @Override
        public void onNext(ByteBuffer item) {
            requireNonNull(item, "item");
            ProcessTransport transport = connection.getNow(null);
            if (subscription.get() == null) {
                return; // on its way when it was cancelled
            }
            if (transport == null) {
                fail(new IllegalStateException("an item was published that was not asked for"));
            } else if (item.hasRemaining()) {
                type(transport, item);
            } else {
                resumeProducing(); // nothing will go out that could ask for the next
            }
        }

        private void type(ProcessTransport transport, ByteBuffer item) {
            try {
                transport.write(item.duplicate()); // whose position is this publisher's, and perhaps other subscribers'
            } catch (IllegalStateException ended) {
                stop();
            } catch (RuntimeException refused) {
                fail(refused);
            }
        }

        /** What the publisher would do by an error, done from here. */
        private void fail(Throwable reason) {
            stop();
            onError(reason);
        }

        /** {@link #stopProducing} for callers that must not throw what a subscription does. */
        private void stop() {
            try {
                stopProducing();
            } catch (RuntimeException | Error thrown) {
                ProcessFlow.this.onError(thrown);
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
            subscription.set(null);
            connection.thenAccept(transport -> {
                transport.unregisterProducer();
                transport.closeStdin();
            });
        }
    }
}
