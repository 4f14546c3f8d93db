package dev.panpty.screen;

/**
 * What new characters look like: the state of SGR, of OSC 8 and of DECSCA. {@link #bits} has all but the underline's colour and the link:
 *
 * <pre>
 *   0-23 foreground, 24-25 its kind; 26-49 background, 50-51 its kind; 52-63 flags, of these 55-57 the style of the underline
 * </pre>
 */
final class Pen {

    static final int DEFAULT = 0;
    static final int PALETTE = 1;
    static final int DIRECT = 2;

    static final int KIND_SHIFT = 24;
    static final int VALUE_MASK = (1 << KIND_SHIFT) - 1;
    static final int COLOR_MASK = (1 << 26) - 1;
    static final int BACKGROUND_SHIFT = 26;
    static final long BACKGROUND_MASK = (long) COLOR_MASK << BACKGROUND_SHIFT;

    static final long BOLD = 1L << 52;
    static final long FAINT = 1L << 53;
    static final long ITALIC = 1L << 54;
    static final int UNDERLINE_SHIFT = 55;
    static final long UNDERLINE_MASK = 7L << UNDERLINE_SHIFT;
    static final long BLINK = 1L << 58;
    static final long INVERSE = 1L << 59;
    static final long INVISIBLE = 1L << 60;
    static final long STRUCK = 1L << 61;
    static final long OVERLINED = 1L << 62;
    static final long PROTECTED = 1L << 63;

    private static final int BRIGHT = 8;
    private static final int BYTE = 0xFF;

    long bits;
    int underline;
    Link link;

    void set(Pen other) {
        bits = other.bits;
        underline = other.underline;
        link = other.link;
    }

    void reset() {
        bits = 0;
        underline = 0;
        link = null;
    }

    /** Erased cells keep the background, as terminfo(5), back_color_erase, says of xterm. */
    void setErasing(Pen other) {
        bits = other.bits & BACKGROUND_MASK;
        underline = 0;
        link = null;
    }

    /** SGR, see ECMA-48, 8.3.117. */
    void select(Parameters parameters) {
        for (int i = 0; i < parameters.count(); i++) {
            int value = parameters.get(i);
            if (value == 38 || value == 48 || value == 58) {
                i += color(parameters, i);
            } else if (value == 4) {
                underline(parameters.subCount(i) == 0 ? 1 : parameters.sub(i, 0));
            } else {
                select(value);
            }
        }
    }

    private void select(int value) {
        switch (value) {
            case 0 -> {
                bits &= PROTECTED;
                underline = 0;
            }
            case 1 -> bits |= BOLD;
            case 2 -> bits |= FAINT;
            case 3 -> bits |= ITALIC;
            case 5 -> bits |= BLINK;
            case 7 -> bits |= INVERSE;
            case 8 -> bits |= INVISIBLE;
            case 9 -> bits |= STRUCK;
            case 21 -> underline(2);
            case 22 -> bits &= ~(BOLD | FAINT);
            case 23 -> bits &= ~ITALIC;
            case 24 -> underline(0);
            case 25 -> bits &= ~BLINK;
            case 27 -> bits &= ~INVERSE;
            case 28 -> bits &= ~INVISIBLE;
            case 29 -> bits &= ~STRUCK;
            case 39 -> foreground(0);
            case 49 -> background(0);
            case 53 -> bits |= OVERLINED;
            case 55 -> bits &= ~OVERLINED;
            case 59 -> underline = 0;
            default -> palette(value);
        }
    }

    private void palette(int value) {
        if (value >= 30 && value <= 37) {
            foreground(PALETTE << KIND_SHIFT | value - 30);
        } else if (value >= 40 && value <= 47) {
            background(PALETTE << KIND_SHIFT | value - 40);
        } else if (value >= 90 && value <= 97) {
            foreground(PALETTE << KIND_SHIFT | value - 90 + BRIGHT);
        } else if (value >= 100 && value <= 107) {
            background(PALETTE << KIND_SHIFT | value - 100 + BRIGHT);
        }
    }

    private void foreground(int color) {
        bits = bits & ~COLOR_MASK | color;
    }

    private void background(int color) {
        bits = bits & ~BACKGROUND_MASK | (long) color << BACKGROUND_SHIFT;
    }

    private void underline(int style) {
        int known = style < 0 || style > 5 ? 1 : style;
        bits = bits & ~UNDERLINE_MASK | (long) known << UNDERLINE_SHIFT;
    }

    /**
     * 38, 48 and 58 with colons, 38:5:n, 38:2::r:g:b and 38:2:r:g:b, or with semicolons, 38;5;n and 38;2;r;g;b.
     *
     * @return how many further parameters it takes
     */
    private int color(Parameters parameters, int at) {
        int subs = parameters.subCount(at);
        if (subs > 0) {
            int kind = parameters.sub(at, 0);
            int first = kind == 5 ? 1 : subs >= 5 ? 2 : 1;
            apply(parameters.get(at), kind, sub(parameters, at, first), sub(parameters, at, first + 1), sub(parameters, at, first + 2));
            return 0;
        }
        int kind = parameters.get(at + 1);
        int taken = kind == 5 ? 2 : kind == 2 ? 4 : 1;
        apply(parameters.get(at), kind, parameters.get(at + 2), parameters.get(at + 3), parameters.get(at + 4));
        return taken;
    }

    private static int sub(Parameters parameters, int at, int number) {
        return number < parameters.subCount(at) ? Math.max(parameters.sub(at, number), 0) : 0;
    }

    private void apply(int target, int kind, int first, int second, int third) {
        if (kind != 5 && kind != 2) {
            return;
        }
        int color = kind == 5 ? PALETTE << KIND_SHIFT | first & BYTE
                : DIRECT << KIND_SHIFT | (first & BYTE) << 16 | (second & BYTE) << 8 | third & BYTE;
        switch (target) {
            case 38 -> foreground(color);
            case 48 -> background(color);
            default -> underline = color;
        }
    }
}
