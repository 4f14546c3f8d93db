package dev.panpty;

import dev.panpty.internal.event.EventProcess;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The place of the one producer of a process. Registering takes the place at once, on any thread; what the producer is told, it is told
 * on the loop's thread, by the events of the write queue.
 *
 * <pre>
 *   empty --register--> taken --on the loop--> push, running --full--> push, paused --drained--> push, running
 *                                              pull: asked at once, and again at each emptied
 *   any of these --unregister--> empty: who has not begun never begins, whichever command comes first
 *   any of these --ended-------> empty: the producer is stopped; so is any that comes once the input accepts no more
 * </pre>
 *
 * <p>While the connection is being lost, one that waits to be asked is waited for until it unregisters: a pull producer, and a push
 * producer that is paused then or later. One that runs by itself is not, once nothing is pending.
 */
final class ProducerSlot {

    private final EventProcess process;
    private final Consumer<Runnable> guarded;
    private final AtomicReference<Stay> place = new AtomicReference<>();

    // the loop's
    private Optional<Stay> current = Optional.empty();
    private boolean paused;
    private boolean waitedFor; // a push producer; since the connection is being lost

    /** From one register to its unregister; compared by identity, since a producer may come again. */
    private record Stay(Producer producer) {}

    /** @param guarded runs a call of the user's code and reports what it throws */
    ProducerSlot(EventProcess process, Consumer<Runnable> guarded) {
        this.process = process;
        this.guarded = guarded;
    }

    void register(Producer newcomer) {
        Stay stay = new Stay(newcomer);
        Stay present = place.compareAndExchange(null, stay);
        if (present != null) {
            throw new IllegalStateException("a producer is registered already: " + present.producer);
        }
        if (!process.onLoop(() -> begin(stay))) {
            place.compareAndSet(stay, null);
            guarded.accept(newcomer::stopProducing);
        }
    }

    void unregister() {
        Stay leaving = place.getAndSet(null);
        process.onLoop(() -> {
            if (current.isPresent() && current.get() == leaving) {
                current = Optional.empty();
                process.wantEmptied(false);
            }
        });
        process.producerLeft(); // behind that, or it would be stopped too
    }

    private void begin(Stay stay) {
        if (place.get() != stay) {
            return; // unregistered by another thread, whose command has come first
        }
        if (!process.acceptsInput()) {
            place.compareAndSet(stay, null);
            guarded.accept(stay.producer::stopProducing);
            return;
        }
        current = Optional.of(stay);
        paused = false;
        waitedFor = false;
        switch (stay.producer) {
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
        if (producer() instanceof Producer.Push push && !paused) {
            paused = true;
            waitedFor = true;
            guarded.accept(push::pauseProducing);
        }
    }

    void drained() {
        if (producer() instanceof Producer.Push push && paused) {
            paused = false;
            guarded.accept(push::resumeProducing);
        }
    }

    void emptied() {
        if (producer() instanceof Producer.Pull pull) {
            guarded.accept(pull::resumeProducing);
        }
    }

    /** The connection is being lost: asks a pull producer that no emptied queue will. */
    void losing() {
        waitedFor = paused;
        if (process.pendingBytes() == 0) {
            emptied();
        }
    }

    /** As {@link dev.panpty.internal.event.Listener#produces}. */
    boolean produces(boolean drained) {
        Stay stay = place.get();
        return stay != null && (!drained || stay.producer instanceof Producer.Pull || waitedFor);
    }

    /** No more can be written. */
    void ended() {
        Optional<Stay> last = current;
        current = Optional.empty();
        last.ifPresent(stay -> {
            place.compareAndSet(stay, null);
            guarded.accept(stay.producer::stopProducing);
        });
    }

    private Producer producer() {
        return current.map(Stay::producer).orElse(null);
    }
}
