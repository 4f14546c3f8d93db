package dev.panpty.expect;

import dev.panpty.testing.ManySessions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions that wait on virtual threads. */
@Timeout(100)
class ManySessionsTest {

    private static final int SESSIONS = 150;

    @Test
    void theyNeedNoPlatformThreadEachAndLittleHeap() throws Exception {
        ManySessions.run(SESSIONS);
    }
}
