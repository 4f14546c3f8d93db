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
 * The input of a {@link ProcessFlow}: a pull producer that requests one item when it is registered, and one each time all is written.
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
    /** Null before onSubscribe, and once it is over. */
    private final AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();
    /** Items still to be requested; the thread that raises it from 0 requests. */
    private final AtomicInteger wanted = new AtomicInteger();

    /**
     * The input of one process.
     *
     * @param connection completed once it is started
     * @param failed receives what the publisher throws or signals
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
        } catch (IllegalStateException occupied) { // by the user's own producer, which keeps the input
            stop();
            failed.accept(occupied);
        }
    }

    /** Requests one after the other, also if the publisher publishes inside {@code request}, which calls this again. */
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
            return; // it was in flight when the subscription was cancelled
        }
        if (transport == null) {
            fail(new IllegalStateException("an item was published that was not asked for"));
        } else if (item.hasRemaining()) {
            type(transport, item);
        } else {
            resumeProducing(); // an empty item is never written, so nothing would request the next
        }
    }

    private void type(ProcessTransport transport, ByteBuffer item) {
        try {
            transport.write(item.duplicate()); // the item's position may be used by the publisher and other subscribers
        } catch (IllegalStateException ended) {
            stop();
        } catch (RuntimeException refused) {
            fail(refused);
        }
    }

    /** Cancels, and acts as if the publisher had signalled this error. */
    private void fail(Throwable reason) {
        stop();
        onError(reason);
    }

    /** {@link #stopProducing}, which reports what the subscription throws. */
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
