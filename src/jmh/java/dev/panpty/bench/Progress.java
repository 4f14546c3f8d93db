package dev.panpty.bench;

/** Prints the current step and the elapsed time on standard error: standard output is for the tables. Used by one thread. */
final class Progress {

    private static final long BEGIN = System.nanoTime();
    private static final int SECONDS_A_MINUTE = 60;

    /** The part that is measured, printed at the start of each line. */
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
