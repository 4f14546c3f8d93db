package dev.panpty.stress;

import dev.panpty.PtyProcess;
import dev.panpty.Signal;
import dev.panpty.testing.Await;
import dev.panpty.testing.Leaks;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;

/** The child of a {@link ChaosLife}, and the actions on it. The caller's thread writes the fields; all threads read the volatile ones. */
final class ChaosChild {

    static final int MAX_PADDING = 2000;
    static final long MAX_PENDING_BYTES = 256 * 1024;
    static final long MAX_PAUSE_NANOS = 10_000_000;
    /** Units carry the number of their writer: the caller, then the helper threads. */
    static final int OWN_WRITER = 0;
    /** Only a hang takes longer. */
    private static final Duration PROMPT = Duration.ofSeconds(10);

    final PtyProcess process;
    volatile boolean ending;
    volatile boolean inputClosed;
    boolean outputClosed;
    boolean stopped;

    ChaosChild(PtyProcess process) {
        this.process = process;
    }

    /** Types a signal key or VEOF by its method. */
    void type(Random choices) throws IOException {
        switch (choices.nextInt(4)) {
            case 0 -> process.interrupt();
            case 1 -> process.quit();
            case 2 -> process.suspend();
            default -> process.sendEndOfFile();
        }
    }

    void goOn() throws IOException {
        process.signal(Signal.CONT);
        stopped = false;
    }

    /** Runs an action that may be refused after the child has exited. */
    void unlessOver(Leaks.Body action) throws Exception {
        try {
            action.run();
        } catch (IOException | IllegalStateException refused) {
            awaitOver(refused);
        }
    }

    /** Fails unless the exit explains the refusal. */
    void awaitOver(Exception refused) throws Exception {
        if (!ending && !inputClosed && !Await.within(PROMPT, () -> !process.isAlive())) {
            throw new AssertionError("refused, though nothing is closed and the child runs", refused);
        }
    }

    @Override
    public String toString() {
        return process + (stopped ? ", stopped" : "") + (inputClosed ? ", input closed" : "") + (outputClosed ? ", output closed" : "");
    }
}
