package dev.panpty;

import dev.panpty.internal.loop.EventProcess;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The place of the one producer of a process. Registering takes the place at once, on any thread; what the producer is told, it is told
 * on the loop's thread, by the events of the write queue.
 *
 * <pre>
 *   empty --register--> push, running --full--> push, paused --drained--> push, running
 *                       pull: asked at once, and again at each emptied
 *   any of these --unregister--> empty
 *   any of these --ended-------> over: the producer is stopped, and so is any that comes later
 * </pre>
 */
final class ProducerSlot {

    private final EventProcess process;
    private final Consumer<Runnable> guarded;
    private final AtomicReference<Producer> place = new AtomicReference<>();

    // the loop's
    private Optional<Producer> producer = Optional.empty();
    private boolean paused;
    private boolean over;

    /** @param guarded runs a call of the user's code and reports what it throws */
    ProducerSlot(EventProcess process, Consumer<Runnable> guarded) {
        this.process = process;
        this.guarded = guarded;
    }

    void register(Producer newcomer) {
        if (!place.compareAndSet(null, newcomer)) {
            throw new IllegalStateException("a producer is registered already: " + place.get());
        }
        if (!process.onLoop(() -> begin(newcomer))) {
            place.set(null);
            guarded.accept(newcomer::stopProducing);
        }
    }

    void unregister() {
        Producer leaving = place.getAndSet(null);
        process.onLoop(() -> {
            if (producer.isPresent() && producer.get() == leaving) {
                producer = Optional.empty();
                process.wantEmptied(false);
            }
        });
    }

    private void begin(Producer newcomer) {
        if (over) {
            place.compareAndSet(newcomer, null);
            guarded.accept(newcomer::stopProducing);
            return;
        }
        producer = Optional.of(newcomer);
        paused = false;
        switch (newcomer) {
            case Producer.Push push -> {
                if (process.isFull()) {
                    full();
                }
            }
            case Producer.Pull pull -> {
                process.wantEmptied(true);
                guarded.accept(pull::resumeProducing);
            }
        }
    }

    void full() {
        if (producer.orElse(null) instanceof Producer.Push push && !paused) {
            paused = true;
            guarded.accept(push::pauseProducing);
        }
    }

    void drained() {
        if (producer.orElse(null) instanceof Producer.Push push && paused) {
            paused = false;
            guarded.accept(push::resumeProducing);
        }
    }

    void emptied() {
        if (producer.orElse(null) instanceof Producer.Pull pull) {
            guarded.accept(pull::resumeProducing);
        }
    }

    /** No more can be written. */
    void ended() {
        over = true;
        Optional<Producer> last = producer;
        producer = Optional.empty();
        place.set(null);
        last.ifPresent(stopped -> guarded.accept(stopped::stopProducing));
    }
}
