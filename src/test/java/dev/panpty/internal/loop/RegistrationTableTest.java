package dev.panpty.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.panpty.testing.ForkedJvm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What once went wrong with the places of a loop's watches. */
@Timeout(60)
class RegistrationTableTest {

    /** A terminal that nobody has waited for is not there yet when a loop that has failed tells all of it. */
    @Test
    void noMoreComeAfterTheLastThatAreTold() {
        RegistrationTable watches = new RegistrationTable();
        watches.add(null);
        watches.close();
        assertEquals(RegistrationTable.REFUSED, watches.add(null));
    }

    @Test
    void whereThereWasNoMemoryForMoreOfThemTheyCanBeAddedLater() throws Exception {
        new ForkedJvm(FullHeap.class).options("-Xmx64m").run();
    }

    /** Adds to a heap that is full until it is refused, then makes room. Who is watched does not matter. */
    public static final class FullHeap implements ForkedJvm.Body {

        private static final int MORE_THAN_BEFORE = 1 << 20;

        @Override
        public void run(String[] arguments) throws Throwable {
            RegistrationTable watches = new RegistrationTable();
            List<byte[]> ballast = new ArrayList<>();
            assertThrows(OutOfMemoryError.class, () -> {
                for (;;) {
                    ballast.add(new byte[1 << 18]);
                }
            });
            assertThrows(OutOfMemoryError.class, () -> {
                for (;;) {
                    watches.add(null);
                }
            });
            ballast.clear();
            for (int i = 0; i < MORE_THAN_BEFORE; i++) {
                watches.remove(watches.add(null));
                watches.add(null);
            }
        }
    }
}
