package dev.panpty.screen;

/** Which control function does what: the parser's actions on a {@link Display}. A function that is not listed here does nothing. */
final class Functions implements Parser.Actions {

    private final Display display;
    private final Printer printer;
    private final Movement movement;
    private final Editing editing;
    private final ModeFunctions modes;
    private final Answers answers;
    private final StringFunctions strings;

    /** DECSCUSR: 0 to 6. */
    int cursorStyle;

    Functions(Display display, Answers answers, Clipboard clipboard, Runnable beforeSynchronizedOutput) {
        this.display = display;
        this.answers = answers;
        printer = new Printer(display);
        movement = new Movement(display);
        editing = new Editing(display);
        strings = new StringFunctions(display, answers, clipboard);
        modes = new ModeFunctions(display, movement, beforeSynchronizedOutput);
    }

    /** Of the window, by OSC 0 and 2. */
    String title() {
        return strings.title();
    }

    /** A new size: no character comes before what follows. */
    void resize(int rows, int columns) {
        display.resize(rows, columns);
        printer.functionDone();
    }

    @Override
    public void print(byte[] text, int from, int to) {
        printer.print(text, from, to);
    }

    @Override
    public void print(int codePoint) {
        display.charsets.pass();
        printer.print(codePoint);
    }

    @Override
    public void execute(int control) {
        switch (control) {
            case '\n', 0x0B, '\f' -> movement.lineFeed();
            case '\r' -> movement.carriageReturn();
            case '\b' -> movement.backspace();
            case '\t' -> movement.tab(1);
            case 0x0E -> display.charsets.shift(1);
            case 0x0F -> display.charsets.shift(0);
            case 0x84 -> movement.index();
            case 0x85 -> movement.nextLine();
            case 0x88 -> setTab();
            case 0x8D -> movement.reverseIndex();
            case 0x8E -> display.charsets.shiftOnce(2);
            case 0x8F -> display.charsets.shiftOnce(3);
            default -> { }
        }
        printer.functionDone();
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
                    editing.align();
                }
            }
            default -> { }
        }
        printer.functionDone();
    }

    private void escape(int last) {
        switch (last) {
            case '7' -> movement.saveCursor();
            case '8' -> movement.restoreCursor();
            case '=' -> display.set(Mode.APPLICATION_KEYPAD, true);
            case '>' -> display.set(Mode.APPLICATION_KEYPAD, false);
            case 'D' -> movement.index();
            case 'E' -> movement.nextLine();
            case 'H' -> setTab();
            case 'M' -> movement.reverseIndex();
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
        printer.functionDone();
    }

    private void withIntermediate(Parameters parameters, int prefix, int intermediate, int last) {
        if (prefix != 0) {
            return;
        }
        int column = Math.min(display.buffer.column, display.columns() - 1);
        switch (intermediate << 8 | last) {
            case ' ' << 8 | '@' -> editing.deleteColumns(0, parameters.orOne(0));
            case ' ' << 8 | 'A' -> editing.insertColumns(0, parameters.orOne(0));
            case ' ' << 8 | 'q' -> setCursorStyle(parameters.get(0));
            case '!' << 8 | 'p' -> display.softReset();
            case '"' << 8 | 'q' -> protect(parameters.get(0));
            case '$' << 8 | 'p' -> answers.mode(parameters.get(0), false, display);
            case '\'' << 8 | '}' -> editing.insertColumns(column, parameters.orOne(0));
            case '\'' << 8 | '~' -> editing.deleteColumns(column, parameters.orOne(0));
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
            case '@' -> editing.insertCharacters(count);
            case 'A' -> movement.up(count);
            case 'B' -> movement.down(count);
            case 'C', 'a' -> movement.move(0, count);
            case 'D' -> movement.move(0, -count);
            case 'E' -> {
                movement.down(count);
                movement.carriageReturn();
            }
            case 'F' -> {
                movement.up(count);
                movement.carriageReturn();
            }
            case 'G', '`' -> movement.moveToColumn(count - 1);
            case 'H', 'f' -> movement.moveTo(count - 1, parameters.orOne(1) - 1);
            case 'I' -> movement.tab(count);
            case 'J' -> editing.eraseInDisplay(parameters.get(0), false);
            case 'K' -> editing.eraseInLine(parameters.get(0), false);
            case 'L' -> editing.insertLines(count);
            case 'M' -> editing.deleteLines(count);
            case 'P' -> editing.deleteCharacters(count);
            case 'S' -> editing.scrollUp(count);
            case 'T' -> editing.scrollDown(count);
            case 'X' -> editing.eraseCharacters(count);
            case 'Z' -> movement.tabBack(count);
            case 'b' -> printer.repeat(count);
            case 'c' -> {
                if (parameters.get(0) == 0) {
                    answers.primaryAttributes();
                }
            }
            case 'd' -> movement.moveToRow(count - 1);
            case 'e' -> movement.move(count, 0);
            case 'g' -> clearTabs(parameters.get(0));
            case 'h' -> modes.set(parameters, false, true);
            case 'l' -> modes.set(parameters, false, false);
            case 'm' -> display.pen.select(parameters);
            case 'n' -> answers.status(parameters.get(0), false, display);
            case 'r' -> setMargins(parameters);
            case 's' -> movement.saveCursor();
            case 't' -> strings.titleStack(parameters.get(0), parameters.get(1));
            case 'u' -> movement.restoreCursor();
            default -> { }
        }
    }

    private void privateControl(Parameters parameters, int last) {
        switch (last) {
            case 'J' -> editing.eraseInDisplay(parameters.get(0), true);
            case 'K' -> editing.eraseInLine(parameters.get(0), true);
            case 'h' -> modes.set(parameters, true, true);
            case 'l' -> modes.set(parameters, true, false);
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
        movement.setMargins(parameters.orOne(0) - 1, (bottom == 0 ? display.rowCount() : Math.min(bottom, display.rowCount())) - 1);
    }

    @Override
    public void operatingSystemCommand(String text) {
        strings.command(text);
        printer.functionDone();
    }

    @Override
    public void deviceControl(int prefix, int intermediate, int last, String text) {
        if (prefix == 0 && intermediate == '$' && last == 'q') {
            answers.setting(text, display, cursorStyle);
        }
        printer.functionDone();
    }

    @Override
    public void ignored() {
        printer.functionDone();
    }

    @Override
    public int limit(CharSequence begun) {
        return strings.limit(begun);
    }
}
