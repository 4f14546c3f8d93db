package dev.panpty.internal.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.LayoutProbe;
import dev.panpty.testing.Needs;
import dev.panpty.testing.UnknownMachine;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The differences between processor architectures, as coded and as the compiler has them. */
class ArchitectureTest {

    @Test
    void x8664PacksEpollEvent() {
        assertEquals(new Architecture(0x10000, 12, 4, 319, 332), Architecture.of("Linux", "amd64").orElseThrow());
        assertEquals(new Architecture(0x10000, 12, 4, 319, 332), Architecture.of("Linux", "x86_64").orElseThrow());
    }

    @Test
    void aarch64HasFlagsOfItsOwnAndDoesNotPack() {
        assertEquals(new Architecture(0x4000, 16, 8, 279, 291), Architecture.of("Linux", "aarch64").orElseThrow());
    }

    @Test
    void thisMachinesCompilerAgrees() throws Exception {
        assertEquals(measured(LayoutProbe.here()), Architecture.here());
    }

    @Test
    @Needs({"aarch64-linux-gnu-gcc", "qemu-aarch64"})
    void aCompilerForAarch64Agrees() throws Exception {
        assertEquals(measured(LayoutProbe.aarch64()), Architecture.of("Linux", "aarch64").orElseThrow());
    }

    @Test
    void anUnknownProcessorIsRefusedByName() throws Exception {
        new ForkedJvm(UnknownMachine.class).options("-Dos.arch=riscv64").arguments("Linux", "riscv64", "aarch64").run();
    }

    @Test
    void anUnknownSystemIsRefusedByName() throws Exception {
        new ForkedJvm(UnknownMachine.class).options("-Dos.name=Plan 9").arguments("Linux", "Plan 9").run();
    }

    private static Architecture measured(Map<String, Long> probe) {
        return new Architecture(probe.get("O_DIRECTORY").intValue(), probe.get("epoll_event").intValue(),
                probe.get("epoll_event.data").intValue(), probe.get("SYS_memfd_create").intValue(), probe.get("SYS_statx").intValue());
    }
}
