package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Libc;
import dev.panpty.testing.Programs;
import dev.panpty.testing.StatusLost;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The exit status of a program: its code, its signal, or unknown. */
class ExitStatusTest {

    private static ExitStatus after(String script) throws Exception {
        try (PtyProcess process = Programs.sh(script)) {
            process.waitFor();
            return process.exitStatus().orElseThrow();
        }
    }

    @EachWay
    void anExitCodeIsACode() throws Exception {
        for (int code : new int[] {0, 1, 2, 127, 128, 255}) {
            ExitStatus status = after("exit " + code);
            assertEquals(new ExitStatus.Exited(code), status);
            assertEquals(code, status.exitValue());
            assertEquals(code << 8, status.rawStatus());
            assertEquals(code == 0, status.isSuccess());
        }
    }

    @EachWay
    void aCodeOf137IsNoKill() throws Exception {
        assertEquals(new ExitStatus.Exited(137), after("exit 137"));
    }

    @EachWay
    void aKillIsASignalWithTheValue137() throws Exception {
        ExitStatus status = after("kill -9 $$");
        assertEquals(new ExitStatus.Signaled(Signal.KILL, false), status);
        assertEquals(137, status.exitValue());
        assertEquals(9, status.rawStatus());
        assertFalse(status.isSuccess());
    }

    @EachWay
    void everySignalThatEndsAProgramIsNamed() throws Exception {
        for (String name : new String[] {"HUP", "INT", "USR1", "PIPE", "ALRM", "TERM"}) {
            ExitStatus.Signaled status = assertInstanceOf(ExitStatus.Signaled.class, after("kill -" + name + " $$"));
            assertEquals(Signal.of(name), status.signal());
        }
    }

    @Test
    void aRealTimeSignalIsNamed() throws Exception {
        assertEquals("RTMIN+3", assertInstanceOf(ExitStatus.Signaled.class, after("kill -37 $$")).signal().name());
    }

    @Test
    void aQuitReportsWhetherItLeftACore() throws Exception {
        ExitStatus.Signaled without = assertInstanceOf(ExitStatus.Signaled.class, after("ulimit -c 0; kill -QUIT $$"));
        assertEquals(Signal.QUIT, without.signal());
        assertEquals(without.coreDumped() ? 0x83 : 3, without.rawStatus());
    }

    @Test
    void theStatusIsUnknownWithoutWaitingWhenOtherCodeReaps() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < 100; i++) {
                try (PtyProcess process = Programs.sh("read x; exit 3")) {
                    CompletableFuture<Boolean> taken =
                            CompletableFuture.supplyAsync(() -> Libc.takeStatus(process.pid()), task -> Thread.ofPlatform().start(task));
                    process.getOutputStream().write('\n');
                    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
                    ExitStatus status = process.exitStatus().orElseThrow();
                    if (taken.get()) {
                        assertInstanceOf(ExitStatus.Unknown.class, status);
                        assertEquals(-1, status.exitValue());
                        assertEquals(-1, status.rawStatus());
                    } else {
                        assertEquals(new ExitStatus.Exited(3), status);
                    }
                }
            }
        });
    }

    @EachWay
    void theStatusIsUnknownWithoutWaitingWhenSigchldIsIgnoredLater() throws Exception {
        new ForkedJvm(StatusLost.class).run();
    }

    @EachWay
    void theStatusIsThereBeforeAnyWait() throws Exception {
        try (PtyProcess process = Programs.sh("exit 5")) {
            process.onExit().get();
            assertEquals(Optional.of(new ExitStatus.Exited(5)), process.exitStatus());
        }
    }

    @Test
    void aCodeOutOfRangeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ExitStatus.Exited(256));
        assertThrows(IllegalArgumentException.class, () -> new ExitStatus.Exited(-1));
    }
}
