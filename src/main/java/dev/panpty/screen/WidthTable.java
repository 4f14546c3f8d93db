package dev.panpty.screen;

import java.util.Arrays;

/**
 * The width of each code point in columns, as wcwidth(3) gives it, by {@link WidthRuns}. The JDK's {@link Character} would be of the JDK's
 * Unicode version.
 */
final class WidthTable {

    private static final int PAGE_SHIFT = 8;
    private static final int PAGE = 1 << PAGE_SHIFT;
    private static final int PAGES = (Character.MAX_CODE_POINT + 1) / PAGE;

    /** By page of 256 code points: where its widths begin. Pages of one width share the first three places. */
    private static final int[] STARTS = new int[PAGES];
    private static final byte[] WIDTHS = expand();

    private WidthTable() {}

    /** 0, 1 or 2 columns. */
    static int width(int codePoint) {
        return WIDTHS[STARTS[codePoint >> PAGE_SHIFT] + (codePoint & PAGE - 1)];
    }

    private static byte[] expand() {
        byte[] all = new byte[PAGES * PAGE];
        int point = 0;
        int count = 0;
        for (int i = 0; i < WidthRuns.RUNS.length(); i++) {
            char next = WidthRuns.RUNS.charAt(i);
            if (next >= 'x') {
                Arrays.fill(all, point, point + count, (byte) (next - 'x'));
                point += count;
                count = 0;
            } else {
                count = count << 4 | Character.digit(next, 16);
            }
        }
        return pages(all);
    }

    private static byte[] pages(byte[] all) {
        byte[] pages = new byte[all.length];
        Arrays.fill(pages, PAGE, 2 * PAGE, (byte) 1);
        Arrays.fill(pages, 2 * PAGE, 3 * PAGE, (byte) 2);
        int end = 3 * PAGE;
        for (int page = 0; page < PAGES; page++) {
            int from = page << PAGE_SHIFT;
            int shared = all[from] * PAGE;
            if (Arrays.equals(all, from, from + PAGE, pages, shared, shared + PAGE)) {
                STARTS[page] = shared;
            } else {
                System.arraycopy(all, from, pages, end, PAGE);
                STARTS[page] = end;
                end += PAGE;
            }
        }
        return Arrays.copyOf(pages, end);
    }
}
