package dev.panpty.screen;

import java.util.Objects;

/**
 * What a cell looks like when it is drawn: inverse video applied, palette resolved.
 *
 * @param foreground 0xRRGGBB
 * @param background 0xRRGGBB
 */
record Look(int foreground, int background, long bits, int underline) {

    private static final long FLAGS = ~(Pen.PROTECTED | Pen.INVERSE | Pen.BACKGROUND_MASK | Pen.COLOR_MASK);

    static Look of(Cells row, int column) {
        long bits = row.pens[column];
        int foreground = color((int) bits & Pen.COLOR_MASK, Palette.FOREGROUND);
        int background = color((int) (bits >> Pen.BACKGROUND_SHIFT) & Pen.COLOR_MASK, Palette.BACKGROUND);
        int underline = row.underline(column) == 0 ? -1 : color(row.underline(column), foreground);
        boolean inverse = (bits & Pen.INVERSE) != 0;
        return new Look(inverse ? background : foreground, inverse ? foreground : background, bits & FLAGS, underline);
    }

    private static int color(int packed, int standard) {
        int value = packed & Pen.VALUE_MASK;
        return switch (packed >> Pen.KIND_SHIFT) {
            case Pen.PALETTE -> Palette.color(value);
            case Pen.DIRECT -> value;
            default -> standard;
        };
    }

    /** Where cells begin to look different. */
    static int runEnd(Cells row, int from, int end) {
        int at = from + 1;
        while (at < end && row.pens[at] == row.pens[from] && row.underline(at) == row.underline(from)
                && Objects.equals(row.link(at), row.link(from))) {
            at++;
        }
        return at;
    }

    static String hex(int rgb) {
        return "#" + Integer.toHexString(0x1000000 | rgb).substring(1);
    }

    boolean has(long flag) {
        return (bits & flag) != 0;
    }

    /** Declarations of CSS that differ from the default look; empty if none does. */
    String css() {
        StringBuilder css = new StringBuilder();
        declare(css, foreground != Palette.FOREGROUND, "color:" + hex(foreground));
        declare(css, background != Palette.BACKGROUND, "background:" + hex(background));
        String rest = textCss();
        return css.append(css.isEmpty() || rest.isEmpty() ? "" : ";").append(rest).toString();
    }

    /** The same without the colours. */
    String textCss() {
        StringBuilder css = new StringBuilder();
        declare(css, has(Pen.BOLD), "font-weight:bold");
        declare(css, has(Pen.FAINT), "opacity:.6");
        declare(css, has(Pen.ITALIC), "font-style:italic");
        declare(css, has(Pen.INVISIBLE), "visibility:hidden");
        int style = (int) ((bits & Pen.UNDERLINE_MASK) >> Pen.UNDERLINE_SHIFT);
        String lines = (style > 0 ? " underline" : "") + (has(Pen.STRUCK) ? " line-through" : "") + (has(Pen.OVERLINED) ? " overline" : "");
        declare(css, !lines.isEmpty(), "text-decoration-line:" + lines.strip());
        declare(css, style > 1, "text-decoration-style:" + switch (style) {
            case 2 -> "double";
            case 3 -> "wavy";
            case 4 -> "dotted";
            default -> "dashed";
        });
        declare(css, underline >= 0 && style > 0, "text-decoration-color:" + hex(Math.max(underline, 0)));
        return css.toString();
    }

    private static void declare(StringBuilder css, boolean wanted, String declaration) {
        if (wanted) {
            css.append(css.isEmpty() ? "" : ";").append(declaration);
        }
    }
}
