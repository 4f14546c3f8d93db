package dev.panpty;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.HostBattery;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Sandbox;
import dev.panpty.testing.StartRefused;
import dev.panpty.testing.Way;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * JVMs in a sandbox that refuses system calls: with ENOSYS, as a sandbox does for calls that it does not know, or with EPERM, as old
 * container runtimes do. clone3 with EPERM is not tested: the C library then cannot create threads, and the JVM does not start.
 */
@Timeout(120)
class HostSandboxTest {

    private static ForkedJvm battery(String errno, String... calls) throws Exception {
        return new ForkedJvm(HostBattery.class).by(Sandbox.refusing(errno, calls));
    }

    private static void refused(String errno, String call) throws Exception {
        new ForkedJvm(StartRefused.class).by(Sandbox.refusing(errno, call)).arguments("REACTOR", errno, call, "sandbox").run();
    }

    @Test
    void aRefusedCallOfTheReactorIsNamed() throws Exception {
        for (String call : List.of("epoll_create1", "eventfd2", "epoll_ctl")) {
            new ForkedJvm(StartRefused.class).by(Sandbox.refusing("EPERM", call)).arguments("REACTOR", "EPERM", call).run();
        }
    }

    @EachWay
    @Needs("bash")
    void anUnknownCloseRangeIsFine() throws Exception {
        battery("ENOSYS", "close_range").run();
    }

    @EachWay
    @Needs("bash")
    void aForbiddenCloseRangeIsFine() throws Exception {
        battery("EPERM", "close_range").run();
    }

    @EachWay
    @Needs("bash")
    void anUnknownClone3IsFine() throws Exception {
        battery("ENOSYS", "clone3").run();
    }

    @Test
    @Needs("bash")
    void aForbiddenMemfdCreateIsFine() throws Exception {
        battery("EPERM", "memfd_create").options(Way.FORK_EXEC.jvmOption()).run(); // this way loads the trampoline
    }

    @EachWay
    void anUnknownPidfdOpenIsReportedBeforeAnyChild() throws Exception {
        refused("ENOSYS", "pidfd_open");
    }

    @EachWay
    void aForbiddenPidfdOpenIsReportedBeforeAnyChild() throws Exception {
        refused("EPERM", "pidfd_open");
    }

    @EachWay
    void aForbiddenPidfdSendSignalIsReportedBeforeAnyChild() throws Exception {
        refused("EPERM", "pidfd_send_signal");
    }

    @EachWay
    void aForbiddenWaitidIsReportedBeforeAnyChild() throws Exception {
        refused("EPERM", "waitid");
    }
}
