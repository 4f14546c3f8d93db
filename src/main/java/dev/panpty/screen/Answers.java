package dev.panpty.screen;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * What the terminal types in answer to a query, as xterm does. No answer has text that the program has chosen, or the program could type at
 * the shell that runs after it. Without a receiver nothing is answered.
 */
final class Answers {

    private static final String ST = "\u001b\\";
    private static final String CSI = "\u001b[";
    private static final String DCS = "\u001bP";

    /** Numbers of DECRQM that are answered as fixed, with xterm's values: 3 is permanently set, 4 permanently reset. */
    private static final int PERMANENTLY_SET = 3;
    private static final int PERMANENTLY_RESET = 4;

    private static final int FOREGROUND_COMMAND = 10;
    private static final int LAST_COMMAND = 12;

    private Consumer<byte[]> receiver;

    void to(Consumer<byte[]> newReceiver) {
        receiver = newReceiver;
    }

    private void type(String answer) {
        if (receiver != null) {
            receiver.accept(answer.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** DA1: a VT220 with colours. */
    void primaryAttributes() {
        type(CSI + "?62;22c");
    }

    /** DA2: what xterm.js says. */
    void secondaryAttributes() {
        type(CSI + ">0;276;0c");
    }

    /** XTVERSION. */
    void version() {
        type(DCS + ">|panpty" + ST);
    }

    /** DSR: 5 is the state, 6 the position. */
    void status(int what, boolean isPrivate, Display display) {
        if (what == 5 && !isPrivate) {
            type(CSI + "0n");
        } else if (what == 6) {
            int row = display.buffer.row - (display.has(Mode.ORIGIN) ? display.buffer.top : 0) + 1;
            int column = Math.min(display.buffer.column, display.columns() - 1) + 1;
            type(CSI + (isPrivate ? "?" : "") + row + ";" + column + "R");
        }
    }

    /** DECRQM. */
    void mode(int number, boolean isPrivate, Display display) {
        Mode mode = Mode.find(number, isPrivate);
        int state;
        if (mode != null) {
            state = display.has(mode) ? 1 : 2;
        } else if (isPrivate) {
            state = switch (number) {
                case 47, 1047 -> display.has(Mode.ALTERNATE_SCREEN) ? 1 : 2;
                case 8 -> PERMANENTLY_SET;
                case 67, 1005, 1015 -> PERMANENTLY_RESET;
                case 1048 -> 1;
                default -> 0;
            };
        } else {
            state = number == 2 ? PERMANENTLY_RESET : number == 12 ? PERMANENTLY_SET : 0;
        }
        type(CSI + (isPrivate ? "?" : "") + number + ";" + state + "$y");
    }

    /** DECRQSS. */
    void setting(String which, Display display, int cursorStyle) {
        String value = switch (which) {
            case "m" -> AnsiStyle.select(display.pen.bits, display.pen.underline) + "m";
            case "r" -> (display.buffer.top + 1) + ";" + (display.buffer.bottom + 1) + "r";
            case " q" -> cursorStyle + " q";
            case "\"q" -> ((display.pen.bits & Pen.PROTECTED) != 0 ? 1 : 0) + "\"q";
            case "\"p" -> "62;1\"p";
            default -> null;
        };
        type(value == null ? DCS + "0$r" + ST : DCS + "1$r" + value + ST);
    }

    /** OSC 4: pairs of number and ?. A colour that is set is not kept. */
    void paletteColor(String text) {
        String[] parts = text.split(";");
        for (int i = 0; i + 1 < parts.length; i += 2) {
            if (parts[i + 1].equals("?") && parts[i].matches("\\d{1,3}") && Integer.parseInt(parts[i]) < Palette.SIZE) {
                int number = Integer.parseInt(parts[i]);
                type("\u001b]4;" + number + ";" + color(Palette.color(number)) + ST);
            }
        }
    }

    /** OSC 10, 11 and 12: foreground, background and cursor; one command may ask for those that follow, too. */
    void specialColors(String text) {
        String[] parts = text.split(";");
        int first = Integer.parseInt(parts[0]);
        for (int i = 1; i < parts.length && first + i - 1 <= LAST_COMMAND; i++) {
            int number = first + i - 1;
            if (parts[i].equals("?")) {
                int color = number == FOREGROUND_COMMAND + 1 ? Palette.BACKGROUND : Palette.FOREGROUND;
                type("\u001b]" + number + ";" + color(color) + ST);
            }
        }
    }

    private static String color(int rgb) {
        StringBuilder text = new StringBuilder("rgb:");
        for (int shift = 16; shift >= 0; shift -= 8) {
            String hex = Integer.toHexString(0x100 | rgb >> shift & 0xFF).substring(1);
            text.append(hex).append(hex).append(shift == 0 ? "" : "/");
        }
        return text.toString();
    }
}
