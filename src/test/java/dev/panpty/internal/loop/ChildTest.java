package dev.panpty.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.PtyProcess;
import dev.panpty.internal.gen.Linux;
import dev.panpty.testing.Programs;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is signalled, and who never. */
class ChildTest {

    private static final int NO_SIGNAL = 0; // only looks whether it could be sent, see kill(2)

    /** Without a pidfd: it was reaped before there was one, and the loop is yet to say so. */
    @Test
    void theNumberOfAChildThatSomebodyElseHasReapedIsNotOursToSignal() throws Exception {
        EventLoop loop = EventLoop.open().loop();
        try (PtyProcess stranger = Programs.settled()) {
            int number = (int) stranger.pid(); // and its group's, by now
            Child child = new Child(loop, number, Optional.empty(), outcome -> { });
            assertEquals(-Linux.ESRCH(), child.signal(NO_SIGNAL));
            assertEquals(-Linux.ESRCH(), child.signalGroup(number, NO_SIGNAL));
        } finally {
            loop.stop();
        }
    }
}
