package dev.panpty.junit;

import java.util.ArrayList;
import java.util.List;

/** The lines that differ between two texts, by a longest common subsequence. */
final class LineDiff {

    private static final int CONTEXT = 1;
    private static final int MOST_CELLS = 4_000_000;

    private final List<String> expected;
    private final List<String> actual;

    private LineDiff(List<String> expected, List<String> actual) {
        this.expected = expected;
        this.actual = actual;
    }

    /** Lines of the expected text begin with {@code -}, those of the actual one with {@code +}, those of both with a blank. */
    static String of(String expected, String actual) {
        return String.join("\n", shortened(new LineDiff(expected.lines().toList(), actual.lines().toList()).all()));
    }

    private List<String> all() {
        int same = 0;
        int most = Math.min(expected.size(), actual.size());
        while (same < most && expected.get(same).equals(actual.get(same))) {
            same++;
        }
        int sameEnd = 0;
        while (sameEnd < most - same && expected.get(expected.size() - 1 - sameEnd).equals(actual.get(actual.size() - 1 - sameEnd))) {
            sameEnd++;
        }
        List<String> lines = new ArrayList<>();
        expected.subList(0, same).forEach(line -> lines.add(" " + line));
        lines.addAll(between(expected.subList(same, expected.size() - sameEnd), actual.subList(same, actual.size() - sameEnd)));
        expected.subList(expected.size() - sameEnd, expected.size()).forEach(line -> lines.add(" " + line));
        return lines;
    }

    private static List<String> between(List<String> left, List<String> right) {
        List<String> lines = new ArrayList<>();
        int[][] common = (long) left.size() * right.size() > MOST_CELLS ? new int[0][0] : lengths(left, right);
        int i = 0;
        int j = 0;
        while (common.length > 0 && i < left.size() && j < right.size()) {
            if (left.get(i).equals(right.get(j))) {
                lines.add(" " + left.get(i++));
                j++;
            } else if (common[i + 1][j] >= common[i][j + 1]) {
                lines.add("-" + left.get(i++));
            } else {
                lines.add("+" + right.get(j++));
            }
        }
        left.subList(i, left.size()).forEach(line -> lines.add("-" + line));
        right.subList(j, right.size()).forEach(line -> lines.add("+" + line));
        return lines;
    }

    /** Of the longest common subsequences of what is behind each pair of places. */
    private static int[][] lengths(List<String> left, List<String> right) {
        int[][] common = new int[left.size() + 1][right.size() + 1];
        for (int i = left.size() - 1; i >= 0; i--) {
            for (int j = right.size() - 1; j >= 0; j--) {
                common[i][j] = left.get(i).equals(right.get(j)) ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    /** What differs, with a line before and behind, and "..." for what is left out. */
    private static List<String> shortened(List<String> all) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            boolean near = false;
            for (int at = Math.max(i - CONTEXT, 0); at <= Math.min(i + CONTEXT, all.size() - 1); at++) {
                near |= all.get(at).charAt(0) != ' ';
            }
            if (near) {
                lines.add(all.get(i));
            } else if (lines.isEmpty() || !lines.getLast().equals(" ...")) {
                lines.add(" ...");
            }
        }
        return lines;
    }
}
