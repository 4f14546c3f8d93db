package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.ForkedJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a first start finds loaded. */
class PreloadTest {

    private static final String PREFIX = "dev.panpty.";

    /** By HotSpot, see {@code -Xlog:class+init}. */
    private static final String LINKED = "Start class verification for: ";

    private static final String LAST_BEFORE = PREFIX + "internal.sys.Downcall$Shape";

    @TempDir
    Path folder;

    public static final class FirstStart implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Exception {
            try (PtyProcess process = PtyProcess.start("cat")) {
                Started.is(process);
            }
        }
    }

    /** Linked when a start has come to its end. */
    private static final class Started {
        static void is(Process process) {
            assertNotNull(process);
        }
    }

    @Test
    void everyClassOfTheListExists() throws ClassNotFoundException {
        for (String name : names().toList()) {
            assertEquals(name, Class.forName(name, false, getClass().getClassLoader()).getName());
        }
    }

    @Test
    void noClassThatAStartLinksIsMissingFromTheList() throws Exception {
        Path log = folder.resolve("log");
        new ForkedJvm(FirstStart.class).options("-Xlog:class+init=info:file=" + log).run();
        List<String> linked = Files.readAllLines(log).stream()
                .filter(line -> line.contains(LINKED + PREFIX))
                .map(line -> line.substring(line.indexOf(LINKED) + LINKED.length()))
                .toList();
        int begin = linked.indexOf(LAST_BEFORE);
        int end = linked.indexOf(Started.class.getName());
        assertTrue(begin > 0 && end > begin, () -> "linked: " + linked);
        Set<String> missing = new TreeSet<>(linked.subList(begin + 1, end));
        names().forEach(missing::remove);
        assertEquals(Set.of(), missing);
    }

    private static Stream<String> names() {
        return Stream.of(Preload.CLASSES.split("\\s+")).map(PREFIX::concat);
    }
}
