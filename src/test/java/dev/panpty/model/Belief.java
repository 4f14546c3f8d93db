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

/** The model of one program and its terminal: what has been said to them, and what must follow. It knows nothing of the library. */
final class Belief {

    /** What a signal does to the program. */
    enum Effect { NOTHING, REPORT, DEATH, STOP, CONTINUE }

    static final int HUP = 1;
    static final int KILL = 9;
    static final int USR1 = 10;
    static final int USR2 = 12;
    static final int TERM = 15;
    static final int CONT = 18;
    static final int WINCH = 28;

    private static final int STOP = 19;
    /** CHLD, CONT, URG, WINCH; and TSTP, TTIN, TTOU, which stop no group that is orphaned, as that of a session's leader. */
    private static final Set<Integer> HARMLESS = Set.of(17, CONT, 23, WINCH, 20, 21, 22);

    final ByteArrayOutputStream output = new ByteArrayOutputStream();
    final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    final Set<Integer> ignored = new TreeSet<>();
    final Set<Integer> caught = new TreeSet<>(Set.of(USR1, USR2));
    /** What it will answer to the input that it has not read. */
    final List<String> owed = new ArrayList<>();

    Optional<ExitStatus> exit = Optional.empty();
    WindowSize size;
    TerminalAttributes attributes;
    boolean raw;
    /** It may not have read what was typed last, to which it answers nothing. */
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
    /** We have hung up, or begun to. */
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

    /** Output comes all the way to us. */
    boolean flows() {
        return !outputStopped && (!paused || outputClosed && errorsClosed);
    }

    /** It tells at once of a signal that it catches. */
    boolean reports() {
        return alive() && terminalOpen() && !stopped && !detached && flows();
    }

    /** It does at once what it is told, and answers. */
    boolean attends() {
        return reports() && !sleeping && !inputClosed;
    }

    /** It can be told something, though it may hear it later. */
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

    /** How {@code close} and {@code terminateSession} end it. */
    ExitStatus ending() {
        if (hungUp && sleeping && caught.contains(TERM)) {
            return new ExitStatus.Exited(9); // it wants to report the signal, and finds that it is hung up
        }
        int signal = isDefault(HUP) ? HUP : isDefault(TERM) ? TERM : KILL;
        return new ExitStatus.Signaled(new Signal(signal), false);
    }

    private boolean isDefault(int signal) {
        return !ignored.contains(signal) && !caught.contains(signal);
    }

    /** What it has not read it will not answer, but for the end of its input, which is not lost. */
    void inputDiscarded(String endOfFile) {
        boolean endUnread = inputClosed && !owed.isEmpty(); // the end is the last that was typed
        owed.clear();
        if (endUnread) {
            owed.add(endOfFile);
        }
    }

    /** Reads again, or has been read: what it owes, it answers. */
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
