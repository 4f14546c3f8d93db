package dev.panpty;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.HostBattery;
import dev.panpty.testing.Needs;

/** JVMs that inherit an unusual state from their parent: everything works. */
@Needs("bash")
class HostParentTest {

    @EachWay
    @Needs("nohup")
    void aJvmUnderNohupThatIgnoresMoreSignalsIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).by("nohup").after("trap '' INT QUIT PIPE").run();
    }

    @EachWay
    @Needs("setsid")
    void aSessionLeaderWithoutATerminalIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).by("setsid", "--wait").run();
    }

    @EachWay
    void aJvmWithItsStdioClosedIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).after("exec <&- >&- 2>&-").run();
    }

    @EachWay
    @Needs("python3")
    void aJvmStartedWithSigchldIgnoredIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).by("python3", "-c",
                "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])").run();
    }

    @EachWay
    @Needs({"setsid", "python3"})
    void aJvmWithAllOfTheseTogetherIsFine() throws Exception {
        new ForkedJvm(HostBattery.class)
                .by("setsid", "--wait", "python3", "-c", "import os, signal, sys\n"
                        + "for s in (signal.SIGCHLD, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP): signal.signal(s, signal.SIG_IGN)\n"
                        + "for d in (0, 1, 2): os.close(d)\n"
                        + "os.execv(sys.argv[1], sys.argv[1:])")
                .options("-Xrs", "-Djava.io.tmpdir=/proc/nowhere").run();
    }
}
