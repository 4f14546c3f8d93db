package dev.panpty.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.testing.DoublePrompt.Style;
import dev.panpty.testing.DoublePrompt;
import dev.panpty.testing.DoublePrompts;
import dev.panpty.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** 500 double prompts of each kind, on a busy machine. */
@Timeout(900)
class PasswordPromptStress {

    private static final int ROUNDS = Integer.getInteger("panpty.prompts", 500);
    private static final int LOAD = Integer.getInteger("panpty.load", 2 * Runtime.getRuntime().availableProcessors());

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void noAnswerIsMissed(DoublePrompts program) throws Exception {
        for (String tool : program.tools()) {
            Tools.skipUnless(Tools.has(tool), tool);
        }
        if (program == DoublePrompts.PASSWD) {
            Tools.skipUnless(Files.isReadable(Path.of("/etc/shadow")), "the right to change a password");
        }
        List<String> misses = new ArrayList<>();
        for (Style style : Style.values()) {
            int rounds = ROUNDS / Style.values().length + 1;
            long start = System.nanoTime();
            int missed = DoublePrompt.underLoad(LOAD, () -> program.in(Files.createDirectory(folder.resolve(program + "-" + style)))
                    .misses(rounds, style));
            System.out.printf("%s %s: %d of %d missed, %d ms each%n", program, style, missed, rounds, (System.nanoTime() - start) / 1_000_000 / rounds);
            if (missed > 0) {
                misses.add(program + " " + style + " " + missed + " of " + rounds);
            }
        }
        assertEquals(List.of(), misses, () -> Arrays.toString(DoublePrompts.values()));
    }
}
