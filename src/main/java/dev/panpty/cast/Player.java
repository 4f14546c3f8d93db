package dev.panpty.cast;

import dev.panpty.ExitStatus;
import dev.panpty.TerminalTap;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Plays events to a tap, on the thread of its caller. */
final class Player {

    private static final int MOST_CODE = 255;

    private final EventSource events;
    private final RecordedTerminal terminal;
    private final TerminalTap tap;
    private ExitStatus status = new ExitStatus.Unknown("it is not in the recording");

    Player(EventSource events, TerminalTap tap) {
        this.events = events;
        this.tap = tap;
        terminal = new RecordedTerminal(events.header());
    }

    void play(Speed speed) throws IOException, InterruptedException {
        IdleLimit idle = new IdleLimit(speed.idleLimit().or(() -> events.header().idleLimit()));
        tap.started(terminal);
        long startNanos = System.nanoTime();
        for (Optional<CastEvent> event = events.next(); event.isPresent(); event = events.next()) {
            Duration time = idle.next(event.get().time());
            long left = startNanos + speed.nanos(time.toNanos()) - System.nanoTime();
            if (left > 0) {
                TimeUnit.NANOSECONDS.sleep(left);
            }
            tell(event.get(), time);
        }
        tap.ended(status);
    }

    /** The events up to that time, without waiting; the end too, if it comes before. */
    void playUntil(Duration until) throws IOException, InterruptedException {
        tap.started(terminal);
        Optional<CastEvent> event = events.next();
        while (event.isPresent() && event.get().time().compareTo(until) <= 0) {
            tell(event.get(), event.get().time());
            event = events.next();
        }
        if (event.isEmpty()) {
            tap.ended(status);
        }
    }

    private void tell(CastEvent event, Duration time) throws InterruptedException {
        terminal.awaitResumed();
        terminal.at(time);
        switch (event) {
            case CastEvent.Output output -> tap.output(output.data());
            case CastEvent.Input input -> tap.input(input.data(), false);
            case CastEvent.Resize resize -> {
                terminal.resized(resize.size());
                tap.resized(resize.size());
            }
            case CastEvent.Exit exit -> status = status(exit.status());
            case CastEvent.Marker _, CastEvent.Other _ -> { }
        }
    }

    /** A program that a signal has ended counts as exited with 128 and more, as in a shell: the recording does not have which. */
    static ExitStatus status(int number) {
        return number >= 0 && number <= MOST_CODE ? new ExitStatus.Exited(number) : new ExitStatus.Unknown("recorded as " + number);
    }
}
