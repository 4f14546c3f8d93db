package dev.panpty.screen;

/** The parameters of the SGR that sets a pen, from the default one on. */
final class AnsiStyle {

    private static final long[] FLAGS = {Pen.BOLD, Pen.FAINT, Pen.ITALIC, Pen.BLINK, Pen.INVERSE, Pen.INVISIBLE, Pen.STRUCK, Pen.OVERLINED};
    private static final int[] PARAMETERS = {1, 2, 3, 5, 7, 8, 9, 53};

    private AnsiStyle() {}

    static String select(long bits, int underline) {
        StringBuilder text = new StringBuilder("0");
        for (int i = 0; i < FLAGS.length; i++) {
            if ((bits & FLAGS[i]) != 0) {
                text.append(';').append(PARAMETERS[i]);
            }
        }
        int style = (int) ((bits & Pen.UNDERLINE_MASK) >> Pen.UNDERLINE_SHIFT);
        if (style == 1) {
            text.append(";4");
        } else if (style > 1) {
            text.append(";4:").append(style);
        }
        color(text, 38, (int) bits & Pen.COLOR_MASK);
        color(text, 48, (int) (bits >> Pen.BACKGROUND_SHIFT) & Pen.COLOR_MASK);
        color(text, 58, underline);
        return text.toString();
    }

    private static void color(StringBuilder text, int target, int color) {
        int value = color & Pen.VALUE_MASK;
        switch (color >> Pen.KIND_SHIFT) {
            case Pen.PALETTE -> {
                if (value < 8 && target < 58) {
                    text.append(';').append(target - 8 + value);
                } else {
                    text.append(';').append(target).append(":5:").append(value);
                }
            }
            case Pen.DIRECT -> text.append(';').append(target).append(":2::").append(value >> 16).append(':').append(value >> 8 & 0xFF)
                    .append(':').append(value & 0xFF);
            default -> { }
        }
    }
}
