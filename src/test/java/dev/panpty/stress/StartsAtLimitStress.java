package dev.panpty.stress;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.StartsAtLimit;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code StartsAtLimitTest} with thousands of starts: with the profile {@code stress} only. */
@Timeout(600)
class StartsAtLimitStress {

    @TempDir
    Path folder;

    @EachWay
    void ofFiveThousandStartsNoneThatFailedHasRun() throws Exception {
        new ForkedJvm(StartsAtLimit.class).libraryAsJar(folder).limit(Duration.ofMinutes(9)).arguments("5000", "0").run();
    }

    @EachWay
    void ofFiveThousandStartsNoneThatFailedHasRunWhileOtherThreadsOpenAndClose() throws Exception {
        new ForkedJvm(StartsAtLimit.class).libraryAsJar(folder).limit(Duration.ofMinutes(9)).arguments("5000", "4").run();
    }
}
