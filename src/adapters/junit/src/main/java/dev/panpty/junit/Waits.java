package dev.panpty.junit;

import dev.panpty.screen.Screen;
import dev.panpty.screen.ScreenTimeoutException;
import dev.panpty.screen.Snapshot;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Waits for the screen, which fail with a {@link Report}. */
final class Waits {

    /** A wait that may end without what it waits for. */
    interface Wait<T> {
        T await() throws ScreenTimeoutException, InterruptedException;
    }

    private final Screen screen;
    private final Traffic traffic;
    private final Settling settling;
    private final Report report;

    Waits(Screen screen, Traffic traffic, Settling settling, Report report) {
        this.screen = screen;
        this.traffic = traffic;
        this.settling = settling;
        this.report = report;
    }

    static String readable(Duration limit) {
        long millis = limit.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }

    static long end(Duration limit) {
        return System.nanoTime() + nanos(limit);
    }

    /** Of any length: one that would be over in centuries may be added to a time. */
    static long nanos(Duration limit) {
        return Math.clamp(TimeUnit.NANOSECONDS.convert(limit), 0, Long.MAX_VALUE / 2);
    }

    static Duration until(long end) {
        return Duration.ofNanos(Math.max(end - System.nanoTime(), 1));
    }

    /** Until the condition is true of what is shown. */
    Snapshot await(String missing, Duration limit, Predicate<Snapshot> condition) {
        return read(missing, limit, () -> screen.await(condition, limit));
    }

    /** Until the screen is settled. */
    Snapshot awaitSettled(Duration limit) {
        return read("the screen is not settled", limit, () -> settling.await(end(limit)));
    }

    /** Until the condition is true of a settled screen. */
    Snapshot awaitSettled(String missing, Duration limit, Predicate<Snapshot> condition) {
        long end = end(limit);
        return read(missing, limit, () -> {
            for (;;) {
                Snapshot settled = settling.await(end);
                if (condition.test(settled)) {
                    return settled;
                }
                // Throws at the end, of the time or of the program.
                screen.await(snapshot -> !snapshot.equals(settled), until(end));
            }
        });
    }

    <T> T read(String missing, Duration limit, Wait<T> wait) {
        T found;
        long end = end(limit);
        try {
            found = wait.await();
        } catch (ScreenTimeoutException late) {
            boolean hasEnded = traffic.hasEnded() || end - System.nanoTime() > 0; // the screen knows of the end first
            throw new TerminalFailure(report, missing + (hasEnded ? ", and the program has ended" : " within " + readable(limit)));
        } catch (TimedSearch.Cut cut) {
            throw new TerminalFailure(report, missing + cut.getMessage(), cut.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TerminalFailure(report, missing + ": interrupted while waiting", interrupted);
        }
        traffic.read();
        return found;
    }
}
