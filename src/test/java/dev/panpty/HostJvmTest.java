package dev.panpty;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.FewCarriers;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.HostBattery;
import dev.panpty.testing.NativeAccessRefused;
import dev.panpty.testing.Needs;
import dev.panpty.testing.ShutdownUse;
import org.junit.jupiter.api.Test;

/** JVMs with unusual options: everything works, or an exception names the option. */
@Needs("bash")
class HostJvmTest {

    private static final int FIRST_WITH_DENY = 24;

    @EachWay
    void anOrdinaryJvmIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).run();
    }

    @EachWay
    void aJvmWithFewerSignalsAndNoTemporaryDirectoryIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).options("-Xrs", "-Djava.io.tmpdir=/proc/nowhere").run();
    }

    @EachWay
    void theModulePathIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).onModulePath().nativeAccess("--enable-native-access=ALL-UNNAMED,dev.panpty").run();
    }

    @EachWay
    void processesWorkWhileTheJvmShutsDown() throws Exception {
        new ForkedJvm(ShutdownUse.class).run();
    }

    @EachWay
    void smallThreadStacksAreEnough() throws Exception {
        new ForkedJvm(HostBattery.class).options("-Xss256k").run();
    }

    @Test
    void nativeMemoryTrackingIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).options("-XX:NativeMemoryTracking=summary").run();
    }

    @EachWay
    void oneCarrierForAllVirtualThreadsIsEnough() throws Exception {
        new ForkedJvm(FewCarriers.class)
                .options("-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1").run();
    }

    @Test
    void nativeAccessDeniedToAllOthersIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).options(deny()).run();
    }

    @Test
    void nativeAccessDeniedToAllOtherModulesIsFine() throws Exception {
        new ForkedJvm(HostBattery.class).onModulePath().nativeAccess("--enable-native-access=ALL-UNNAMED,dev.panpty")
                .options(deny()).run();
    }

    @Test
    void refusedNativeAccessIsReportedWithTheOptionThatAllowsIt() throws Exception {
        new ForkedJvm(NativeAccessRefused.class).nativeAccess(deny()).arguments("--enable-native-access=ALL-UNNAMED").run();
    }

    @Test
    void refusedNativeAccessOfTheModuleIsReportedWithItsName() throws Exception {
        new ForkedJvm(NativeAccessRefused.class).onModulePath().nativeAccess(deny())
                .arguments("--enable-native-access=dev.panpty").run();
    }

    /** Before this option existed, allowing native access to some modules denied it to the rest. */
    private static String deny() {
        return Runtime.version().feature() >= FIRST_WITH_DENY ? "--illegal-native-access=deny" : "--enable-native-access=java.base";
    }
}
