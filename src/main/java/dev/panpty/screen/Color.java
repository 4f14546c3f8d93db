package dev.panpty.screen;

/** A colour as a program sets it, by SGR. Immutable, for any thread. */
public sealed interface Color {

    /** The terminal's own colour: SGR 39, 49 and 59. */
    Color DEFAULT = new Default();

    /** The terminal's own colour. */
    record Default() implements Color {}

    /**
     * A colour of the palette: SGR 30 to 37, 90 to 97 and 38:5.
     *
     * @param index 0 to 255: 8 colours, 8 bright ones, a cube of 216 and 24 greys
     */
    record Indexed(int index) implements Color {

        /**
         * A colour of the palette.
         *
         * @throws IllegalArgumentException for an index that is out of range
         */
        public Indexed {
            Checks.range("index", index, 0, Palette.SIZE - 1);
        }
    }

    /**
     * A direct colour: SGR 38:2.
     *
     * @param red 0 to 255
     * @param green 0 to 255
     * @param blue 0 to 255
     */
    record Direct(int red, int green, int blue) implements Color {

        /**
         * A direct colour.
         *
         * @throws IllegalArgumentException for a part that is out of range
         */
        public Direct {
            Checks.range("red", red, 0, 255);
            Checks.range("green", green, 0, 255);
            Checks.range("blue", blue, 0, 255);
        }
    }

    /**
     * A colour of the palette.
     *
     * @param index 0 to 255
     * @return the colour
     * @throws IllegalArgumentException for an index that is out of range
     */
    static Color indexed(int index) {
        return new Indexed(index);
    }

    /**
     * A direct colour.
     *
     * @param red 0 to 255
     * @param green 0 to 255
     * @param blue 0 to 255
     * @return the colour
     * @throws IllegalArgumentException for a part that is out of range
     */
    static Color direct(int red, int green, int blue) {
        return new Direct(red, green, blue);
    }
}
