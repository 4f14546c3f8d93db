package dev.panpty.stress;

import dev.panpty.testing.ManySessions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thousand sessions that wait at once: with the profile {@code stress} only. */
class ManySessionsStress {

    private static final int SESSIONS = 1000;

    @Test
    @Timeout(300)
    void theyNeedNoPlatformThreadEachAndLittleHeap() throws Exception {
        ManySessions.run(SESSIONS);
    }
}
