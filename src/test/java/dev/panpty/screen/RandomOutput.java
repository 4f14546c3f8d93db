package dev.panpty.screen;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Output as a program might write it: text, controls and sequences at random. What belongs to a {@link Difference} is left out unless asked for. */
final class RandomOutput {

    private static final int MOST_TOKENS = 40;
    private static final String WIDE = "漢字かなカ한글中国語ｗ＃";
    private static final String NARROW = "éßñ☃─│αβжЖ€…";
    private static final String MARKS = "\u0301\u0308\u0323\u20dd\u3099\u200d\ufe0f";
    private static final int[] EMOJI = {0x1F600, 0x1F680, 0x1F44D, 0x2705};
    private static final String CHARSETS = "0AB5CRQKYE6ZH7=";

    private final Random random;
    private final int rows;
    private final int columns;
    private final Set<Difference> leftIn;
    private final StringBuilder out = new StringBuilder();
    private boolean protectedPen;

    /** Whether DECSC is used; then none of the states that xterm.js does not save. */
    private final boolean saving;
    private boolean autowrap = true;

    RandomOutput(Random random, int rows, int columns, Set<Difference> leftIn, boolean withHistory) {
        this.random = random;
        this.rows = rows;
        this.columns = columns;
        this.leftIn = leftIn;
        saving = !withHistory && random.nextBoolean(); // xterm.js saves the row of the history
    }

    /** Tokens, which make sense in any selection. */
    List<String> next() {
        List<String> tokens = new ArrayList<>();
        int count = 1 + random.nextInt(MOST_TOKENS);
        for (int i = 0; i < count; i++) {
            out.setLength(0);
            token();
            tokens.add(out.toString());
        }
        return tokens;
    }

    private void token() {
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> text();
            case 4 -> lineControl();
            case 5, 6 -> cursor();
            case 7 -> erase();
            case 8 -> edit();
            case 9, 10 -> style();
            case 11 -> modes();
            case 12 -> margins();
            case 13 -> tabs();
            case 14 -> states();
            default -> odd();
        }
        for (Difference difference : leftIn) {
            if (random.nextInt(12) == 0) {
                out.append(difference.token(random));
            }
        }
    }

    private void text() {
        int length = random.nextInt(4) == 0 ? columns + random.nextInt(columns) : 1 + random.nextInt(8);
        for (int i = 0; i < length; i++) {
            switch (random.nextInt(14) + (autowrap ? 0 : 6)) {
                case 0 -> out.append(pick(WIDE));
                case 1 -> out.append(pick(NARROW));
                case 2 -> out.append(' ');
                case 3 -> out.append((char) ('a' + random.nextInt(26))).append(pick(MARKS));
                case 4 -> out.append(pick(WIDE)).append(pick(MARKS));
                case 5 -> out.appendCodePoint(EMOJI[random.nextInt(EMOJI.length)]);
                case 6 -> out.append((char) (0x21 + random.nextInt(0x5E)));
                default -> out.append((char) ('a' + random.nextInt(26)));
            }
        }
        if (random.nextInt(6) == 0) {
            csi(random.nextInt(2 * columns) + "b");
        }
    }

    private char pick(String text) {
        return text.charAt(random.nextInt(text.length()));
    }

    private void csi(String rest) {
        out.append("\u001b[").append(rest);
    }

    private int number(int most) {
        return random.nextInt(most + 3);
    }

    private void lineControl() {
        switch (random.nextInt(9)) {
            case 0 -> out.append('\n');
            case 1 -> out.append("\r\n");
            case 2 -> out.append('\r');
            case 3 -> out.append('\b');
            case 4 -> out.append('\t');
            case 5 -> out.append("\u001bM");
            case 6 -> out.append("\u001bD");
            case 7 -> out.append("\u001bE");
            default -> out.append(random.nextBoolean() ? "\u000b" : "\u0084");
        }
    }

    private void cursor() {
        String last = random.nextInt(3) == 0 ? "H" : String.valueOf(pick("ABCDEFGHade`f"));
        csi(switch (last) {
            case "H", "f" -> number(rows) + ";" + number(columns) + last;
            case "A", "B", "E", "F", "d", "e" -> number(rows) + last;
            default -> number(columns) + last;
        });
    }

    private void erase() {
        switch (random.nextInt(4)) {
            case 0 -> csi(random.nextInt(5) + "J");
            case 1, 2 -> csi((random.nextInt(4) == 0 ? "" : random.nextInt(3)) + "K");
            default -> csi(number(columns) + "X");
        }
    }

    private void edit() {
        String last = String.valueOf(pick("@PLMST"));
        if (last.equals("T")) {
            csi("49m");
        }
        csi(switch (last) {
            case "@", "P" -> number(columns) + last;
            default -> number(rows) + last;
        });
        if (random.nextInt(6) == 0) {
            csi(number(4) + (random.nextBoolean() ? " @" : " A"));
        }
        if (random.nextInt(6) == 0) {
            csi(1 + random.nextInt(columns) + "G");
            csi(number(4) + (random.nextBoolean() ? "'}" : "'~"));
        }
    }

    private void style() {
        int count = 1 + random.nextInt(3);
        StringBuilder parameters = new StringBuilder();
        for (int i = 0; i < count; i++) {
            parameters.append(i == 0 ? "" : ";").append(switch (random.nextInt(10)) {
                case 0 -> protectedPen ? "1" : "0";
                case 1 -> String.valueOf(30 + random.nextInt(8));
                case 2 -> String.valueOf((random.nextInt(3) == 0 ? 49 : 40 + random.nextInt(8)));
                case 3 -> String.valueOf(90 + random.nextInt(18));
                case 4 -> "38;5;" + random.nextInt(256);
                case 5 -> "48;2;" + random.nextInt(256) + ";" + random.nextInt(256) + ";" + random.nextInt(256);
                case 6 -> (random.nextBoolean() ? 38 : 48) + ":2::" + random.nextInt(256) + ":" + random.nextInt(256) + ":" + random.nextInt(256);
                case 7 -> saving ? "4" : "4:" + random.nextInt(7);
                case 8 -> saving ? "7" : "58:5:" + random.nextInt(256);
                default -> String.valueOf(saving && random.nextInt(2) == 0 ? 39 : 1 + random.nextInt(29));
            });
        }
        String text = parameters.toString();
        csi(text + "m");
    }

    private void modes() {
        boolean on = random.nextBoolean();
        csi(switch (random.nextInt(8)) {
            case 0 -> "4";
            case 1 -> {
                autowrap = on;
                yield "?7";
            }
            case 2 -> "?25";
            case 3 -> "?45";
            case 4 -> saving ? "?1049" : "?47";
            case 5 -> "?47";
            case 6 -> "?1047";
            default -> "20";
        } + (on ? "h" : "l"));
    }

    private void margins() {
        int top = 1 + random.nextInt(rows);
        csi(random.nextInt(3) == 0 ? "r" : top + ";" + (top + random.nextInt(rows)) + "r");
    }

    private void tabs() {
        switch (random.nextInt(5)) {
            case 0 -> {
                csi(1 + random.nextInt(columns) + "G");
                out.append("\u001bH");
            }
            case 1 -> {
                csi(1 + random.nextInt(columns) + "G");
                csi(random.nextInt(4) == 0 ? "3g" : "g");
            }
            case 2 -> csi(number(3) + "I");
            case 3 -> csi(number(3) + "Z");
            default -> out.append('\t');
        }
    }

    private void states() {
        switch (random.nextInt(9)) {
            case 0 -> out.append("\u001b[m\u001b[r\u001b[0\"q\u001b#8");
            case 1 -> out.append(saving ? "" : "\u001b" + pick("()*+") + pick(CHARSETS));
            case 2 -> out.append(saving ? "" : random.nextBoolean() ? "\u000e" : "\u000f");
            case 3 -> out.append(saving ? "" : "\u001b" + pick("no"));
            case 4 -> {
                autowrap = true;
                csi("20l");
                csi("!p");
            }
            case 5 -> {
                if (random.nextInt(4) == 0) {
                    autowrap = true;
                    csi("20l");
                    out.append("\u001bc");
                }
            }
            case 6 -> {
                csi((random.nextBoolean() ? 1 : 0) + "\"q");
                protectedPen = true;
            }
            case 7 -> csi("?" + random.nextInt(3) + (random.nextBoolean() ? "J" : "K"));
            default -> out.append(saving ? random.nextBoolean() ? "\u001b7" : "\u001b8" : "");
        }
    }

    private void odd() {
        out.append(switch (random.nextInt(14)) {
            case 0 -> "\u001b]0;title\u0007";
            case 1 -> "\u001b]2;t\u001b\\";
            case 2 -> "\u001bP$qm\u001b\\";
            case 3 -> "\u001b_apc\u001b\\";
            case 4 -> "\u001b^pm\u009c";
            case 5 -> "\u001b[3\u0018";
            case 6 -> "\u001b[>4;2m";
            case 7 -> "\u001b[?1;2;3$z";
            case 8 -> "\u001b[1;2<q";
            case 9 -> "\u001b[3\u001b[A";
            case 10 -> "\u001b(\u001b[C";
            case 11 -> "\u001b[" + "1;".repeat(40) + "3m";
            case 12 -> "\u001b]8;;http://a.b\u001b\\link\u001b]8;;\u001b\\";
            default -> "\u009b2;2H\u0085";
        });
    }
}
