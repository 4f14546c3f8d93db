package dev.panpty.stress;

import dev.panpty.testing.Flood;
import dev.panpty.testing.ReactorCrowd;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Long tests of the reactor: with the profile {@code stress} only. */
class ReactorStress {

    @Test
    @Timeout(300)
    void twoThousandTerminalsAtOnceShareOneThread() throws Exception {
        ReactorCrowd.cats(2000);
    }

    @Test
    @Timeout(300)
    void aThousandIdleTerminalsCostNothing() throws Exception {
        ReactorCrowd.idle(1000, Duration.ofSeconds(10));
    }

    @Test
    @Timeout(600)
    void aPushProducerKeepsTheQueueBelowItsHighMarkThroughAGigabyte() throws Exception {
        Flood.feed(1L << 30);
    }
}
