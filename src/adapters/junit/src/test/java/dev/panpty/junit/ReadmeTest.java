package dev.panpty.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    private static String text(String path) throws IOException {
        return Files.readString(Path.of(System.getProperty("panpty.basedir", "../../..")).resolve(path));
    }

    @Test
    void theReadmeShowsTheTestAsItIs() throws IOException {
        String test = text("src/adapters/junit/src/test/java/dev/panpty/junit/LessTest.java");
        int begin = test.indexOf("\n", test.indexOf("@start")) + 1;
        String shown = "```java\n" + test.substring(begin, test.indexOf("    // @end")).stripTrailing().stripIndent() + "\n```\n";
        assertTrue(text("README.md").contains(shown), () -> "README.md does not contain\n" + shown);
    }

    @Test
    void theModuleNeedsJUnitAndTheLibraryAlone() throws Exception {
        Path classes = Path.of(Terminal.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        ModuleDescriptor module = ModuleFinder.of(classes).find("dev.panpty.junit").orElseThrow().descriptor();
        assertEquals(Set.of("java.base", "dev.panpty", "org.junit.jupiter.api"),
                module.requires().stream().map(ModuleDescriptor.Requires::name).collect(Collectors.toSet()));
    }
}
