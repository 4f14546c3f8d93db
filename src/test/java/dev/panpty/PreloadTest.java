package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.ForkedJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
            try (PtyProcess process = PtyProcess.start("echo", "hello")) {
                assertEquals("hello\r\n", new String(process.getInputStream().readAllBytes()));
                assertEquals(0, process.waitFor());
            }
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
        int link = linked.indexOf(LAST_BEFORE);
        assertTrue(link > 0, () -> "linked: " + linked);
        Set<String> missing = linked.subList(link + 1, linked.size()).stream()
                .filter(name -> !name.contains("$$Lambda") && !name.startsWith(PREFIX + "testing."))
                .collect(Collectors.toCollection(TreeSet::new));
        names().forEach(missing::remove);
        assertEquals(Set.of(), missing);
    }

    private static Stream<String> names() {
        return Stream.of(Preload.CLASSES.split("\\s+")).map(PREFIX::concat);
    }
}
