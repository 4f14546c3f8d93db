package dev.panpty.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.testing.Needs;
import dev.panpty.testing.OtherUser;
import dev.panpty.testing.Way;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each system call of the library is made to fail once; {@link FaultsStress} tries all uses and errnos. */
class FaultsTest {

    @TempDir
    Path folder;

    @Test
    @Timeout(300)
    @Needs("strace")
    void aFaultAtAnyCallIsATypedErrorOrGoesUnnoticed() throws Exception {
        try (Rig rig = new Rig(folder)) {
            Faults faults = new Faults(rig);
            EnumSet<Scenario> scenarios = EnumSet.complementOf(EnumSet.of(Scenario.USER));
            if (!Way.POSIX_SPAWN.isPossible()) {
                scenarios.remove(Scenario.POSIX_SPAWN);
            }
            faults.representative(scenarios);
            assertEquals(List.of(), faults.bad());
        }
    }

    @Test
    @Timeout(120)
    @Needs("strace")
    void aFaultAtACallThatOnlyAnotherUserTakesIsATypedErrorOrGoesUnnoticed() throws Exception {
        OtherUser.require();
        try (Rig rig = new Rig(folder)) {
            Faults faults = new Faults(rig);
            faults.known(Scenario.SETTINGS);
            faults.representative(EnumSet.of(Scenario.USER));
            assertEquals(List.of(), faults.bad());
        }
    }

    @Test
    @Timeout(120)
    @Needs("strace")
    void aWriterReadsAheadAlsoWherePollFails() throws Exception {
        try (Rig rig = new Rig(folder)) {
            Faults faults = new Faults(rig);
            faults.always(Scenario.ECHO, Fault.Side.STARTER, "poll", "ENOMEM");
            assertEquals(List.of(), faults.bad());
        }
    }

    @Test
    void theTableInTheRepositoryIsReadAsItWasWritten() throws Exception {
        Matrix matrix = Matrix.read(Faults.TABLE);
        assertEquals(Files.readString(Faults.TABLE), matrix.toString());
    }
}
