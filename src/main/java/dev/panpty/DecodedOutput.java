package dev.panpty;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The output of a {@link ProcessFlow} as text or lines: one item of bytes becomes any number of strings. Any thread. */
final class DecodedOutput implements Flow.Publisher<String> {

    /** A decoder of one output; for one thread at a time. */
    private interface Decoding {

        /** The strings that the chunk completes. */
        List<String> decode(ByteBuffer chunk);

        /** What is left. */
        List<String> end();
    }

    private record Text(TextDecoder decoder) implements Decoding {

        @Override
        public List<String> decode(ByteBuffer chunk) {
            return some(decoder.decode(chunk));
        }

        @Override
        public List<String> end() {
            return some(decoder.end());
        }

        private static List<String> some(String text) {
            return text.isEmpty() ? List.of() : List.of(text);
        }
    }

    private record Lines(LineDecoder decoder) implements Decoding {

        @Override
        public List<String> decode(ByteBuffer chunk) {
            return decoder.decode(chunk);
        }

        @Override
        public List<String> end() {
            return decoder.end();
        }
    }

    private final FlowOutput output;
    private final Supplier<Decoding> decodings;
    private final Consumer<Throwable> failed;

    private DecodedOutput(FlowOutput output, Supplier<Decoding> decodings, Consumer<Throwable> failed) {
        this.output = output;
        this.decodings = decodings;
        this.failed = failed;
    }

    /** @param failed receives what a subscriber throws */
    static DecodedOutput text(FlowOutput output, Charset charset, Consumer<Throwable> failed) {
        requireNonNull(charset, "charset");
        return new DecodedOutput(output, () -> new Text(new TextDecoder(charset)), failed);
    }

    /** @param failed receives what a subscriber throws */
    static DecodedOutput lines(FlowOutput output, Charset charset, int maxChars, Consumer<Throwable> failed) {
        requireNonNull(charset, "charset");
        LineDecoder.checked(maxChars);
        return new DecodedOutput(output, () -> new Lines(new LineDecoder(charset, maxChars)), failed);
    }

    @Override
    public void subscribe(Flow.Subscriber<? super String> newcomer) {
        requireNonNull(newcomer, "subscriber");
        output.subscribe(new Decoded(newcomer));
    }

    /**
     * Between the bytes and the subscriber: requests one item of bytes when all strings are signalled and more are wanted. Steps run on the
     * reactor's thread, as the signals of {@link FlowOutput}, one after the other.
     *
     * <pre>
     *   subscribing --onSubscribe returns--> signalling --the bytes end, and all strings are signalled--> over: onComplete
     *                                                   --a request that is not positive--------------> over: onError
     *   subscribing or signalling --cancel, or onNext throws--> over, nothing more is signalled
     * </pre>
     */
    private final class Decoded implements Flow.Subscriber<ByteBuffer>, Flow.Subscription {

        private final Decoding decoding = decodings.get(); // confined to the signals of the bytes
        private final Queue<String> pending = new ConcurrentLinkedQueue<>();
        private final AtomicLong demand = new AtomicLong();
        /** Null when it is over. */
        private final AtomicReference<Flow.Subscriber<? super String>> subscriber;
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        /** Steps that are due; the thread that raises it from 0 takes them. 1 while subscribing, so that nothing is signalled. */
        private final AtomicInteger due = new AtomicInteger(1);
        private Flow.Subscription bytes; // set before the subscriber gets this
        private volatile boolean requested; // an item of bytes; set in a step, cleared by the item
        private volatile boolean ended; // no bytes come any more

        Decoded(Flow.Subscriber<? super String> subscriber) {
            this.subscriber = new AtomicReference<>(subscriber);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            bytes = subscription;
            subscriber.get().onSubscribe(this);
            output.inTurn(this::takeSteps);
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                failure.compareAndSet(null, new IllegalArgumentException("request must be positive, was " + n));
                bytes.cancel();
            } else {
                demand.accumulateAndGet(n, (now, more) -> now + more < 0 ? Long.MAX_VALUE : now + more);
            }
            output.inTurn(this::step);
        }

        @Override
        public void cancel() {
            subscriber.set(null);
            bytes.cancel();
            pending.clear();
        }

        @Override
        public void onNext(ByteBuffer item) {
            pending.addAll(decoding.decode(item));
            requested = false;
            step();
        }

        @Override
        public void onError(Throwable thrown) {
            failure.compareAndSet(null, thrown);
            step();
        }

        @Override
        public void onComplete() {
            pending.addAll(decoding.end());
            ended = true;
            step();
        }

        /** Takes a step, unless one is being taken, inside of which this may be called: it is then repeated. */
        private void step() {
            if (due.getAndIncrement() == 0) {
                takeSteps();
            }
        }

        private void takeSteps() {
            boolean taken = false;
            try {
                do {
                    signalPending();
                } while (due.decrementAndGet() > 0);
                taken = true;
            } finally {
                if (!taken) { // out of memory: a later step goes on
                    due.set(0);
                }
            }
        }

        /** Signals what is wanted and there, then requests more. */
        private void signalPending() {
            while (subscriber.get() != null) {
                boolean all = ended; // first: what is pending may come from the end
                if (failure.get() != null) {
                    signalLast(to -> to.onError(failure.get()));
                } else if (pending.isEmpty()) {
                    if (all) {
                        signalLast(Flow.Subscriber::onComplete);
                    } else if (demand.get() > 0 && !requested) {
                        requested = true;
                        bytes.request(1);
                    }
                    return;
                } else if (demand.get() > 0) {
                    signalNext();
                } else {
                    return;
                }
            }
            pending.clear(); // an item may have come while it was cancelled
        }

        private void signalNext() {
            String next = pending.poll();
            Flow.Subscriber<? super String> to = subscriber.get();
            if (next == null || to == null) {
                return; // it was cancelled just now
            }
            demand.updateAndGet(now -> now == Long.MAX_VALUE ? now : now - 1);
            try {
                to.onNext(next);
            } catch (Throwable thrown) {
                cancel(); // a subscriber that throws counts as cancelled, see rule 2.13 of Reactive Streams
                failed.accept(thrown);
            }
        }

        private void signalLast(Consumer<Flow.Subscriber<? super String>> signal) {
            Flow.Subscriber<? super String> to = subscriber.getAndSet(null);
            if (to == null) {
                return; // it was cancelled just now
            }
            try {
                signal.accept(to);
            } catch (Throwable thrown) {
                failed.accept(thrown);
            }
        }
    }
}
