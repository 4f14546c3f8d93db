package dev.panpty.expect;

import dev.panpty.PtyProcess;
import dev.panpty.TerminalAttributes.OutputFlag;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One command of a {@link Shell}, from the prompt before it to the prompt behind it.
 *
 * <pre>
 *   TYPED --mark S--> RUNS --mark E, at the prompt--> done
 *   TYPED, RUNS --mark P: the shell wants more--> ^C is typed --mark E--> incomplete
 *   TYPED --mark E without S--> done, or a syntax error if the shell has said something
 *   TYPED, RUNS --mark X--> incomplete or a syntax error (fish)
 *   TYPED, RUNS --no output, and the modes are those of the prompt--> the status is asked for --mark A--> done
 *   any --exit--> ended
 * </pre>
 */
final class ShellRun {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LEAST_POLL = 2 * MILLI;
    private static final long MOST_POLL = 25 * MILLI;
    private static final long QUIET_BEHIND_START = 10 * MILLI; // then modes of the prompt without its mark mean that it has none
    private static final long QUIET_WITHOUT_START = 400 * MILLI;
    private static final long QUIET_WITHOUT_EVENT = 2000 * MILLI; // fish keeps the modes of the prompt for a moment behind the start
    private static final long GENUINE = 100 * MILLI; // a mark is of the prompt if its modes are there by then
    private static final long EDITOR_LIMIT = 5000 * MILLI;
    private static final long INTERRUPT_AGAIN = 500 * MILLI;
    private static final long ESCALATION = 1000 * MILLI;
    private static final long KEYS_LOST = 2000 * MILLI;

    private final PtyProcess process;
    private final Dialect dialect;
    private final ShellTerminal terminal;
    private final long begin = System.nanoTime();
    private ShellOutput output;
    private long poll = LEAST_POLL;
    private int notBefore; // marks before this index do not count
    private int askedAt = -1; // how much output there was when the status was asked for
    private boolean onlcr;
    private String loadKeys = "";

    ShellRun(PtyProcess process, Dialect dialect, Callers callers) {
        this.process = process;
        this.dialect = dialect;
        terminal = new ShellTerminal(process, callers);
    }

    /** Waits for the first prompt. */
    void awaitFirstPrompt(Duration limit) throws IOException, InterruptedException {
        output = new ShellOutput(dialect.nonces());
        while (output.mark('E', 0).isEmpty()) {
            if (terminal.hasEnded() || System.nanoTime() - begin > limit.toNanos()) {
                throw new IOException((terminal.hasEnded() ? "the shell has ended at its start: " : "the shell has no prompt within " + Readable.time(limit) + ": ")
                        + Readable.lines(output.text(0, output.count(), true)));
            }
            read(MOST_POLL);
        }
    }

    ShellResult run(byte[] command, int lastStatus, Duration limit) throws IOException, InterruptedException {
        String keys = dialect.command(command, Nonce.fresh(), lastStatus);
        Optional<ShellResult.Outcome> refused = dialect.refused();
        if (refused.isPresent()) {
            return new ShellResult(refused.get(), "", 0, Duration.ofNanos(System.nanoTime() - begin));
        }
        output = new ShellOutput(dialect.nonces());
        awaitEditor();
        if (terminal.hasExited()) {
            return result(new ShellResult.Ended(terminal.exitStatus()), 0, 0);
        }
        output = new ShellOutput(dialect.nonces()); // what came between is not of this command
        boolean onlcr = process.attributes().has(OutputFlag.ONLCR) && process.attributes().has(OutputFlag.OPOST);
        if (dialect.hasEditor()) {
            terminal.type(keys);
        } else {
            terminal.typeLine(keys);
        }
        terminal.restartQuiet();
        loadKeys = keys;
        return await(begin + Math.clamp(TimeUnit.NANOSECONDS.convert(limit), 0, Long.MAX_VALUE / 4), onlcr);
    }

    private ShellResult await(long deadline, boolean onlcr) throws IOException, InterruptedException {
        this.onlcr = onlcr;
        long escalateAt = deadline;
        boolean late = false;
        int killed = 0;
        for (;;) {
            Optional<ShellResult> result = finished(late);
            if (result.isPresent()) {
                return result.get();
            }
            if (terminal.hasExited()) {
                terminal.readRest(output);
                return atExit();
            }
            if (System.nanoTime() - escalateAt >= 0) {
                late = true;
                terminal.escalate(killed++);
                escalateAt = System.nanoTime() + ESCALATION;
            }
            if (!read(Math.clamp(escalateAt - System.nanoTime(), 0, poll))) {
                poll = Math.min(poll + poll / 2, MOST_POLL);
                askAtPrompt();
            }
        }
    }

    private ShellResult atExit() throws IOException, InterruptedException {
        int from = Math.min(dialect.begin(output), output.count());
        Optional<ShellOutput.Mark> end = dialect.marksAtPrompt() ? Optional.empty() : output.mark('E', 0);
        return result(new ShellResult.Ended(terminal.exitStatus()), from, end.map(mark -> dialect.end(output, from, mark.from())).orElse(output.count()));
    }

    private ShellResult result(ShellResult.Outcome outcome, int from, int to) {
        return new ShellResult(outcome, output.text(from, Math.max(from, to), onlcr), output.dropped(), Duration.ofNanos(System.nanoTime() - begin));
    }

    /** Whether a mark shows the end. */
    private Optional<ShellResult> finished(boolean late) throws IOException, InterruptedException {
        Optional<ShellOutput.Mark> refused = output.mark('X', notBefore);
        if (refused.isPresent()) {
            int from = dialect.begin(output);
            return Optional.of(refused.get().values().equals(List.of(1))
                    ? result(new ShellResult.SyntaxError(output.text(from, refused.get().from(), onlcr).strip()), 0, 0)
                    : result(new ShellResult.Incomplete(), 0, 0));
        }
        Optional<ShellOutput.Mark> more = output.mark('P', notBefore);
        if (more.isPresent() && isAtPrompt()) {
            return Optional.of(incomplete(more.get()));
        }
        return askedAt >= 0 && output.mark('A', notBefore).isPresent() ? answered(late) : ended(late);
    }

    private Optional<ShellResult> ended(boolean late) throws IOException, InterruptedException {
        Optional<ShellOutput.Mark> end = output.mark('E', notBefore);
        if (end.isEmpty() || end.get().values().size() != 1 || askedAt >= 0 && !dialect.hasEditor()) {
            return Optional.empty();
        }
        if (!dialect.marksAtPrompt() && output.mark('Q', end.get().to()).isEmpty()) {
            return Optional.empty(); // the shell may be about to exit
        }
        notBefore = end.get().to();
        return isGenuine() && !hidesPrompt(end.get()) ? Optional.of(completed(end.get(), end.get().from(), late)) : Optional.empty();
    }

    /** A mark of the end may lie before the answer: the prompt came while the status was asked for. One in the answer shows the prompt. */
    private Optional<ShellResult> answered(boolean late) throws IOException, InterruptedException {
        ShellOutput.Mark answer = output.mark('A', notBefore).orElseThrow();
        int begin = output.mark('Q', notBefore).map(ShellOutput.Mark::from).filter(from -> from < answer.from()).orElse(answer.from());
        Optional<ShellOutput.Mark> end = output.mark('E', notBefore).filter(mark -> mark.from() < begin);
        if (answer.values().size() != 2 || answer.values().get(1) != 0) { // the prompt has the mark, so that it has come or will come
            Optional<ShellResult> result = end.isPresent() ? ended(late) : Optional.empty();
            notBefore = answer.to();
            return result;
        }
        notBefore = answer.to();
        if (!dialect.hasEditor()) {
            awaitMark(answer.to()); // the prompt behind the line that has asked
        }
        return Optional.of(completed(answer, end.map(ShellOutput.Mark::from).orElse(askedAt), late));
    }

    /** Without an editor nothing shows whether the end of the output is a part of the prompt before its mark: then it is asked for. */
    private boolean hidesPrompt(ShellOutput.Mark end) throws IOException {
        int from = dialect.begin(output);
        if (dialect.hasEditor() || askedAt >= 0 || end.from() <= from || output.bytes()[end.from() - 1] == '\n') {
            return false;
        }
        askedAt = end.from();
        terminal.type(dialect.ask());
        return true;
    }

    private ShellResult completed(ShellOutput.Mark end, int outputEnd, boolean late) {
        int status = end.values().getFirst();
        int from = dialect.begin(output);
        int to = Math.max(from, dialect.end(output, from, outputEnd));
        if (late) {
            return result(new ShellResult.TimedOut(status), from, to);
        }
        String text = output.text(from, to, onlcr);
        boolean started = hasStarted() || end.kind() == 'A';
        return started || text.isBlank() ? result(new ShellResult.Completed(status), from, to)
                : result(new ShellResult.SyntaxError(text.strip()), 0, 0);
    }

    /** Leaves the second prompt by ^C. */
    private ShellResult incomplete(ShellOutput.Mark more) throws IOException, InterruptedException {
        int from = Math.min(dialect.begin(output), more.from());
        ShellResult result = result(new ShellResult.Incomplete(), from, dialect.end(output, from, more.from()));
        long begun = System.nanoTime();
        while (output.mark('E', more.to()).isEmpty() && System.nanoTime() - begun < EDITOR_LIMIT && !terminal.hasEnded()) {
            terminal.type("\003"); // bash loses one that comes before its line editor reads
            long next = System.nanoTime() + INTERRUPT_AGAIN;
            while (output.mark('E', more.to()).isEmpty() && System.nanoTime() - next < 0 && !terminal.hasEnded()) {
                read(MOST_POLL);
            }
        }
        awaitMark(more.to());
        return result;
    }

    private void awaitMark(int from) throws IOException, InterruptedException {
        long limit = System.nanoTime() + EDITOR_LIMIT;
        while (output.mark('E', from).isEmpty() && !terminal.hasEnded()) {
            if (System.nanoTime() - limit >= 0) {
                throw new IOException("the shell does not come back to its prompt");
            }
            read(MOST_POLL);
        }
    }

    /** After a run that was interrupted: waits for the prompt. */
    void recover() throws IOException, InterruptedException {
        output = new ShellOutput(dialect.nonces());
        if (!dialect.hasEditor()) {
            awaitMark(0);
        }
    }

    /** Modes of a line editor at its prompt, and its group in the foreground. */
    private boolean isAtPrompt() throws IOException {
        return process.foregroundProcessGroup().orElse(0) == process.pid() && (!dialect.hasEditor() || dialect.isEditing(process.attributes()));
    }

    /** Whether the mark that has come is the prompt's: it is at its prompt, or soon, unless it ends. */
    private boolean isGenuine() throws IOException, InterruptedException {
        long limit = System.nanoTime() + GENUINE;
        while (!terminal.hasExited()) {
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

    /** Waits until the editor reads keys; what comes before is dropped. */
    private void awaitEditor() throws IOException, InterruptedException {
        long limit = System.nanoTime() + EDITOR_LIMIT;
        while (!terminal.hasExited() && read(0)) {
            continue;
        }
        while (!terminal.hasExited() && !isAtPrompt()) {
            if (System.nanoTime() - limit >= 0) {
                throw new IOException("the shell is not at its prompt");
            }
            read(MILLI);
        }
    }

    private boolean hasStarted() {
        return output.mark('S', 0).isPresent() || dialect.lacksStart(output);
    }

    /** The prompt's mark has not come: the command may have changed the prompt. */
    private void askAtPrompt() throws IOException, InterruptedException {
        long quiet = terminal.quietNanos();
        if (dialect.mayLoseKeys() && output.mark('S', 0).isEmpty()) {
            if (quiet >= KEYS_LOST && isAtPrompt()) {
                terminal.restartQuiet();
                terminal.type(loadKeys);
            }
            return;
        }
        if (askedAt >= 0 || quiet < quietOfAPrompt() || terminal.hasExited() || !isAtPrompt()
                || !dialect.hasEditor() && !terminal.readsACommand() || read(0)) {
            return;
        }
        askedAt = output.count(); // once, for what reads keys with the modes of a prompt is not a prompt and stays so
        terminal.type(dialect.ask());
    }

    /** How long the output must be quiet before modes mean a prompt. */
    private long quietOfAPrompt() {
        if (dialect.hasEditor() && output.mark('S', 0).isEmpty()) {
            return QUIET_WITHOUT_START;
        }
        return dialect.marksAtPrompt() || output.mark('Q', 0).isPresent() ? QUIET_BEHIND_START : QUIET_WITHOUT_EVENT;
    }

    /** Whether there was output, or its end. */
    private boolean read(long nanos) throws IOException, InterruptedException {
        boolean there = terminal.read(output, nanos);
        poll = there ? LEAST_POLL : poll;
        return there;
    }
}
