package dev.panpty;

import dev.panpty.internal.event.EventProcess;
import dev.panpty.internal.event.WriteQueue;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Holds the one producer of a process. Registering takes the slot at once, on any thread. The producer is called on the loop's thread: its
 * calls follow from comparing the write queue with its last call, {@code told}.
 *
 * <pre>
 *   empty --register--> taken --advance--> push, running --queue full--> push, paused --no longer full--> push, running
 *                                          pull: asked in a slice, and again once a write has left the queue empty
 *   any of these --unregister--> empty: a producer that was not called yet is never called
 *   any of these --the queue is over--> empty: the producer is stopped; so is one that registers when no more input is accepted
 * </pre>
 *
 * <p>A graceful close waits for a pull producer, and for a push producer that is paused when it begins or later, until it unregisters. It
 * waits for any other push producer until nothing is pending.
 */
final class ProducerSlot {

    /** The producer's last call: a pull producer is ASKED; a push producer is RUNNING by itself, or PAUSED. */
    private enum Told { NOTHING, ASKED, RUNNING, PAUSED }

    private final EventProcess process;
    private final WriteQueue queue;
    private final Consumer<Runnable> guarded;
    private final Consumer<Runnable> onReactor;
    private final AtomicReference<Stay> place = new AtomicReference<>();

    // confined to the loop's thread
    private Stay current; // or null
    private Told told = Told.NOTHING;
    private volatile Stay paused; // the push producer that was told to pause, or null; written by the loop's thread, read by any
    private boolean waitedFor; // whether a graceful close waits for the push producer: it was paused then or later
    private boolean askPosted;
    private long askedBytes; // queue.doneBytes() when the pull producer was last asked

    /** A registration; compared by identity, since the same producer may register again. */
    private record Stay(Producer producer) {}

    /**
     * @param guarded runs a call of the user's code and reports what it throws
     * @param onReactor runs it on the reactor's thread, also if the loop of the process has ended
     */
    ProducerSlot(EventProcess process, Consumer<Runnable> guarded, Consumer<Runnable> onReactor) {
        this.process = process;
        this.queue = process.queue();
        this.guarded = guarded;
        this.onReactor = onReactor;
    }

    void register(Producer newcomer) {
        Stay stay = new Stay(newcomer);
        Stay present = place.compareAndExchange(null, stay);
        if (present != null) {
            throw new IllegalStateException("a producer is registered already: " + present.producer);
        }
        if (!process.producerChanged()) {
            onReactor.accept(() -> stop(stay));
        }
    }

    void unregister() {
        place.set(null);
        process.producerLeft(); // after the slot is empty: else the producer would be stopped too
        process.producerChanged();
    }

    /** The producer that has the place. Any thread. */
    Optional<Producer> producer() {
        Stay stay = place.get();
        return stay == null ? Optional.empty() : Optional.of(stay.producer);
    }

    /** Whether it is a push producer that was told to pause, and not yet to resume. Any thread. */
    boolean isPaused() {
        Stay stay = place.get();
        return stay != null && stay == paused;
    }

    /** Makes the producer's call that the queue calls for. On the loop's thread, not inside a callback. */
    void advance() {
        Stay stay = place.get();
        if (stay != current) {
            begin(stay);
        }
        if (stay == null) {
            return;
        }
        if (queue.isOver() || told == Told.NOTHING && !queue.isOpen()) {
            stop(stay);
        } else if (queue.isOpen()) {
            switch (stay.producer) {
                case Producer.Push push -> advance(push);
                case Producer.Pull pull -> advance(pull);
            }
        }
    }

    /** Pauses a push producer at once, unless no more input is accepted. On the loop's thread. */
    void full() {
        if (!queue.isOpen()) {
            return;
        }
        Stay stay = place.get();
        if (stay != current) {
            begin(stay);
        }
        if (stay != null && stay.producer instanceof Producer.Push push && told != Told.PAUSED) {
            pause(push);
        }
    }

    private void begin(Stay stay) {
        current = stay;
        told = Told.NOTHING;
        paused = null;
        waitedFor = false;
        queue.wantEmptied(stay != null && stay.producer instanceof Producer.Pull);
    }

    private void advance(Producer.Push push) {
        boolean wasPaused = told == Told.PAUSED;
        if (!queue.isFull()) {
            told = Told.RUNNING;
            paused = null;
            if (wasPaused) {
                waitedFor = process.isLosing();
                guarded.accept(push::resumeProducing);
            }
        } else if (!wasPaused) {
            pause(push);
        }
    }

    private void pause(Producer.Push push) {
        told = Told.PAUSED;
        paused = current;
        waitedFor = true;
        guarded.accept(push::pauseProducing);
    }

    private void advance(Producer.Pull pull) {
        if (!askPosted && isAskDue()) {
            askPosted = true; // in a slice: a producer that writes at once would be asked repeatedly in this turn
            process.slice(() -> {
                askPosted = false;
                if (current != null && current.producer == pull && place.get() == current && queue.isOpen() && isAskDue()) {
                    ask(pull);
                }
            });
        }
    }

    private boolean isAskDue() {
        return told == Told.NOTHING || queue.pendingBytes() == 0 && queue.doneBytes() != askedBytes;
    }

    private void ask(Producer.Pull pull) {
        told = Told.ASKED;
        askedBytes = queue.doneBytes();
        guarded.accept(pull::resumeProducing);
    }

    /** A graceful close has begun: asks a pull producer if the queue is empty, since it will not become empty again. */
    void losing() {
        boolean isThere = current != null && place.get() == current;
        if (isThere && current.producer instanceof Producer.Pull pull && queue.pendingBytes() == 0) {
            ask(pull);
        }
    }

    /** As {@link dev.panpty.internal.event.Listener#produces}. */
    boolean produces(boolean drained) {
        Stay stay = place.get();
        return stay != null && (!drained || stay.producer instanceof Producer.Pull || waitedFor);
    }

    /** No more input is accepted. */
    private void stop(Stay stay) {
        if (place.compareAndSet(stay, null)) {
            guarded.accept(stay.producer::stopProducing);
        }
    }
}
