package dev.panpty.screen;

import java.util.ArrayDeque;
import java.util.Deque;

/** Which control function does what: the parser's actions on a {@link Display}. A function that is not listed here does nothing. */
final class Functions implements Parser.Actions {

    private static final int MOST_TITLES = 10;
    private static final int MOST_LINK = 2083;

    private final Display display;
    private final Answers answers;
    private final Clipboard clipboard;
    private final Runnable beforeSynchronizedOutput;
    private final Deque<String> titles = new ArrayDeque<>();
    String title = "";

    /** DECSCUSR: 0 to 6. */
    int cursorStyle;

    Functions(Display display, Answers answers, Clipboard clipboard, Runnable beforeSynchronizedOutput) {
        this.display = display;
        this.answers = answers;
        this.clipboard = clipboard;
        this.beforeSynchronizedOutput = beforeSynchronizedOutput;
    }

    @Override
    public void print(byte[] text, int from, int to) {
        display.print(text, from, to);
    }

    @Override
    public void print(int codePoint) {
        display.charsets.pass();
        display.print(codePoint);
    }

    @Override
    public void execute(int control) {
        switch (control) {
            case '\n', 0x0B, '\f' -> display.lineFeed();
            case '\r' -> display.carriageReturn();
            case '\b' -> display.backspace();
            case '\t' -> display.tab(1);
            case 0x0E -> display.charsets.shift(1);
            case 0x0F -> display.charsets.shift(0);
            case 0x84 -> display.index();
            case 0x85 -> display.nextLine();
            case 0x88 -> setTab();
            case 0x8D -> display.reverseIndex();
            case 0x8E -> display.charsets.shiftOnce(2);
            case 0x8F -> display.charsets.shiftOnce(3);
            default -> { }
        }
        display.functionDone();
    }

    private void setTab() {
        display.buffer.setTab(Math.min(display.buffer.column, display.columns() - 1));
    }

    @Override
    public void escape(int intermediate, int last) {
        switch (intermediate) {
            case 0 -> escape(last);
            case '(', ')', '*', '+' -> display.charsets.designate(intermediate - '(', last);
            case '-', '.', '/' -> display.charsets.designate(intermediate - ',', last | Charsets.SET_OF_96);
            case '%' -> selectUtf8(last);
            case '#' -> {
                if (last == '8') {
                    display.align();
                }
            }
            default -> { }
        }
        display.functionDone();
    }

    private void escape(int last) {
        switch (last) {
            case '7' -> display.saveCursor();
            case '8' -> display.restoreCursor();
            case '=' -> display.set(Mode.APPLICATION_KEYPAD, true);
            case '>' -> display.set(Mode.APPLICATION_KEYPAD, false);
            case 'D' -> display.index();
            case 'E' -> display.nextLine();
            case 'H' -> setTab();
            case 'M' -> display.reverseIndex();
            case 'N' -> display.charsets.shiftOnce(2);
            case 'O' -> display.charsets.shiftOnce(3);
            case 'c' -> {
                display.reset();
                cursorStyle = 0;
            }
            case 'n' -> display.charsets.shift(2);
            case 'o' -> display.charsets.shift(3);
            default -> { }
        }
    }

    private void selectUtf8(int last) {
        if (last == 'G' || last == '@') {
            display.charsets.shift(0);
            display.charsets.designate(0, 'B');
        }
    }

    @Override
    public void control(int prefix, Parameters parameters, int intermediate, int last) {
        switch (prefix << 16 | intermediate) {
            case 0 -> control(parameters, last);
            case '?' << 16 -> privateControl(parameters, last);
            case '>' << 16 -> {
                if (last == 'c' && parameters.get(0) == 0) {
                    answers.secondaryAttributes();
                } else if (last == 'q' && parameters.get(0) == 0) {
                    answers.version();
                }
            }
            case '?' << 16 | '$' -> {
                if (last == 'p') {
                    answers.mode(parameters.get(0), true, display);
                }
            }
            default -> withIntermediate(parameters, prefix, intermediate, last);
        }
        display.functionDone();
    }

    private void withIntermediate(Parameters parameters, int prefix, int intermediate, int last) {
        if (prefix != 0) {
            return;
        }
        int column = Math.min(display.buffer.column, display.columns() - 1);
        switch (intermediate << 8 | last) {
            case ' ' << 8 | '@' -> display.deleteColumns(0, parameters.orOne(0));
            case ' ' << 8 | 'A' -> display.insertColumns(0, parameters.orOne(0));
            case ' ' << 8 | 'q' -> setCursorStyle(parameters.get(0));
            case '!' << 8 | 'p' -> display.softReset();
            case '"' << 8 | 'q' -> protect(parameters.get(0));
            case '$' << 8 | 'p' -> answers.mode(parameters.get(0), false, display);
            case '\'' << 8 | '}' -> display.insertColumns(column, parameters.orOne(0));
            case '\'' << 8 | '~' -> display.deleteColumns(column, parameters.orOne(0));
            default -> { }
        }
    }

    private void setCursorStyle(int style) {
        if (style <= 6) {
            cursorStyle = style;
            display.set(Mode.CURSOR_BLINK, style % 2 == 1);
        }
    }

    /** DECSCA. */
    private void protect(int which) {
        if (which == 1) {
            display.pen.bits |= Pen.PROTECTED;
        } else if (which == 0 || which == 2) {
            display.pen.bits &= ~Pen.PROTECTED;
        }
    }

    private void control(Parameters parameters, int last) {
        int count = parameters.orOne(0);
        switch (last) {
            case '@' -> display.insertCharacters(count);
            case 'A' -> display.up(count);
            case 'B' -> display.down(count);
            case 'C', 'a' -> display.move(0, count);
            case 'D' -> display.move(0, -count);
            case 'E' -> {
                display.down(count);
                display.carriageReturn();
            }
            case 'F' -> {
                display.up(count);
                display.carriageReturn();
            }
            case 'G', '`' -> display.moveToColumn(count - 1);
            case 'H', 'f' -> display.moveTo(count - 1, parameters.orOne(1) - 1);
            case 'I' -> display.tab(count);
            case 'J' -> display.eraseInDisplay(parameters.get(0), false);
            case 'K' -> display.eraseInLine(parameters.get(0), false);
            case 'L' -> display.insertLines(count);
            case 'M' -> display.deleteLines(count);
            case 'P' -> display.deleteCharacters(count);
            case 'S' -> display.scrollUp(count);
            case 'T' -> display.scrollDown(count);
            case 'X' -> display.eraseCharacters(count);
            case 'Z' -> display.tabBack(count);
            case 'b' -> display.repeat(count);
            case 'c' -> {
                if (parameters.get(0) == 0) {
                    answers.primaryAttributes();
                }
            }
            case 'd' -> display.moveToRow(count - 1);
            case 'e' -> display.move(count, 0);
            case 'g' -> clearTabs(parameters.get(0));
            case 'h' -> setModes(parameters, false, true);
            case 'l' -> setModes(parameters, false, false);
            case 'm' -> display.pen.select(parameters);
            case 'n' -> answers.status(parameters.get(0), false, display);
            case 'r' -> setMargins(parameters);
            case 's' -> display.saveCursor();
            case 't' -> titleStack(parameters.get(0), parameters.get(1));
            case 'u' -> display.restoreCursor();
            default -> { }
        }
    }

    private void privateControl(Parameters parameters, int last) {
        switch (last) {
            case 'J' -> display.eraseInDisplay(parameters.get(0), true);
            case 'K' -> display.eraseInLine(parameters.get(0), true);
            case 'h' -> setModes(parameters, true, true);
            case 'l' -> setModes(parameters, true, false);
            case 'n' -> answers.status(parameters.get(0), true, display);
            default -> { }
        }
    }

    private void clearTabs(int which) {
        if (which == 0) {
            display.buffer.clearTab(Math.min(display.buffer.column, display.columns() - 1));
        } else if (which == 3) {
            display.buffer.clearTabs();
        }
    }

    private void setMargins(Parameters parameters) {
        int bottom = parameters.get(1);
        display.setMargins(parameters.orOne(0) - 1, (bottom == 0 ? display.rowCount() : Math.min(bottom, display.rowCount())) - 1);
    }

    private void setModes(Parameters parameters, boolean isPrivate, boolean on) {
        for (int i = 0; i < parameters.count(); i++) {
            if (isPrivate) {
                setPrivateMode(parameters.get(i), on);
            } else {
                Mode mode = Mode.find(parameters.get(i), false);
                if (mode != null) {
                    display.set(mode, on);
                }
            }
        }
    }

    private void setPrivateMode(int number, boolean on) {
        switch (number) {
            case 2 -> {
                if (on) {
                    display.charsets.reset();
                }
            }
            case 6 -> {
                display.set(Mode.ORIGIN, on);
                display.moveTo(0, 0);
            }
            case 47, 1047, 1049 -> setAlternate(number == 1049, on);
            case 1048 -> {
                if (on) {
                    display.saveCursor();
                } else {
                    display.restoreCursor();
                }
            }
            case 2026 -> synchronizeOutput(on);
            default -> {
                Mode mode = Mode.find(number, true);
                if (mode != null) {
                    display.modes = mode.isMouse() ? Mode.withoutMouse(display.modes) : display.modes;
                    display.set(mode, on);
                }
            }
        }
    }

    private void synchronizeOutput(boolean on) {
        if (on) {
            beforeSynchronizedOutput.run();
        }
        display.set(Mode.SYNCHRONIZED_OUTPUT, on);
    }

    private void setAlternate(boolean withCursor, boolean on) {
        if (on) {
            if (withCursor) {
                display.saveCursor();
            }
            display.showAlternate();
        } else {
            display.showMain();
            if (withCursor) {
                display.restoreCursor();
            }
        }
        display.set(Mode.ALTERNATE_SCREEN, on);
    }

    /** XTWINOPS 22 and 23; the others would move a window, or report. */
    private void titleStack(int operation, int which) {
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

    @Override
    public void operatingSystemCommand(String text) {
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
        display.functionDone();
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

    @Override
    public void deviceControl(int prefix, int intermediate, int last, String text) {
        if (prefix == 0 && intermediate == '$' && last == 'q') {
            answers.setting(text, display, cursorStyle);
        }
        display.functionDone();
    }

    @Override
    public void ignored() {
        display.functionDone();
    }

    @Override
    public int limit(CharSequence begun) {
        return clipboard.limit(begun);
    }
}
