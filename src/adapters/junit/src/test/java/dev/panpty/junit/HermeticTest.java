package dev.panpty.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HermeticTest {

    private static Path lastHome;

    @Test
    @Order(1)
    @Terminal(command = "env", environment = {"ADDED=1", "JAVA_HOME", "NOT_SET_AT_ALL"})
    void theEnvironmentIsThatOfTheAnnotation(TestTerminal t) {
        t.awaitExit(0);
        Map<String, String> expected = new TreeMap<>(Map.of("TERM", "xterm-256color", "LANG", "C.UTF-8", "SHELL", "/bin/sh", "TZ", "UTC",
                "HOME", t.home().toString(), "ADDED", "1"));
        for (String inherited : new String[] {"PATH", "USER", "LOGNAME", "TMPDIR", "JAVA_HOME"}) {
            if (System.getenv(inherited) != null) {
                expected.put(inherited, System.getenv(inherited));
            }
        }
        Map<String, String> actual = new TreeMap<>();
        Pattern.compile("^(\\w+)=(.*)$", Pattern.MULTILINE).matcher(t.output().text()).results()
                .forEach(line -> actual.put(line.group(1), line.group(2)));
        assertEquals(expected, actual);
        lastHome = t.home();
        assertTrue(Files.isDirectory(lastHome));
    }

    @Test
    @Order(2)
    @Terminal(command = {"sh", "-c", "mkdir -p ~/a/b; echo x > ~/a/b/c; chmod 500 ~/a ~/a/b; ls -A ~"})
    void homeIsAFolderOfTheTestAlone(TestTerminal t) {
        assertFalse(Files.exists(lastHome));
        t.awaitExit(0);
        assertEquals("a\n", t.output().text());
    }
}
