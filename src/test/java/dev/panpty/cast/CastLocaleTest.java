package dev.panpty.cast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.CastInALocale;
import dev.panpty.testing.ForkedJvm;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same files in any locale of the JVM. */
@Timeout(120)
class CastLocaleTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"ar,EG,\u0661\u066b\u0665", "tr,TR,'1,5'", "de,DE,'1,5'"})
    void filesAreTheSameInEachLocale(String language, String country, String number) throws Exception {
        Path recording = Files.writeString(folder.resolve("x.cast"), """
                {"version":3,"term":{"cols":80,"rows":24,"type":"xterm"},"timestamp":1700000000,"idle_time_limit":1.5,"command":"TITLE","title":"i\u0130"}
                [0.25, "o", "TITLE I i \u0130\\r\\n"]
                [1234.567891, "i", "x"]
                [1.5, "o", "y"]
                [0.5, "r", "120x40"]
                [0.125, "x", "17"]
                """);
        Path here = Files.createDirectory(folder.resolve("here"));
        Path there = Files.createDirectory(folder.resolve("there"));
        for (CastFormat format : CastFormat.values()) {
            if (format != CastFormat.ASCIICAST_V1) {
                Recording.read(recording).convert(here.resolve(format.toString()), format);
            }
        }
        String extension = language.equals("ar") ? "-Duser.extensions=u-nu-arab" : "-Dpanpty.none";
        new ForkedJvm(CastInALocale.class).options("-Duser.language=" + language, "-Duser.country=" + country, extension,
                "-Dfile.encoding=UTF-8", "-Dsun.jnu.encoding=UTF-8").variable("LC_ALL", "C.UTF-8")
                .arguments(recording.toString(), there.toString(), URLEncoder.encode(number, StandardCharsets.UTF_8)).run(); // in ASCII
        List<Path> files;
        try (Stream<Path> all = Files.list(here)) {
            files = all.toList();
        }
        assertTrue(files.size() == CastFormat.values().length + 1, files::toString);
        for (Path file : files) {
            assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(there.resolve(file.getFileName())), file.toString());
        }
    }
}
