package dev.panpty.internal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.LineMode;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.Termios;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The typed line when its mode is looked up late, or has changed since. */
class TypedLineTest {

    private final Ptmx ptmx = Ptmx.open().value();
    private final TypedLine line = new TypedLine();
    private final LineMode cooked = mode(Termios.COOKED);
    private final LineMode raw = mode(new Termios(0, 0, Termios.COOKED.control(), 0, Termios.COOKED.controlCharacters()));

    private LineMode mode(Termios termios) {
        assertEquals(0, ptmx.setAttributes(termios));
        return ptmx.lineMode(LineMode.UNKNOWN);
    }

    private LineMode withErase(char character) {
        byte[] characters = Termios.COOKED.controlCharacters().clone();
        characters[Linux.VERASE()] = (byte) character;
        return mode(new Termios(Termios.COOKED.input(), 0, Termios.COOKED.control(), Termios.COOKED.local(), characters));
    }

    @AfterEach
    void close() {
        ptmx.close();
    }

    private void type(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        line.typed(new Source().of(bytes, 0, bytes.length), 0, bytes.length);
    }

    private boolean isOpen(LineMode now) {
        line.judge(now);
        return line.isOpen();
    }

    @Test
    void anUnchangedModeIsTheSameObject() {
        assertTrue(ptmx.lineMode(raw) == raw);
        mode(Termios.COOKED);
        assertFalse(ptmx.lineMode(raw) == raw);
    }

    @Test
    void theModeIsNeededForManyBytesOrBehindALongLineOnly() {
        assertFalse(line.needsMode(256));
        assertTrue(line.needsMode(257));
        type("x".repeat(200));
        assertFalse(line.needsMode(56));
        assertTrue(line.needsMode(57));
        line.judge(cooked);
        assertFalse(line.needsMode(256));
        type("x".repeat(3400));
        assertTrue(line.needsMode(1));
        line.judge(raw);
        assertFalse(line.needsMode(256));
        type("x".repeat(100_000));
        assertFalse(line.needsMode(256));
        assertTrue(line.needsMode(Integer.MAX_VALUE));
    }

    @Test
    void bytesWithoutAModeAreJudgedByTheFirstModeThatIsSeen() {
        type("abc\25");
        assertFalse(isOpen(cooked));
        type("abc");
        assertTrue(isOpen(cooked));
        type("\25");
        assertFalse(isOpen(cooked));
    }

    @Test
    void inRawModeThereIsNoLine() {
        type("abc");
        assertFalse(isOpen(raw));
        type("x".repeat(1000));
        assertFalse(isOpen(raw));
    }

    @Test
    void bytesTypedBeforeAChangeMayBeProcessedAfterIt() {
        line.judge(raw);
        type("abc");
        assertTrue(isOpen(cooked));
        line.judge(raw);
        type("x".repeat(1000));
        assertTrue(isOpen(cooked));
        line.judge(raw);
        type("x".repeat(1000) + "\n");
        assertFalse(isOpen(cooked));
    }

    /** Of VLNEXT, VLNEXT and a newline, the kernel may have processed the first before the change. */
    @Test
    void theLongestLineThatThereCouldBeIsTaken() {
        type("\26\26\n");
        assertFalse(isOpen(cooked));
        line.judge(raw);
        type("\26\26\n");
        assertTrue(isOpen(cooked));
    }

    @Test
    void aChangedCharacterCountsAsWhatMakesTheLineLonger() {
        line.judge(cooked);
        type("a\177");
        assertTrue(isOpen(withErase('#')));
        type("##");
        assertFalse(isOpen(withErase('#')));
        type("a#");
        assertTrue(isOpen(withErase('\177')));
    }

    @Test
    void aLineThatStoodBeforeRawModeIsNone() {
        line.judge(cooked);
        type("abc\26");
        assertTrue(isOpen(cooked));
        line.judge(raw);
        assertFalse(isOpen(cooked));
    }

    @Test
    void flushedInputLeavesTheByteAfterVlnextQuoted() {
        line.judge(cooked);
        type("abc\26");
        line.discard(cooked);
        assertTrue(line.isQuoting());
        type("\n");
        assertTrue(isOpen(cooked));
    }
}
