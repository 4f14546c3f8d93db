package dev.panpty.bench;

/** What the benchmark does now, and for how long it has run, on standard error: standard output is for the tables. Used by one thread. */
final class Progress {

    private static final long BEGIN = System.nanoTime();
    private static final int SECONDS_A_MINUTE = 60;

    /** The part of the whole that is measured, as the head of each line. */
    private static String part = "";

    private Progress() {}

    static void begin(String newPart) {
        part = newPart;
    }

    static void say(String what) {
        long seconds = (System.nanoTime() - BEGIN) / 1_000_000_000;
        System.err.printf("%3d:%02d  %s: %s%n", seconds / SECONDS_A_MINUTE, seconds % SECONDS_A_MINUTE, part, what);
    }
}
