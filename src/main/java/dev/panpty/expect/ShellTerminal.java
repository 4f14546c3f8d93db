package dev.panpty.expect;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The terminal of a shell during one command: its output, what is typed, and whether the shell is at its prompt. One thread at a time.
 *
 * <pre>
 *   the shell runs --exit--> exited: unread output may be left, and another process may go on writing
 *   output comes --read gives -1--> the output has ended
 * </pre>
 */
final class ShellTerminal {

    static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    static final long MOST_POLL = 25 * MILLI;

    private static final long LEAST_POLL = 2 * MILLI;
    private static final long GENUINE = 100 * MILLI; // a mark is of the prompt if its modes are there by then
    private static final long PROMPT_LIMIT = 5000 * MILLI;
    private static final long INTERRUPT_AGAIN = 500 * MILLI;
    private static final int ROOM = 64 * 1024;
    private static final Duration STATUS_WAIT = Duration.ofSeconds(2);

    private final PtyProcess process;
    private final Dialect dialect;
    private final Callers callers;
    private ShellOutput output;
    private boolean outputEnded;
    private long outputNanos = System.nanoTime();
    private long poll = LEAST_POLL;

    ShellTerminal(PtyProcess process, Dialect dialect, Callers callers) {
        this.process = process;
        this.dialect = dialect;
        this.callers = callers;
        output = new ShellOutput(dialect.nonces());
    }

    PtyProcess process() {
        return process;
    }

    /** Since {@link #begin}. */
    ShellOutput output() {
        return output;
    }

    /** What has come so far does not count. */
    void begin() {
        output = new ShellOutput(dialect.nonces());
        outputNanos = System.nanoTime();
    }

    boolean hasOutputEnded() {
        return outputEnded;
    }

    boolean hasEnded() {
        return outputEnded || process.exitStatus().isPresent();
    }

    ExitStatus exitStatus() throws InterruptedException {
        process.waitFor(STATUS_WAIT);
        return process.exitStatus().orElseGet(() -> new ExitStatus.Unknown("the output of the shell has ended"));
    }

    /** How long nothing has come. */
    long quietNanos() {
        return System.nanoTime() - outputNanos;
    }

    void type(String keys) throws IOException {
        callers.enter();
        try {
            process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        } finally {
            leave();
        }
    }

    /** {@link #read}, within a time that grows while nothing comes. */
    boolean poll(long most) throws IOException, InterruptedException {
        boolean there = read(Math.clamp(most, 0, poll));
        poll = there ? LEAST_POLL : Math.min(poll + poll / 2, MOST_POLL);
        return there;
    }

    /** Reads what comes within a time; whether there was output, or its end. */
    boolean read(long nanos) throws IOException, InterruptedException {
        boolean there;
        callers.enter();
        try {
            there = process.awaitOutput(Duration.ofNanos(nanos));
        } finally {
            leave();
        }
        if (there && !outputEnded) {
            byte[] target = output.room(ROOM);
            int count = process.getInputStream().read(target, output.count(), ROOM);
            outputEnded = count < 0;
            output.accept(Math.max(count, 0));
            outputNanos = System.nanoTime();
        }
        return there;
    }

    private void leave() throws IOException {
        if (callers.leave()) {
            throw new IOException("the shell was closed");
        }
    }

    /** What an exited shell has written; another holder of its terminal may go on, and does not count. */
    void readRest() throws IOException, InterruptedException {
        long limit = System.nanoTime() + GENUINE;
        while (!outputEnded && System.nanoTime() - limit < 0 && read(LEAST_POLL)) {
            continue;
        }
    }

    /** Modes of a line editor at its prompt, and its group in the foreground. */
    boolean isAtPrompt() throws IOException {
        return process.foregroundProcessGroup().orElse(0) == process.pid()
                && (!dialect.hasEditor() || dialect.isEditing(process.attributes()));
    }

    /** Whether the mark that has come is the prompt's: it is at its prompt, or soon, unless it ends. */
    boolean isMarkGenuine() throws IOException, InterruptedException {
        long limit = System.nanoTime() + GENUINE;
        while (!hasEnded()) {
            if (isAtPrompt()) {
                return true;
            }
            if (System.nanoTime() - limit >= 0) {
                return !dialect.marksAtPrompt();
            }
            read(MILLI);
        }
        return false;
    }

    /** Waits until the shell is at its prompt or has ended. */
    void awaitPrompt() throws IOException, InterruptedException {
        long limit = System.nanoTime() + PROMPT_LIMIT;
        while (!hasEnded() && read(0)) {
            continue;
        }
        while (!hasEnded() && !isAtPrompt()) {
            if (System.nanoTime() - limit >= 0) {
                throw new IOException("the shell is not at its prompt");
            }
            read(MILLI);
        }
    }

    /** Waits for the mark of the prompt from an index on, or the end of the output. */
    void awaitMark(int from) throws IOException, InterruptedException {
        long limit = System.nanoTime() + PROMPT_LIMIT;
        while (!isMarked(from)) {
            if (System.nanoTime() - limit >= 0) {
                throw new IOException("the shell does not come back to its prompt");
            }
            read(MOST_POLL);
        }
    }

    /** Leaves the second prompt, whose mark ends there, by ^C. */
    void leaveSecondPrompt(int from) throws IOException, InterruptedException {
        long limit = System.nanoTime() + PROMPT_LIMIT;
        while (!isMarked(from) && System.nanoTime() - limit < 0) {
            type("\003"); // bash loses one that comes before its line editor reads
            long next = System.nanoTime() + INTERRUPT_AGAIN;
            while (!isMarked(from) && System.nanoTime() - next < 0) {
                read(MOST_POLL);
            }
        }
        awaitMark(from);
    }

    private boolean isMarked(int from) {
        return outputEnded || output.mark('E', from).isPresent();
    }
}
