package dev.panpty.stress;

import java.util.Random;

/** The choices before a {@link ChaosLife} begins. Only the caller's thread uses the random numbers after these. */
final class ChaosPlan {

    enum Style { STREAMS, PROTOCOL, FLOW }

    enum End { EXIT, QUIT, KILL, TERM, CLOSE, CLOSE_BY_MANY, HANG_UP, ABORT, LOSE, TERMINATE_SESSION, CLOSE_REACTOR }

    final Random random;
    final Style style;
    final End end;
    final String flags;
    final int exitCode;
    final boolean keySignals;
    final boolean interruptsWriter;

    ChaosPlan(long seed) {
        random = new Random(seed);
        style = pick(Style.values());
        End wanted = pick(End.values());
        boolean fits = style != Style.STREAMS || wanted != End.LOSE && wanted != End.CLOSE_REACTOR;
        keySignals = random.nextInt(4) == 0;
        interruptsWriter = random.nextBoolean();
        boolean cutUnits = style == Style.STREAMS && interruptsWriter;
        end = !fits ? End.CLOSE : cutUnits && wanted == End.QUIT ? End.EXIT : wanted;
        flags = (keySignals ? "i" : "") + flag("h") + flag("t") + flag("g") + flag("e");
        exitCode = random.nextInt(90);
    }

    private String flag(String flag) {
        return random.nextInt(4) == 0 ? flag : "";
    }

    <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }

    boolean hasStreams() {
        return style == Style.STREAMS;
    }

    @Override
    public String toString() {
        return style + " to " + end + ", flags '" + flags + "', exit code " + exitCode + (keySignals ? ", with ISIG" : "");
    }
}
