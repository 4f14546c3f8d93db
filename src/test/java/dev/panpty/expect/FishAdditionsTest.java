package dev.panpty.expect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What versions of fish write around an output, as seen in their raw output. */
class FishAdditionsTest {

    private static final String BY_TERMINFO = "\033[30m\033(B\033[m";
    private static final String SIGN = "\033[2m\u23ce\033[m";

    private static ShellOutput of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ShellOutput output = new ShellOutput(List.of("nonce"));
        System.arraycopy(bytes, 0, output.room(bytes.length), 0, bytes.length);
        output.accept(bytes.length);
        return output;
    }

    private static String output(String version, String raw) {
        ShellOutput output = of(raw);
        FishAdditions additions = FishAdditions.of(version);
        int from = additions.begin(output, 0);
        return output.text(from, additions.end(output, from, output.count()), false);
    }

    private static String outputBeforePrompt(String version, String raw) {
        ShellOutput output = of(raw);
        FishAdditions additions = FishAdditions.of(version);
        int from = additions.begin(output, 0);
        return output.text(from, additions.endBeforePrompt(output, from, output.count()), false);
    }

    @Test
    void fish3ResetsTheColours() {
        assertEquals("hi\n", output("3.6.0\n", BY_TERMINFO + "hi\n"));
        assertEquals("hi\n", outputBeforePrompt("3.6.0", BY_TERMINFO + "hi\n" + SIGN));
    }

    @Test
    void fish40MarksTheEndToo() {
        assertEquals("hi\n", output("4.0.2", BY_TERMINFO + "hi\n\033]133;D;0\007"));
        assertEquals("", output("4.0.2", BY_TERMINFO + "\033]133;D;127\007"));
        assertEquals("hi\n", outputBeforePrompt("4.0.2", BY_TERMINFO + "hi\n\033]133;D;1\007\033[?25h" + SIGN));
        assertEquals("hi\n", output("4.0.6", BY_TERMINFO + "hi\n"));
    }

    @Test
    void fish41ResetsTheColoursInOtherWords() {
        assertEquals("hi\n", output("4.9.3", "\033[mhi\n"));
        assertEquals("hi\n", outputBeforePrompt("4.9.3", "\033[mhi\n\033[?25h" + SIGN));
    }

    @ParameterizedTest
    @CsvSource({"3.6.0", "4.0.2", "4.9.3", "5.0", "unknown"})
    void anOutputWithoutThemStays(String version) {
        assertEquals("\033[1mhi", output(version, "\033[1mhi"));
        assertEquals("", output(version, ""));
        assertEquals("hi\033[2m", outputBeforePrompt(version, "hi\033[2m"));
    }

    @Test
    void whatAnotherVersionAddsIsOutput() {
        assertEquals("\033[mhi\033]133;D;0\007", output("3.6.0", BY_TERMINFO + "\033[mhi\033]133;D;0\007"));
        assertEquals("hi\033[?25h", outputBeforePrompt("3.6.0", BY_TERMINFO + "hi\033[?25h" + SIGN));
        assertEquals("hi\033]133;D;0\007", output("4.9.3", "\033[mhi\033]133;D;0\007"));
    }
}
