package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.testing.Repository;
import dev.panpty.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The widths of characters, and where they come from. */
class WidthTableTest {

    /** The Unicode Character Database, as {@code src/main/unicode/Widths.java} names it: its folder, by -Dpanpty.unicode or PANPTY_UNICODE. */
    private static final Path DATABASE = Path.of(System.getProperty("panpty.unicode",
            Optional.ofNullable(System.getenv("PANPTY_UNICODE")).orElse("/usr/share/unicode")));

    private static void assertWidths(int width, int... points) {
        for (int point : points) {
            assertEquals(width, WidthTable.width(point), () -> "U+" + Integer.toHexString(point));
        }
    }

    @Test
    void marksAndFormatCharactersHaveNoWidth() {
        assertWidths(0, 0x0300, 0x200B, 0x200D, 0x20DD, 0x3099, 0xFE0F, 0xE0100, 0xE007F, 0x1160, 0xD7FB);
    }

    @Test
    void eastAsianAndEmojiCharactersAreWide() {
        assertWidths(2, 0x1100, 0x3000, 0x3042, 0x4E00, 0xAC00, 0xFF01, 0x1F600, 0x20000, 0x2FFFD, 0x3FFFD, 0x2630, 0x1FAE9);
    }

    @Test
    void allOthersAreNarrow() {
        assertWidths(1, 'a', 0xAD, 0xE9, 0x2500, 0x2026, 0xFFFD, 0x1F1E6, 0x10FFFF, 0x40000, 0x1FFFE);
    }

    /** The generated file is what the generator writes. */
    @Test
    void theTableIsWhatTheGeneratorWrites(@TempDir Path folder) throws Exception {
        Tools.skipUnless(isOfTheVersion(), "the Unicode Character Database 17.0.0 in the folder PANPTY_UNICODE");
        Path written = folder.resolve("WidthRuns.java");
        Process java = new ProcessBuilder(List.of(System.getProperty("java.home") + "/bin/java",
                "-Dpanpty.basedir=" + Repository.path(""), "-Dfile.encoding=UTF-8",
                Repository.path("src/main/unicode/Widths.java").toString(), DATABASE.toString(), written.toString())).inheritIO().start();
        assertEquals(0, java.waitFor());
        assertEquals(Repository.text("src/main/java/dev/panpty/screen/WidthRuns.java"), Files.readString(written));
    }

    private static boolean isOfTheVersion() throws Exception {
        Path file = DATABASE.resolve("EastAsianWidth.txt");
        return Files.exists(file) && Files.readString(file).startsWith("# EastAsianWidth-17.0.0.txt");
    }
}
