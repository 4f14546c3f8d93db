package dev.panpty;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.FullHost;
import dev.panpty.testing.HostBattery;
import dev.panpty.testing.Namespace;
import dev.panpty.testing.Needs;
import dev.panpty.testing.ScarceMemory;
import dev.panpty.testing.ScarceThreads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** JVMs with low or high resource limits: everything works, or an exception names what is not available and nothing is left behind. */
@Timeout(120)
class HostLimitsTest {

    private static final long MILLION = 1_000_000;
    private static final int PROCESSES = 100;

    /** Of no account, and of no other run of these tests on this machine. */
    private static final int USER = 100_000 + ThreadLocalRandom.current().nextInt(1_000_000);

    @TempDir
    Path folder;

    @EachWay
    @Needs({"prlimit", "bash"})
    void sixtyFourDescriptorsAreEnough() throws Exception {
        new ForkedJvm(HostBattery.class).libraryAsJar(folder).by("prlimit", "--nofile=64:64").run();
    }

    /** Or as many as this user may have: the library does not iterate over them, and the child closes the highest number. */
    @EachWay
    @Needs({"prlimit", "bash"})
    void aMillionDescriptorsAreFine() throws Exception {
        long allowed = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split(" {2,}")[2])
                .mapToLong(hard -> hard.equals("unlimited") ? MILLION : Long.parseLong(hard))
                .findAny().orElseThrow();
        boolean mayHaveMore = new ProcessBuilder("prlimit", "--nofile=" + MILLION, "true").start().waitFor() == 0;
        long many = mayHaveMore ? MILLION : Math.min(MILLION, allowed);
        new ForkedJvm(HostBattery.class).by("prlimit", "--nofile=" + many + ":" + many).run();
    }

    @EachWay
    void exhaustedDescriptorsAreReportedAndNothingLeaks() throws Exception {
        new ForkedJvm(FullHost.NoDescriptors.class).libraryAsJar(folder).after("ulimit -n 120").run();
    }

    @EachWay
    void withoutDescriptorsTheFirstStartFailsAndALaterOneWorks() throws Exception {
        new ForkedJvm(FullHost.NoDescriptorsAtFirst.class).libraryAsJar(folder).after("ulimit -n 120").run();
    }

    @EachWay
    @Needs({"unshare", "mount"})
    void exhaustedTerminalsAreReportedAndNothingLeaks() throws Exception {
        new ForkedJvm(FullHost.NoTerminals.class)
                .by(Namespace.after("mount -t devpts devpts /dev/pts -o newinstance,ptmxmode=0666,max=3")).run();
    }

    @EachWay
    @Needs({"prlimit", "bash"})
    void aGigabyteAndAHalfOfAddressSpaceIsEnough() throws Exception {
        new ForkedJvm(HostBattery.class).by("prlimit", "--as=" + (3L << 29))
                .options("-Xmx64m", "-XX:ReservedCodeCacheSize=32m", "-XX:CompressedClassSpaceSize=32m").run();
    }

    @EachWay
    @Needs("bash")
    void exhaustedAddressSpaceIsReportedAndNothingLeaks() throws Exception {
        new ForkedJvm(ScarceMemory.class).variable("MALLOC_ARENA_MAX", "1").variable("MALLOC_TOP_PAD_", "16777216")
                .variable("MALLOC_TRIM_THRESHOLD_", "1000000000").run();
    }

    private static ForkedJvm withFewProcesses(Class<? extends ForkedJvm.Body> body) throws Exception {
        return new ForkedJvm(body).asUser(USER).by("prlimit", "--nproc=" + PROCESSES)
                .options("-XX:-UseDynamicNumberOfCompilerThreads"); // else the JVM starts and ends threads by itself
    }

    @EachWay
    @Needs({"prlimit", "bash"})
    void withoutThreadsTheFirstStartFailsAndALaterOneWorks() throws Exception {
        withFewProcesses(ScarceThreads.AtFirst.class).run();
    }

    @EachWay
    @Needs({"prlimit", "bash"})
    void exhaustedProcessesAreReportedAndNothingLeaks() throws Exception {
        withFewProcesses(ScarceThreads.Later.class).run();
    }

    @Test
    @Needs({"prlimit", "bash"})
    void aMissingThreadForTheParentOfChildrenIsReported() throws Exception {
        withFewProcesses(ScarceThreads.ForTheLastingParent.class).run();
    }

    @EachWay
    @Needs("prlimit")
    void anExitWithoutThreadsIsNotifiedOnceThreadsAreAvailable() throws Exception {
        withFewProcesses(ScarceThreads.AtTheExit.class).run();
    }
}
