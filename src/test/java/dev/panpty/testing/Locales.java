package dev.panpty.testing;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Locales that need not be installed: localedef(1) creates them in a folder. */
public final class Locales {

    private Locales() {}

    /** Skips the test where a JVM without a locale would not find its classes. */
    public static void needAsciiClassPath() {
        Tools.skipUnless(StandardCharsets.US_ASCII.newEncoder().canEncode(System.getProperty("java.class.path")), "a class path in US-ASCII");
    }

    /** The charset in which this JVM encodes file names, arguments and variables. */
    public static Charset ofNames() {
        Charset names = Charset.forName(System.getProperty("sun.jnu.encoding"));
        return names.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : names;
    }

    /** Creates a locale, and sets it for the JVM. Skips the test where the sources of the locale are not installed. */
    public static ForkedJvm in(Path folder, String language, String charmap, ForkedJvm jvm) throws Exception {
        String name = language + "." + charmap;
        int made = new ProcessBuilder("localedef", "-c", "-i", language, "-f", charmap, folder.resolve(name).toString())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        Tools.skipUnless(made == 0, "the sources of the locale " + name);
        return jvm.variable("LOCPATH", folder.toString()).variable("LC_ALL", name);
    }
}
