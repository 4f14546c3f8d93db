package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Namespace;
import dev.panpty.testing.Sandbox;
import dev.panpty.testing.Unsupported;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** isSupported and unsupportedReason: no exception wherever a JVM starts. */
@Timeout(120)
class SupportTest {

    private static ForkedJvm jvm(String... arguments) {
        return new ForkedJvm(Unsupported.class).arguments(arguments);
    }

    @Test
    void nothingIsMissingHereAndNothingIsLeft() throws Exception {
        assertEquals(Optional.empty(), PtyProcessBuilder.unsupportedReason());
        Leaks.none(() -> {
            for (int i = 0; i < 100; i++) {
                assertTrue(PtyProcessBuilder.isSupported());
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"os.name, Windows 11", "os.name, Mac OS X", "os.arch, riscv64"})
    void anotherMachineIsNamedAndNothingNativeIsLoaded(String property, String value) throws Exception {
        jvm("nothing", "Linux", value).nativeAccess("").options("-D" + property + "=" + value, "--add-opens=java.base/java.lang=ALL-UNNAMED").run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pidfd_open", "pidfd_send_signal", "waitid"})
    void aSandboxWithoutPidfdsIsNamed(String call) throws Exception {
        for (String errno : new String[] {"ENOSYS", "EPERM"}) {
            jvm("any", call, errno).by(Sandbox.refusing(errno, call)).run();
        }
    }

    @Test
    void aSandboxWithoutEpollIsNamed() throws Exception {
        jvm("any", "epoll_create1", "ENOSYS").by(Sandbox.refusing("ENOSYS", "epoll_create1")).run();
    }

    @Test
    void aHostWithoutDevptsIsNamed() throws Exception {
        jvm("any", "/dev/ptmx", "devpts").by(Namespace.after("mount -t tmpfs none /dev/pts")).run();
    }

    /** posix_spawn lacks a function; the trampoline, which needs a descriptor of memory or a folder, has neither. */
    @Test
    void aHostWithoutAWayToMakeAChildIsNamed() throws Exception {
        jvm("any", "posix_spawn", "fork_exec").by(Sandbox.refusing("EPERM", "memfd_create"))
                .options("-Ddev.panpty.libc.missing=posix_spawn_file_actions_addclosefrom_np",
                        "-Djava.io.tmpdir=/proc/nowhere").run();
    }

    @Test
    void aJvmThatDeniesNativeAccessIsNamed() throws Exception {
        String deny = Runtime.version().feature() >= 24 ? "--illegal-native-access=deny" : "--enable-native-access=java.base";
        jvm("any", "--enable-native-access=ALL-UNNAMED").nativeAccess(deny).run();
    }

    @Test
    void aStrategyThatDoesNotExistIsNamed() throws Exception {
        jvm("any", "dev.panpty.spawn", "vfork").options("-Ddev.panpty.spawn=vfork").run();
    }
}
