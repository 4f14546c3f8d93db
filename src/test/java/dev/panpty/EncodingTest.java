package dev.panpty;

import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Locales;
import dev.panpty.testing.NamesInALocale;
import dev.panpty.testing.Needs;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arguments, variables, paths and messages in the encoding of the JVM's locale, in each way of starting. */
class EncodingTest {

    @TempDir
    Path folder;

    private ForkedJvm jvm(String expected) {
        return new ForkedJvm(NamesInALocale.class).arguments(expected, folder.toString());
    }

    @Test
    void withoutALocaleTextIsUtf8() throws Exception {
        jvm("UTF-8").by("env", "-u", "LC_ALL", "-u", "LC_CTYPE", "-u", "LANG").run();
    }

    @Test
    void inTheLocaleOfCTextIsUtf8() throws Exception {
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
}
