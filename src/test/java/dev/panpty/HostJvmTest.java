package dev.panpty;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.HostBattery;
import dev.panpty.testing.NativeAccessRefused;
import dev.panpty.testing.Needs;
import dev.panpty.testing.ShutdownUse;
import org.junit.jupiter.api.Test;

/** JVMs that were started in unusual ways: everything works there as well. */
class HostJvmTest {

    private static final int FIRST_WITH_DENY = 24;

    @EachWay
    void anOrdinaryOneIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).run();
    }

    @EachWay
    @Needs("nohup")
    void oneUnderNohupIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).by("nohup").run();
    }

    @EachWay
    void oneThatIgnoresSignalsIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).after("trap '' INT QUIT HUP PIPE").run();
    }

    @EachWay
    void oneThatUsesFewerSignalsIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).options("-Xrs").run();
    }

    @EachWay
    @Needs("setsid")
    void aSessionLeaderWithoutATerminalIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).by("setsid", "--wait").run();
    }

    @EachWay
    void oneWithItsStdioClosedIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).after("exec <&- >&- 2>&-").run();
    }

    @EachWay
    @Needs("python3")
    void oneStartedWithSigchldIgnoredIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).by("python3", "-c",
                "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])").run();
    }

    @EachWay
    void oneWithAnUnwritableTemporaryDirectoryIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).options("-Djava.io.tmpdir=/proc/nowhere").run();
    }

    @EachWay
    @Needs({"setsid", "python3"})
    void oneWithAllOfThatTogetherIsFine() throws Exception {
        new ForkedJvm(HostBattery.class)
                .by("setsid", "--wait", "python3", "-c", "import os, signal, sys\n"
                        + "for s in (signal.SIGCHLD, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP): signal.signal(s, signal.SIG_IGN)\n"
                        + "for d in (0, 1, 2): os.close(d)\n"
                        + "os.execv(sys.argv[1], sys.argv[1:])")
                .options("-Xrs", "-Djava.io.tmpdir=/proc/nowhere").run();
    }

    @EachWay
    void processesAreServedWhileItShutsDown() throws Exception {
        new ForkedJvm(ShutdownUse.class).run();
    }

    @EachWay
    void theModulePathIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).onModulePath().nativeAccess("--enable-native-access=ALL-UNNAMED,dev.panpty").run();
    }

    @Test
    void refusedNativeAccessIsSaidWithTheOptionThatAllowsIt() throws Exception {
        new ForkedJvm(NativeAccessRefused.class).nativeAccess(deny()).arguments("--enable-native-access=ALL-UNNAMED").run();
    }

    @Test
    void refusedNativeAccessOfTheModuleIsSaidWithItsName() throws Exception {
        new ForkedJvm(NativeAccessRefused.class).onModulePath().nativeAccess(deny())
                .arguments("--enable-native-access=dev.panpty").run();
    }

    /** Before this option an allowance for others was a refusal for the rest. */
    private static String deny() {
        return Runtime.version().feature() >= FIRST_WITH_DENY ? "--illegal-native-access=deny" : "--enable-native-access=java.base";
    }
}
