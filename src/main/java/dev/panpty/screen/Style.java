package dev.panpty.screen;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * What a cell looks like: the state of SGR, see ECMA-48, 8.3.117, when its character was printed. Immutable, for any thread.
 *
 * @param foreground the colour of the text
 * @param background the colour behind it; {@link Attribute#INVERSE} is not applied to either
 * @param underline how it is underlined
 * @param underlineColor the colour of the underline; the default is that of the text
 * @param attributes what else is set
 */
public record Style(Color foreground, Color background, Underline underline, Color underlineColor, Set<Attribute> attributes) {

    /** After SGR 0. */
    public static final Style DEFAULT = new Style(Color.DEFAULT, Color.DEFAULT, Underline.NONE, Color.DEFAULT, Set.of());

    /** How a cell is underlined: SGR 4:n. */
    public enum Underline {
        /** It is not. */
        NONE,
        /** SGR 4. */
        SINGLE,
        /** SGR 21. */
        DOUBLE,
        /** SGR 4:3. */
        CURLY,
        /** SGR 4:4. */
        DOTTED,
        /** SGR 4:5. */
        DASHED
    }

    /** What is on or off. */
    public enum Attribute {
        /** SGR 1. */
        BOLD(Pen.BOLD),
        /** SGR 2. */
        FAINT(Pen.FAINT),
        /** SGR 3. */
        ITALIC(Pen.ITALIC),
        /** SGR 5. */
        BLINK(Pen.BLINK),
        /** SGR 7. */
        INVERSE(Pen.INVERSE),
        /** SGR 8: the text is there and not shown. */
        INVISIBLE(Pen.INVISIBLE),
        /** SGR 9. */
        STRUCK(Pen.STRUCK),
        /** SGR 53. */
        OVERLINED(Pen.OVERLINED);

        private final long bit;

        Attribute(long bit) {
            this.bit = bit;
        }
    }

    private static final Underline[] UNDERLINES = Underline.values();
    private static final Attribute[] ATTRIBUTES = Attribute.values();

    /** A style. */
    public Style {
        Objects.requireNonNull(foreground, "foreground");
        Objects.requireNonNull(background, "background");
        Objects.requireNonNull(underline, "underline");
        Objects.requireNonNull(underlineColor, "underlineColor");
        Objects.requireNonNull(attributes, "attributes");
        attributes = Collections.unmodifiableSet(attributes.isEmpty() ? EnumSet.noneOf(Attribute.class) : EnumSet.copyOf(attributes));
    }

    static Style of(long bits, int underlineColor) {
        if ((bits & ~Pen.PROTECTED) == 0 && underlineColor == 0) {
            return DEFAULT;
        }
        EnumSet<Attribute> attributes = EnumSet.noneOf(Attribute.class);
        for (Attribute attribute : ATTRIBUTES) {
            if ((bits & attribute.bit) != 0) {
                attributes.add(attribute);
            }
        }
        return new Style(color((int) bits & Pen.COLOR_MASK), color((int) (bits >> Pen.BACKGROUND_SHIFT) & Pen.COLOR_MASK),
                UNDERLINES[(int) ((bits & Pen.UNDERLINE_MASK) >> Pen.UNDERLINE_SHIFT)], color(underlineColor), attributes);
    }

    private static Color color(int packed) {
        int value = packed & Pen.VALUE_MASK;
        return switch (packed >> Pen.KIND_SHIFT) {
            case Pen.PALETTE -> new Color.Indexed(value);
            case Pen.DIRECT -> new Color.Direct(value >> 16, value >> 8 & 0xFF, value & 0xFF);
            default -> Color.DEFAULT;
        };
    }

    /**
     * Whether an attribute is set.
     *
     * @param attribute which
     * @return true if it is set
     */
    public boolean has(Attribute attribute) {
        return attributes.contains(Objects.requireNonNull(attribute, "attribute"));
    }
}
