package dev.panpty.model;

import dev.panpty.ExitStatus;
import dev.panpty.Signal;
import dev.panpty.TerminalAttributes;
import dev.panpty.WindowSize;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The model of one program and its terminal: the input to them, and what must follow. It does not use the library. */
final class Belief {

    /** The effect of a signal on the program. */
    enum Effect { NOTHING, REPORT, DEATH, STOP, CONTINUE }

    static final int HUP = 1;
    static final int KILL = 9;
    static final int USR1 = 10;
    static final int USR2 = 12;
    static final int TERM = 15;
    static final int CONT = 18;
    static final int WINCH = 28;

    private static final int STOP = 19;
    /** CHLD, CONT, URG, WINCH; and TSTP, TTIN, TTOU, which do not stop an orphaned process group, as that of a session leader. */
    private static final Set<Integer> HARMLESS = Set.of(17, CONT, 23, WINCH, 20, 21, 22);

    final ByteArrayOutputStream output = new ByteArrayOutputStream();
    final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    final Set<Integer> ignored = new TreeSet<>();
    final Set<Integer> caught = new TreeSet<>(Set.of(USR1, USR2));
    /** The answers to input that it has not read yet. */
    final List<String> owed = new ArrayList<>();

    Optional<ExitStatus> exit = Optional.empty();
    WindowSize size;
    TerminalAttributes attributes;
    boolean raw;
    /** It may not have read the last input, which has no answer. */
    boolean unheard;
    boolean stopped;
    boolean sleeping;
    boolean detached;
    boolean held;
    boolean outputStopped;
    boolean paused;
    boolean inputClosed;
    boolean outputClosed;
    boolean errorsClosed;
    /** We have hung up, or have begun to. */
    boolean hungUp;
    boolean ended;
    /** Output may be missing from here on. */
    boolean loose;

    Belief(Options options) {
        size = options.size();
        attributes = options.attributes();
        raw = options.raw();
    }

    boolean alive() {
        return exit.isEmpty();
    }

    boolean terminalOpen() {
        return !hungUp && !ended;
    }

    /** Its output reaches us. */
    boolean flows() {
        return !outputStopped && (!paused || outputClosed && errorsClosed);
    }

    /** It reports a caught signal at once. */
    boolean reports() {
        return alive() && terminalOpen() && !stopped && !detached && flows();
    }

    /** It executes a command at once, and answers. */
    boolean attends() {
        return reports() && !sleeping && !inputClosed;
    }

    /** Commands can be typed, though it may read them later. */
    boolean listens() {
        return alive() && terminalOpen() && !detached && !inputClosed;
    }

    /** It does not read. */
    boolean deaf() {
        return stopped || sleeping;
    }

    void answers(String text) {
        output.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    Effect effect(int signal) {
        if (signal == STOP) {
            return Effect.STOP;
        }
        if (signal != KILL && ignored.contains(signal)) {
            return signal == CONT && stopped ? Effect.CONTINUE : Effect.NOTHING;
        }
        if (signal == CONT && stopped) {
            return Effect.CONTINUE;
        }
        if (signal != KILL && caught.contains(signal)) {
            return Effect.REPORT;
        }
        return HARMLESS.contains(signal) ? Effect.NOTHING : Effect.DEATH;
    }

    /** The exit status after {@code close} and {@code terminateSession}. */
    ExitStatus ending() {
        if (hungUp && sleeping && caught.contains(TERM)) {
            return new ExitStatus.Exited(9); // it tries to report the signal, and finds the hang-up
        }
        int signal = isDefault(HUP) ? HUP : isDefault(TERM) ? TERM : KILL;
        return new ExitStatus.Signaled(new Signal(signal), false);
    }

    private boolean isDefault(int signal) {
        return !ignored.contains(signal) && !caught.contains(signal);
    }

    /** It will not answer discarded input, except the end of its input, which is not discarded. */
    void inputDiscarded(String endOfFile) {
        boolean endUnread = inputClosed && !owed.isEmpty(); // the end is the last input
        owed.clear();
        if (endUnread) {
            owed.add(endOfFile);
        }
    }

    /** It reads again, or its output is read: the owed answers are due. */
    void payUp() {
        if (!deaf() && !detached) {
            owed.forEach(this::answers);
            owed.clear();
        }
    }

    @Override
    public String toString() {
        return (alive() ? "alive" : exit.get().toString()) + (stopped ? " stopped" : "") + (sleeping ? " sleeping" : "")
                + (detached ? " detached" : "") + (held ? " held" : "") + (outputStopped ? " output stopped" : "")
                + (paused ? " paused" : "") + (inputClosed ? " input closed" : "") + (outputClosed ? " output closed" : "")
                + (errorsClosed ? " errors closed" : "") + (hungUp ? " hung up" : "") + (ended ? " ended" : "")
                + (loose ? " loose" : "") + " ignores " + ignored + " catches " + caught + " owes " + owed.size();
    }
}
