package dev.panpty.examples;

import static dev.panpty.expect.Awaited.end;
import static dev.panpty.expect.Awaited.regex;
import static dev.panpty.expect.Awaited.text;

import dev.panpty.expect.Expect;
import dev.panpty.expect.Match;

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
            installer.answer(regex("Overwrite .*\\? \\[y/N\\] "), "y").answer(text("Folder [/usr]: "), "/opt").failOn(text("rror"));
            Match done = installer.await(end());
            System.out.print(done.before());
            System.out.println(installer.end());
        }
        // @end
    }
}
