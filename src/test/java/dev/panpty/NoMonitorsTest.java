package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Monitors pin virtual threads to their carriers before Java 24: the library has none. */
class NoMonitorsTest {

    private static final Pattern MONITOR = Pattern.compile("\\bmonitorenter\\b|^ .*\\bsynchronized\\b.*\\(.*\\).*;$"
            + "|Method ([\\w/$]+\\.)?(wait:\\(J?I?\\)V|notify(All)?:\\(\\)V)");

    @Test
    void noClassOfTheLibraryUsesAMonitor() throws Exception {
        List<String> found = monitors(Path.of(PtyProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI()));
        assertEquals(List.of(), found);
    }

    @Test
    void theScanFindsMonitorsWhereThereAreSome() throws Exception {
        Path tests = Path.of(NoMonitorsTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        assertFalse(monitors(tests.resolve("dev/panpty/NoMonitorsTest$Monitored.class")).size() < 3);
    }

    private static List<String> monitors(Path root) throws Exception {
        List<String> command = new ArrayList<>(List.of("-c", "-p"));
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(file -> file.toString().endsWith(".class") && !file.endsWith("module-info.class"))
                    .forEach(file -> command.add(file.toString()));
        }
        StringWriter listing = new StringWriter();
        int result = ToolProvider.findFirst("javap").orElseThrow()
                .run(new PrintWriter(listing), new PrintWriter(System.err), command.toArray(new String[0]));
        assertEquals(0, result);
        return listing.toString().lines().filter(line -> MONITOR.matcher(line).find()).map(String::strip).toList();
    }

    /** One monitor of each kind. */
    @SuppressWarnings("unused")
    private static final class Monitored {

        private synchronized void method() throws InterruptedException {
            wait(1);
        }

        private void block() {
            synchronized (this) {
                hashCode();
            }
        }
    }
}
