package dev.panpty.screen;

import dev.panpty.screen.ClipboardText.Selection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * OSC 52, see "Manipulate Selection Data" in xterm's ctlseqs: only what a program writes, and only once there is a receiver. A query is not
 * answered: the program would read what a person has copied elsewhere. Used by one thread at a time.
 */
final class Clipboard {

    static final String BEGIN = "52;";

    /** The most bytes of a text. */
    static final int MOST_TEXT = 1 << 20;

    /** The most characters of the whole string: Base64 takes four for each three bytes. */
    static final int MOST_STRING = (MOST_TEXT + 2) / 3 * 4 + 32;

    private static final String QUERY = "?";
    private static final String CUT_BUFFERS = "01234567";

    private Consumer<ClipboardText> receiver;
    private List<Runnable> pending = List.of();

    void to(Consumer<ClipboardText> newReceiver) {
        receiver = newReceiver;
    }

    /** How long a string that begins like this may become. */
    int limit(CharSequence begun) {
        return receiver != null && begun.length() >= BEGIN.length() && begun.subSequence(0, BEGIN.length()).equals(BEGIN)
                ? MOST_STRING : Parser.MAX_STRING;
    }

    /** The selections, then the text in Base64. What is malformed is dropped as a whole. */
    void write(String value) {
        int end = value.indexOf(';');
        if (receiver == null || end < 0 || value.endsWith(QUERY)) {
            return;
        }
        Set<Selection> selections = selections(value.substring(0, end));
        byte[] text = decode(value.substring(end + 1));
        if (!selections.isEmpty() && text != null && text.length <= MOST_TEXT) {
            Consumer<ClipboardText> to = receiver;
            ClipboardText copied = new ClipboardText(selections, new String(text, StandardCharsets.UTF_8));
            pending = pending.isEmpty() ? new ArrayList<>() : pending;
            pending.add(() -> to.accept(copied));
        }
    }

    /** Letters that xterm does not have mean nothing; no letter means its default, {@code s0}. */
    private static Set<Selection> selections(String letters) {
        Set<Selection> selections = EnumSet.noneOf(Selection.class);
        if (letters.isEmpty()) {
            selections.addAll(Set.of(Selection.SELECT, Selection.CUT_BUFFER));
        }
        letters.chars().forEach(letter -> {
            switch (letter) {
                case 'c' -> selections.add(Selection.CLIPBOARD);
                case 'p' -> selections.add(Selection.PRIMARY);
                case 'q' -> selections.add(Selection.SECONDARY);
                case 's' -> selections.add(Selection.SELECT);
                default -> {
                    if (CUT_BUFFERS.indexOf(letter) >= 0) {
                        selections.add(Selection.CUT_BUFFER);
                    }
                }
            }
        });
        return selections;
    }

    /** Null if it is not Base64, see RFC 4648, section 4; the padding may be left out. */
    private static byte[] decode(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            return null; // a terminal has nowhere to report it
        }
    }

    /** What is to be delivered without a lock, in order. */
    List<Runnable> take() {
        List<Runnable> taken = pending;
        pending = List.of();
        return taken;
    }
}
