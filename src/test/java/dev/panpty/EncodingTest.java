package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Locales;
import dev.panpty.testing.NamesInALocale;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Way;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arguments, variables, paths and messages in the encoding of the JVM's locale, with each way of starting. */
class EncodingTest {

    @TempDir
    Path folder;

    private ForkedJvm jvm(String expected) {
        return new ForkedJvm(NamesInALocale.class).arguments(expected, folder.toString());
    }

    @Test
    void withoutALocaleTextIsUtf8() throws Exception {
        Locales.needAsciiClassPath();
        jvm("UTF-8").by("env", "-u", "LC_ALL", "-u", "LC_CTYPE", "-u", "LANG").run();
    }

    @Test
    void inTheLocaleOfCTextIsUtf8() throws Exception {
        Locales.needAsciiClassPath();
        jvm("UTF-8").variable("LC_ALL", "C").run();
    }

    @Test
    @Needs("localedef")
    void inALatin1LocaleTextIsLatin1() throws Exception {
        Locales.in(folder, "de_DE", "ISO-8859-1", jvm("ISO-8859-1")).run();
    }

    @Test
    @Needs("localedef")
    void inAJapaneseLocaleTextIsEucJp() throws Exception {
        Locales.in(folder, "ja_JP", "EUC-JP", jvm("EUC-JP")).run();
    }

    @Test
    @Needs("localedef")
    void aDirectoryIsReachedByTheBytesOfItsNameWhereItsTextHasOthersToo() throws Exception {
        ForkedJvm jvm = new ForkedJvm(TwoEncodings.class).arguments(folder.toString());
        Locales.in(folder, "zh_TW", "BIG5", jvm).run();
    }

    /** A2 CC and A4 51 are the same character in Big5, U+5341. */
    public static final class TwoEncodings implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            assertEquals("BIG5", System.getProperty("sun.jnu.encoding"));
            Programs.output("sh", "-c", "cd \"$1\" && mkdir \"$(printf '\\242\\314')\" \"$(printf '\\244\\121')\"", "sh", arguments[0]);
            for (String name : List.of("%A2%CC", "%A4%51", "%E9", "%41")) {
                Path directory = Path.of(URI.create("file://" + arguments[0] + "/" + name));
                Files.createDirectories(directory);
                for (Way way : Way.all()) {
                    way.force();
                    String said = Programs.output(new PtyProcessBuilder("sh", "-c", "pwd | od -An -tx1").directory(directory));
                    String last = said.replaceAll("\\s", "").replaceAll(".*2f(.*)0a", "$1");
                    assertEquals(name.replace("%", "").toLowerCase(Locale.ROOT), last);
                }
            }
        }
    }
}
