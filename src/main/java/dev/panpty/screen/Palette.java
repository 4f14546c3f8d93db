package dev.panpty.screen;

/** The 256 colours of xterm, as 0xRRGGBB. */
final class Palette {

    static final int SIZE = 256;
    static final int FOREGROUND = 0xE5E5E5;
    static final int BACKGROUND = 0x000000;

    private static final int[] FIRST = {
        0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
        0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
    };
    private static final int CUBE = 16;
    private static final int GREYS = 232;

    private Palette() {}

    static int color(int number) {
        if (number < CUBE) {
            return FIRST[number];
        }
        if (number >= GREYS) {
            return (8 + 10 * (number - GREYS)) * 0x010101;
        }
        int place = number - CUBE;
        return level(place / 36) << 16 | level(place / 6 % 6) << 8 | level(place % 6);
    }

    private static int level(int step) {
        return step == 0 ? 0 : 55 + 40 * step;
    }
}
