package dev.panpty;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * A signal of Linux, see signal(7). The numbers are those of x86-64 and aarch64. Immutable, for any thread.
 *
 * @param number 1 to 64
 */
public record Signal(int number) {

    /** Hang-up: the terminal is gone. */
    public static final Signal HUP = new Signal(1);
    /** Interrupt, as typed by VINTR. */
    public static final Signal INT = new Signal(2);
    /** Quit, as typed by VQUIT. */
    public static final Signal QUIT = new Signal(3);
    /** Abort. */
    public static final Signal ABRT = new Signal(6);
    /** Kill; cannot be caught. */
    public static final Signal KILL = new Signal(9);
    /** For the program to define. */
    public static final Signal USR1 = new Signal(10);
    /** For the program to define. */
    public static final Signal USR2 = new Signal(12);
    /** Write to a pipe without a reader. */
    public static final Signal PIPE = new Signal(13);
    /** Alarm. */
    public static final Signal ALRM = new Signal(14);
    /** Termination. */
    public static final Signal TERM = new Signal(15);
    /** A child has stopped or ended. */
    public static final Signal CHLD = new Signal(17);
    /** Continue. */
    public static final Signal CONT = new Signal(18);
    /** Stop; cannot be caught. */
    public static final Signal STOP = new Signal(19);
    /** Stop, as typed by VSUSP. */
    public static final Signal TSTP = new Signal(20);
    /** The window's size has changed. */
    public static final Signal WINCH = new Signal(28);

    private static final int MAX = 64;
    /** SIGRTMIN of libc, which reserves the kernel's first two real-time signals. */
    private static final int RTMIN = 34;

    private static final String[] NAMES = {
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR",
        "SYS"
    };

    /**
     * A signal by its number.
     *
     * @throws IllegalArgumentException if the number is out of range
     */
    public Signal {
        if (number < 1 || number > MAX) {
            throw new IllegalArgumentException("a signal's number must be 1..64, was " + number);
        }
    }

    /**
     * The signal of a name as kill(1) takes it: {@code "HUP"}, {@code "SIGHUP"}, {@code "RTMIN+3"}, {@code "RTMAX-1"}.
     *
     * @param name upper or lower case, with or without {@code SIG}
     * @return the signal
     * @throws IllegalArgumentException for a name that no signal has
     */
    public static Signal of(String name) {
        String bare = requireNonNull(name, "name").toUpperCase(Locale.ROOT);
        if (bare.startsWith("SIG")) {
            bare = bare.substring(3);
        }
        for (int number = 1; number < NAMES.length; number++) {
            if (NAMES[number].equals(bare)) {
                return new Signal(number);
            }
        }
        int number = switch (bare) {
            case "IOT" -> 6;
            case "CLD" -> 17;
            case "POLL" -> 29;
            default -> realTime(bare);
        };
        if (number == 0) {
            throw new IllegalArgumentException("no signal has the name " + name);
        }
        return new Signal(number);
    }

    /** The number of RTMIN, RTMIN+n, RTMAX or RTMAX-n; 0 for anything else. */
    private static int realTime(String bare) {
        int distance = bare.length() > 6 && bare.substring(6).matches("\\d{1,2}") ? Integer.parseInt(bare.substring(6)) : 0;
        boolean up = bare.equals("RTMIN") || bare.equals("RTMIN+" + distance);
        boolean down = bare.equals("RTMAX") || bare.equals("RTMAX-" + distance);
        int number = up ? RTMIN + distance : down ? MAX - distance : 0;
        return number >= RTMIN && number <= MAX ? number : 0;
    }

    /**
     * The name without SIG, such as {@code HUP} or {@code RTMIN+3}.
     *
     * @return the name; for libc's own signals 32 and 33 their number
     */
    public String name() {
        if (number < NAMES.length) {
            return NAMES[number];
        }
        if (number < RTMIN) {
            return Integer.toString(number);
        }
        return number == RTMIN ? "RTMIN" : "RTMIN+" + (number - RTMIN);
    }

    @Override
    public String toString() {
        return "SIG" + name();
    }
}
