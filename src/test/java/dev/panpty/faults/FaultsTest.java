package dev.panpty.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each system call of the library is made to fail once; {@link FaultsStress} does all the rest. */
class FaultsTest {

    @TempDir
    Path folder;

    @Test
    @Timeout(300)
    @Needs("strace")
    void aFaultAtAnyCallIsATypedErrorOrGoesUnnoticed() throws Exception {
        try (Rig rig = new Rig(folder)) {
            Faults faults = new Faults(rig);
            faults.representative();
            System.out.println(faults.matrix());
            assertEquals(List.of(), faults.bad());
        }
    }

    @Test
    void theTableInTheRepositoryIsReadAsItWasWritten() throws Exception {
        Matrix matrix = Matrix.read(Faults.TABLE);
        assertEquals(Files.readString(Faults.TABLE), matrix.toString());
    }
}
