package dev.panpty.testing;

import java.nio.file.Path;

/** Locales that no machine need have, made by localedef(1) in a folder of their own. */
public final class Locales {

    private Locales() {}

    /** Makes one, and has the JVM run in it. The test is skipped where the sources of the locale are not installed. */
    public static ForkedJvm in(Path folder, String language, String charmap, ForkedJvm jvm) throws Exception {
        String name = language + "." + charmap;
        int made = new ProcessBuilder("localedef", "-c", "-i", language, "-f", charmap, folder.resolve(name).toString())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        Tools.skipUnless(made == 0, "the sources of the locale " + name);
        return jvm.variable("LOCPATH", folder.toString()).variable("LC_ALL", name);
    }
}
