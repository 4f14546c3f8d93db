package dev.panpty.screen;

import java.util.ArrayDeque;
import java.util.Deque;

/** What the strings of OSC do: title, colours, links and the clipboard, see xterm's ctlseqs. One that is not listed here does nothing. */
final class StringFunctions {

    private static final int MOST_TITLES = 10;
    private static final int MOST_LINK = 2083;

    private final Display display;
    private final Answers answers;
    private final Clipboard clipboard;
    private final Deque<String> titles = new ArrayDeque<>();
    private String title = "";

    StringFunctions(Display display, Answers answers, Clipboard clipboard) {
        this.display = display;
        this.answers = answers;
        this.clipboard = clipboard;
    }

    String title() {
        return title;
    }

    /** An OSC string: its number, then what belongs to it. */
    void command(String text) {
        int end = text.indexOf(';');
        String value = text.substring(end + 1);
        switch (end < 0 ? text : text.substring(0, end)) {
            case "0", "2" -> title = end < 0 ? title : value;
            case "4" -> answers.paletteColor(value);
            case "8" -> link(value);
            case "10", "11", "12" -> answers.specialColors(text);
            case "52" -> clipboard.write(value);
            default -> { }
        }
    }

    /** OSC 8: parameters, then the URI. */
    private void link(String value) {
        int end = value.indexOf(';');
        if (end < 0) {
            return;
        }
        String uri = value.substring(end + 1);
        if (uri.isEmpty() || uri.length() > MOST_LINK) {
            display.pen.link = null;
            return;
        }
        String id = "";
        for (String parameter : value.substring(0, end).split(":")) {
            id = parameter.startsWith("id=") ? parameter.substring(3) : id;
        }
        display.pen.link = new Link(uri, id);
    }

    /** XTWINOPS 22 and 23; the others would move a window, or report. */
    void titleStack(int operation, int which) {
        if (which > 2 || which == 1) {
            return;
        }
        if (operation == 22) {
            titles.push(title);
            if (titles.size() > MOST_TITLES) {
                titles.removeLast();
            }
        } else if (operation == 23 && !titles.isEmpty()) {
            title = titles.pop();
        }
    }

    /** How long a string that begins like this may become. */
    int limit(CharSequence begun) {
        return clipboard.limit(begun);
    }
}
