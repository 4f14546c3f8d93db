package dev.panpty.junit;

import dev.panpty.screen.Screen;
import dev.panpty.screen.ScreenTimeoutException;
import dev.panpty.screen.Snapshot;
import java.time.Duration;

/**
 * When a screen is settled after an input: once it has changed since, when it has not changed for some time; until then, when it has not changed
 * for a longer time. A change is one that can be seen, so a program that prints the same again does not delay it, and synchronized output is one
 * change, at its end.
 */
final class Settling {

    private static final Duration AT_ONCE = Duration.ZERO;

    /** Screens are compared this often while output goes on. */
    private static final long COMPARE_NANOS = Traffic.millis(10);

    private final Screen screen;
    private final Traffic traffic;
    private final Options options;
    private volatile Input input;

    /** The last input, or the start, and the screen before it. */
    private record Input(Snapshot before, long nanos) {}

    /** What has been found since the wait began; used by its thread alone. */
    private static final class Look {
        private Snapshot last;
        private long changedNanos;
        private boolean hasChanged;

        boolean differs(Snapshot now) {
            if (now.equals(last)) {
                return false;
            }
            last = now;
            changedNanos = System.nanoTime();
            hasChanged = true;
            return true;
        }
    }

    Settling(Screen screen, Traffic traffic, Options options) {
        this.screen = screen;
        this.traffic = traffic;
        this.options = options;
        noteInput();
    }

    /** Before an input. */
    void noteInput() {
        input = new Input(screen.snapshot(), System.nanoTime());
    }

    /**
     * Waits until the screen is settled; at once if the program has ended.
     *
     * @throws ScreenTimeoutException if it is not until then
     */
    Snapshot await(long end) throws ScreenTimeoutException, InterruptedException {
        Input since = input;
        long calls = traffic.calls();
        Look look = new Look();
        look.last = screen.snapshot();
        look.hasChanged = !look.last.equals(since.before);
        long outputNanos = traffic.outputNanos();
        look.changedNanos = outputNanos - since.nanos > 0 ? outputNanos : since.nanos;
        while (!traffic.hasEnded()) {
            long now = System.nanoTime();
            long left = look.changedNanos + Waits.nanos(look.hasChanged ? options.settled() : options.unchanged()) - now;
            if (left <= 0) {
                // Waits for the end of synchronized output.
                Snapshot settled = screen.awaitSettled(AT_ONCE, Duration.ofNanos(Math.max(end - now, 1)));
                if (!look.differs(settled)) {
                    return settled;
                }
            } else if (end - now <= 0) {
                // Throws, with the screen in the message.
                return screen.await(snapshot -> false, AT_ONCE);
            } else {
                traffic.awaitOutput(calls, Math.min(left, end - now));
                long more = traffic.calls();
                if (more != calls) {
                    traffic.awaitEnd(Math.min(COMPARE_NANOS, Math.max(end - now, 1)));
                    calls = traffic.calls();
                    look.differs(screen.snapshot());
                }
            }
        }
        return screen.snapshot();
    }
}
