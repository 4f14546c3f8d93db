package dev.panpty.testing;

import dev.panpty.ProcessProtocol;
import dev.panpty.testing.Chatter.Transcript;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** Listeners to a {@link Chatter} child in event style: a protocol, or a subscriber of a flow. */
public final class ChatterListeners {

    private ChatterListeners() {}

    /** Records all callbacks on the reactor's thread; to be read after the end. */
    public static final class Protocol implements ProcessProtocol {

        private final Transcript output;
        private final Transcript errors;
        private volatile Throwable thrown;

        public Protocol(Transcript output, Transcript errors) {
            this.output = output;
            this.errors = errors;
        }

        @Override
        public void outReceived(ByteBuffer data) {
            output.accept(data);
        }

        @Override
        public void errReceived(ByteBuffer data) {
            errors.accept(data);
        }

        @Override
        public void onError(Throwable newThrown) {
            thrown = newThrown;
        }

        public Throwable thrown() {
            return thrown;
        }
    }

    /** Requests an item after each item; {@link #ask} requests more at once. */
    public static final class Subscriber implements Flow.Subscriber<ByteBuffer> {

        private final Transcript output;
        private Flow.Subscription subscription; // set before subscribe returns
        private volatile Throwable thrown;

        public Subscriber(Transcript output) {
            this.output = output;
        }

        public void ask(long items) {
            subscription.request(items);
        }

        void cancel() {
            subscription.cancel();
        }

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
            ask(1);
        }

        @Override
        public void onNext(ByteBuffer item) {
            output.accept(item);
            ask(1);
        }

        @Override
        public void onError(Throwable newThrown) {
            thrown = newThrown;
        }

        @Override
        public void onComplete() {
            // the test waits for onEnd
        }

        public Throwable thrown() {
            return thrown;
        }
    }
}
