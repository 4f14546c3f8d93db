package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Descriptors;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Libc;
import dev.panpty.testing.Programs;
import dev.panpty.testing.StartsAtLimit;
import dev.panpty.testing.Way;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** At the limit of descriptors a start fails and has run nothing, or succeeds completely; {@code StartsAtLimitStress} tries thousands. */
@Timeout(120)
class StartsAtLimitTest {

    @TempDir
    Path folder;

    @EachWay
    void aFailedStartHasRunNothing() throws Exception {
        new ForkedJvm(StartsAtLimit.class).libraryAsJar(folder).arguments("150", "0").run();
    }

    @EachWay
    void aFailedStartHasRunNothingWhileOtherThreadsOpenAndClose() throws Exception {
        new ForkedJvm(StartsAtLimit.class).libraryAsJar(folder).arguments("60", "4").run();
    }

    /** The terminal takes the last descriptor. */
    @Test
    void aProgramThatNoPidfdIsLeftForLivesAsAnyOther() throws Exception {
        Way.POSIX_SPAWN.need();
        new ForkedJvm(Unheld.class).libraryAsJar(folder).options(Way.POSIX_SPAWN.jvmOption()).run();
    }

    public static final class Unheld implements ForkedJvm.Body {

        private static final int LIMIT_SECONDS = 20;

        @Override
        public void run(String[] arguments) throws Throwable {
            lives(Programs.settled());
            Leaks.noneAtAll(() -> {
                for (int i = 0; i < 20; i++) {
                    try (Libc.SoftLimit limit = new Libc.SoftLimit(Libc.RLIMIT_NOFILE)) {
                        long before = pidfds();
                        limit.lower(StartsAtLimit.limitThatLeaves(1));
                        PtyProcess process = PtyProcess.start("sh", "-c", "echo ready; exec sleep 1000");
                        assertEquals("ready", process.inputReader().readLine());
                        if (i % 2 == 0) {
                            limit.restore();
                            Await.until("there is a pidfd", () -> pidfds() == before + 1);
                        }
                        lives(process);
                    }
                }
            });
        }

        private static void lives(PtyProcess process) throws Exception {
            assertTrue(process.isAlive());
            process.signalGroup(Signal.WINCH);
            process.signal(Signal.HUP);
            assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS));
            process.onEnd().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThrows(ProcessExitedException.class, () -> process.signal(Signal.TERM));
            process.close();
        }

        private static long pidfds() throws Exception {
            return Descriptors.of("self").values().stream().filter(target -> target.contains("pidfd")).count();
        }
    }
}
