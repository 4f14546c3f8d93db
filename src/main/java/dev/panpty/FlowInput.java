package dev.panpty;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The input of a {@link ProcessFlow}: demand as a pull producer, one item when registered, and one each time all has gone out.
 *
 * <pre>
 *   free --onSubscribe--> subscribed, asks for items --onComplete, onError----------------------> over: end of input
 *                                                    --a line too long, or not asked for: cancel--> the same
 *                                                    --request throws: cancel---------------------> the same
 *                                                    --the program takes no more: cancel---------> over
 * </pre>
 */
final class FlowInput implements Flow.Subscriber<ByteBuffer>, Producer.Pull {

    private final CompletableFuture<ProcessTransport> connection;
    private final Consumer<Throwable> failed;
    private final AtomicBoolean taken = new AtomicBoolean();
    /** Null until there is one, and once it is over. */
    private final AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();
    /** Items that are to be asked for; who finds it at 0 asks. */
    private final AtomicInteger wanted = new AtomicInteger();

    /**
     * Of one process.
     *
     * @param connection completed once it is started
     * @param failed is told what the publisher throws or signals
     */
    FlowInput(CompletableFuture<ProcessTransport> connection, Consumer<Throwable> failed) {
        this.connection = connection;
        this.failed = failed;
    }

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
            failed.accept(occupied);
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
            failed.accept(thrown);
        }
    }

    @Override
    public void onError(Throwable thrown) {
        requireNonNull(thrown, "thrown");
        failed.accept(thrown);
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
