package dev.panpty.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.testing.Needs;
import dev.panpty.testing.OtherUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every system call of the library is made to fail, with every errno of its man page, at its first, second and third use and always. */
class FaultsStress {

    @TempDir
    Path folder;

    /** Rewrites the table. */
    @Test
    @Timeout(1500)
    @Needs("strace")
    void everyFaultIsATypedErrorOrGoesUnnoticed() throws Exception {
        OtherUser.require();
        try (Rig rig = new Rig(folder)) {
            Faults faults = new Faults(rig);
            faults.all();
            System.out.println(faults.matrix());
            assertEquals(List.of(), faults.bad());
            Files.writeString(Faults.TABLE, faults.matrix().toString());
        }
    }
}
