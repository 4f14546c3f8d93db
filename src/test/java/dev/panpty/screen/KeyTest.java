package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** The bytes of keys, pastes and the mouse, by the modes of the program. */
class KeyTest {

    private static final Set<Mode> NONE = Set.of();

    private static String typed(Key key, Mode... modes) {
        return Escapes.show(key.encode(Set.of(modes)));
    }

    @Test
    void cursorKeysFollowTheirMode() {
        assertEquals("\\e[A", typed(Key.UP));
        assertEquals("\\eOA", typed(Key.UP, Mode.APPLICATION_CURSOR_KEYS));
        assertEquals("\\eOF", typed(Key.END, Mode.APPLICATION_CURSOR_KEYS));
        assertEquals("\\e[1;5D", typed(Key.LEFT.ctrl(), Mode.APPLICATION_CURSOR_KEYS));
        assertEquals("\\e[1;8H", typed(Key.HOME.ctrl().alt().shift()));
    }

    @Test
    void editingAndFunctionKeysAreThoseOfXterm() {
        assertEquals("\\e[3~", typed(Key.DELETE));
        assertEquals("\\e[5;2~", typed(Key.PAGE_UP.shift()));
        assertEquals("\\eOP", typed(Key.function(1)));
        assertEquals("\\e[1;5S", typed(Key.function(4).ctrl()));
        assertEquals("\\e[15~", typed(Key.function(5)));
        assertEquals("\\e[24~", typed(Key.function(12)));
        assertEquals("\\e[34~", typed(Key.function(20)));
        assertThrows(IllegalArgumentException.class, () -> Key.function(21));
    }

    @Test
    void charactersTypeThemselvesControlCharactersAndAnEscapeForAlt() {
        assertEquals("a", typed(Key.character('a')));
        assertEquals("\\xc3\\xa9", typed(Key.character('é')));
        assertEquals("\\x03", typed(Key.character('c').ctrl()));
        assertEquals("\\x00", typed(Key.character(' ').ctrl()));
        assertEquals("\\x1f", typed(Key.character('/').ctrl()));
        assertEquals("\\ex", typed(Key.character('x').alt()));
        assertEquals("\\e\\x18", typed(Key.character('x').alt().ctrl()));
        assertThrows(IllegalArgumentException.class, () -> Key.character(0xD800));
        assertThrows(IllegalArgumentException.class, () -> Key.character(-1));
    }

    @Test
    void enterTabBackspaceAndEscape() {
        assertEquals("\\x0d", typed(Key.ENTER));
        assertEquals("\\x0d\\x0a", typed(Key.ENTER, Mode.NEW_LINE));
        assertEquals("\\x09", typed(Key.TAB));
        assertEquals("\\e[Z", typed(Key.TAB.shift()));
        assertEquals("\\x7f", typed(Key.BACKSPACE));
        assertEquals("\\x08", typed(Key.BACKSPACE.ctrl()));
        assertEquals("\\e\\x7f", typed(Key.BACKSPACE.alt()));
        assertEquals("\\e", typed(Key.ESCAPE));
    }

    @Test
    void theKeypadFollowsItsMode() {
        assertEquals("5", typed(Key.keypad('5')));
        assertEquals("\\eOu", typed(Key.keypad('5'), Mode.APPLICATION_KEYPAD));
        assertEquals("\\eOj", typed(Key.keypad('*'), Mode.APPLICATION_KEYPAD));
        assertThrows(IllegalArgumentException.class, () -> Key.keypad('a'));
    }

    @Test
    void aPasteIsBracketedWhereAskedForAndItsOwnEndMarkDoesNotGetThrough() {
        assertEquals("a\\x0db\\x0dc", typed(Key.paste("a\nb\r\nc")));
        assertEquals("\\e[200~a\\x0db\\e[201~", typed(Key.paste("a\nb"), Mode.BRACKETED_PASTE));
        assertEquals("\\e[200~ab\\e[201~", typed(Key.paste("a\u001b[201~b"), Mode.BRACKETED_PASTE));
        assertEquals("\\e[200~ab\\e[201~", typed(Key.paste("a\u001b[20\u001b[201~1~b\u009b201~"), Mode.BRACKETED_PASTE));
    }

    @Test
    void theFocusIsTypedWhereAskedFor() {
        assertEquals("", typed(Key.FOCUS_IN));
        assertEquals("\\e[I", typed(Key.FOCUS_IN, Mode.FOCUS));
        assertEquals("\\e[O", typed(Key.FOCUS_OUT, Mode.FOCUS));
    }

    @Test
    void theMouseIsTypedAsFarAsAskedFor() {
        Key press = Key.mouse(MouseButton.LEFT, MouseAction.PRESS, 1, 2);
        Key release = Key.mouse(MouseButton.LEFT, MouseAction.RELEASE, 1, 2);
        Key drag = Key.mouse(MouseButton.RIGHT, MouseAction.MOVE, 0, 0);
        Key motion = Key.mouse(MouseButton.NONE, MouseAction.MOVE, 0, 0);
        assertEquals("", typed(press));
        assertEquals("\\e[M #\"", typed(press, Mode.MOUSE_X10));
        assertEquals("", typed(release, Mode.MOUSE_X10));
        assertEquals("\\e[M##\"", typed(release, Mode.MOUSE_BUTTONS));
        assertEquals("\\e[<0;3;2M", typed(press, Mode.MOUSE_BUTTONS, Mode.MOUSE_SGR));
        assertEquals("\\e[<0;3;2m", typed(release, Mode.MOUSE_BUTTONS, Mode.MOUSE_SGR));
        assertEquals("\\e[<16;3;2M", typed(press.ctrl(), Mode.MOUSE_BUTTONS, Mode.MOUSE_SGR));
        assertEquals("", typed(drag, Mode.MOUSE_BUTTONS, Mode.MOUSE_SGR));
        assertEquals("\\e[<34;1;1M", typed(drag, Mode.MOUSE_DRAG, Mode.MOUSE_SGR));
        assertEquals("", typed(motion, Mode.MOUSE_DRAG, Mode.MOUSE_SGR));
        assertEquals("\\e[<35;1;1M", typed(motion, Mode.MOUSE_MOTION, Mode.MOUSE_SGR));
        assertEquals("\\e[<64;1;1M", typed(Key.mouse(MouseButton.WHEEL_UP, MouseAction.PRESS, 0, 0), Mode.MOUSE_BUTTONS, Mode.MOUSE_SGR));
        assertEquals("", typed(Key.mouse(MouseButton.LEFT, MouseAction.PRESS, 0, 300), Mode.MOUSE_BUTTONS), "it has one byte for each");
        assertThrows(IllegalArgumentException.class, () -> Key.mouse(MouseButton.LEFT, MouseAction.PRESS, -1, 0));
    }

    @Test
    void keysAreValues() {
        assertEquals(Key.character('a').ctrl(), Key.character('a').ctrl());
        assertEquals(Key.character('a').ctrl().hashCode(), Key.character('a').ctrl().hashCode());
        assertEquals("Ctrl+a", Key.character('a').ctrl().toString());
        assertEquals("F5", Key.function(5).toString());
        assertEquals(0, Key.FOCUS_IN.encode(NONE).length);
    }
}
