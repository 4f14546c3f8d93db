package dev.panpty.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.panpty.testing.ForkedJvm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table of a loop's registrations, after its close and without memory. */
@Timeout(60)
class RegistrationTableTest {

    /** A terminal may register for its first wait only after a failed loop has notified all registrations. */
    @Test
    void aClosedTableRefusesRegistrations() {
        RegistrationTable table = new RegistrationTable();
        table.add(null);
        table.close();
        assertEquals(RegistrationTable.REFUSED, table.add(null));
    }

    @Test
    void registrationsRefusedForMemoryCanBeAddedLater() throws Exception {
        new ForkedJvm(FullHeap.class).options("-Xmx64m").run();
    }

    /** Adds registrations with a full heap until one is refused, then makes room. The registrations themselves do not matter. */
    public static final class FullHeap implements ForkedJvm.Body {

        private static final int MORE_THAN_BEFORE = 1 << 20;

        @Override
        public void run(String[] arguments) throws Throwable {
            RegistrationTable table = new RegistrationTable();
            List<byte[]> ballast = new ArrayList<>();
            assertThrows(OutOfMemoryError.class, () -> {
                for (;;) {
                    ballast.add(new byte[1 << 18]);
                }
            });
            assertThrows(OutOfMemoryError.class, () -> {
                for (;;) {
                    table.add(null);
                }
            });
            ballast.clear();
            for (int i = 0; i < MORE_THAN_BEFORE; i++) {
                table.remove(table.add(null));
                table.add(null);
            }
        }
    }
}
