package dev.panpty.examples;

import static dev.panpty.expect.Awaited.regex;
import static dev.panpty.expect.Awaited.text;

import dev.panpty.expect.Expect;

/** An installer that asks, and is answered by a script. */
public final class Installer {

    private static final String INSTALLER = """
            for file in bin lib; do printf "Overwrite $file? [y/N] "; read answer; echo "$file: $answer"; done
            printf 'Folder [/usr]: '; read folder; echo "installed in $folder"
            """;

    private Installer() {}

    public static void main(String[] arguments) throws Exception {
        // @start region="answers"
        try (Expect installer = Expect.start("sh", "-c", INSTALLER)) {
            installer.answer(regex("Overwrite .*\\? \\[y/N\\] "), "y").failOn(text("rror")); // in each wait
            String overwritten = installer.expect("Folder [/usr]: ").before();
            installer.sendLine("/opt").expect("installed in /opt");
            System.out.println(overwritten + installer.end());
        }
        // @end
    }
}
