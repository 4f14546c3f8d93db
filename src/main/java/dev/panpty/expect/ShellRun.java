package dev.panpty.expect;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import dev.panpty.Signal;
import dev.panpty.TerminalAttributes.OutputFlag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
    private static final long GENUINE = 100 * MILLI; // a mark is of the prompt if its modes are there by then
    private static final long EDITOR_LIMIT = 5000 * MILLI;
    private static final long INTERRUPT_AGAIN = 500 * MILLI;
    private static final long ESCALATION = 1000 * MILLI;
    private static final long KEYS_LOST = 2000 * MILLI;
    private static final int ROOM = 64 * 1024;
    private static final int PROMPT_READ = 1024; // dash reads its input so much at a time, and the builtin read byte by byte
    private static final Duration STATUS_WAIT = Duration.ofSeconds(2);

    private final PtyProcess process;
    private final Dialect dialect;
    private final Callers callers;
    private final long begin = System.nanoTime();
    private ShellOutput output;
    private boolean ended;
    private long outputNanos = begin;
    private long poll = LEAST_POLL;
    private int notBefore; // marks before this index do not count
    private int askedAt = -1; // how much output there was when the status was asked for
    private boolean onlcr;
    private String loadKeys = "";
    // Of a shell without an editor.
    private long readBefore;
    private int typedBytes;

    ShellRun(PtyProcess process, Dialect dialect, Callers callers) {
        this.process = process;
        this.dialect = dialect;
        this.callers = callers;
    }

    /** Waits for the first prompt. */
    void awaitFirstPrompt(Duration limit) throws IOException, InterruptedException {
        output = new ShellOutput(dialect.nonces());
        while (output.mark('E', 0).isEmpty()) {
            if (ended || System.nanoTime() - begin > limit.toNanos()) {
                throw new IOException((ended ? "the shell has ended at its start: " : "the shell has no prompt within " + Readable.time(limit) + ": ")
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
        if (ended) {
            return result(new ShellResult.Ended(exitStatus()), 0, 0);
        }
        output = new ShellOutput(dialect.nonces()); // what came between is not of this command
        boolean onlcr = process.attributes().has(OutputFlag.ONLCR) && process.attributes().has(OutputFlag.OPOST);
        if (!dialect.hasEditor()) {
            readBefore = bytesRead();
            typedBytes = keys.length();
        }
        type(keys);
        outputNanos = System.nanoTime();
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
            if (ended || process.exitStatus().isPresent()) {
                readRest();
                return atExit();
            }
            if (System.nanoTime() - escalateAt >= 0) {
                late = true;
                escalate(killed++);
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
        return result(new ShellResult.Ended(exitStatus()), from, end.map(mark -> dialect.end(output, from, mark.from())).orElse(output.count()));
    }

    private ExitStatus exitStatus() throws InterruptedException {
        process.waitFor(STATUS_WAIT);
        return process.exitStatus().orElseGet(() -> new ExitStatus.Unknown("the output of the shell has ended"));
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

    private Optional<ShellResult> answered(boolean late) throws IOException, InterruptedException {
        ShellOutput.Mark answer = output.mark('A', notBefore).orElseThrow();
        notBefore = answer.to();
        if (answer.values().size() != 2 || answer.values().get(1) != 0) {
            return Optional.empty();
        }
        if (!dialect.hasEditor()) {
            awaitMark(answer.to()); // the prompt behind the line that has asked
        }
        return Optional.of(completed(answer, askedAt, late));
    }

    /** Without an editor nothing shows whether the end of the output is a part of the prompt before its mark: then it is asked for. */
    private boolean hidesPrompt(ShellOutput.Mark end) throws IOException {
        int from = dialect.begin(output);
        if (dialect.hasEditor() || askedAt >= 0 || end.from() <= from || output.bytes()[end.from() - 1] == '\n') {
            return false;
        }
        askedAt = end.from();
        type(dialect.ask());
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
        while (output.mark('E', more.to()).isEmpty() && System.nanoTime() - begun < EDITOR_LIMIT && !ended) {
            type("\003"); // bash loses one that comes before its line editor reads
            long next = System.nanoTime() + INTERRUPT_AGAIN;
            while (output.mark('E', more.to()).isEmpty() && System.nanoTime() - next < 0 && !ended) {
                read(MOST_POLL);
            }
        }
        awaitMark(more.to());
        return result;
    }

    private void awaitMark(int from) throws IOException, InterruptedException {
        long limit = System.nanoTime() + EDITOR_LIMIT;
        while (output.mark('E', from).isEmpty() && !ended) {
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

    private void escalate(int times) throws IOException {
        boolean shell = process.foregroundProcessGroup().orElse(0) == process.pid();
        if (times == 0) {
            process.interrupt();
        } else if (times < 4 && !shell) {
            process.signalForeground(times == 1 ? Signal.TERM : Signal.KILL);
        } else if (times < 4) {
            process.interrupt();
        } else {
            process.destroyForcibly();
        }
    }

    /** Modes of a line editor at its prompt, and its group in the foreground. */
    private boolean isAtPrompt() throws IOException {
        if (process.foregroundProcessGroup().orElse(0) != process.pid()) {
            return false;
        }
        if (!dialect.hasEditor()) {
            return true;
        }
        return dialect.isEditing(process.attributes());
    }

    /** Whether the mark that has come is the prompt's: it is at its prompt, or soon, unless it ends. */
    private boolean isGenuine() throws IOException, InterruptedException {
        long limit = System.nanoTime() + GENUINE;
        while (!ended && process.exitStatus().isEmpty()) {
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
        while (!ended && process.exitStatus().isEmpty() && read(0)) {
            continue;
        }
        while (!ended && process.exitStatus().isEmpty() && !isAtPrompt()) {
            if (System.nanoTime() - limit >= 0) {
                throw new IOException("the shell is not at its prompt");
            }
            read(MILLI);
        }
        ended |= process.exitStatus().isPresent();
    }

    private boolean hasStarted() {
        return output.mark('S', 0).isPresent() || dialect.lacksStart(output);
    }

    /** The prompt's mark has not come: the command may have changed the prompt. */
    private void askAtPrompt() throws IOException, InterruptedException {
        long quiet = System.nanoTime() - outputNanos;
        if (dialect.mayLoseKeys() && output.mark('S', 0).isEmpty()) {
            if (quiet >= KEYS_LOST && isAtPrompt()) {
                outputNanos = System.nanoTime();
                type(loadKeys);
            }
            return;
        }
        boolean started = !dialect.hasEditor() || output.mark('S', 0).isPresent();
        if (askedAt >= 0 || quiet < (started ? QUIET_BEHIND_START : QUIET_WITHOUT_START) || process.exitStatus().isPresent() || !isAtPrompt()
                || !dialect.hasEditor() && !readsACommand()) {
            return;
        }
        askedAt = output.count(); // once, for what reads keys with the modes of a prompt is not a prompt and stays so
        type(dialect.ask());
    }

    /** Whether a shell without an editor has read what was typed, and waits in read(2) for the next command: it reads many bytes at a time. */
    private boolean readsACommand() throws IOException {
        try {
            if (bytesRead() < readBefore + typedBytes) {
                return false;
            }
            String[] call = Files.readString(Path.of("/proc/" + process.pid() + "/syscall")).strip().split(" ");
            return call.length > 3 && call[1].equals("0x0") && Long.decode(call[3]) >= PROMPT_READ;
        } catch (NoSuchFileException | AccessDeniedException hidden) {
            return false;
        }
    }

    /** All that the shell has read so far, see proc_pid_io(5); 0 if that may not be read. */
    private long bytesRead() throws IOException {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/io")).stream().filter(line -> line.startsWith("rchar: "))
                    .mapToLong(line -> Long.parseLong(line.substring("rchar: ".length()))).sum();
        } catch (NoSuchFileException | AccessDeniedException hidden) {
            return 0;
        }
    }

    private void type(String keys) throws IOException {
        callers.enter();
        try {
            process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        } finally {
            leave();
        }
    }

    /** Whether there was output, or its end. */
    private boolean read(long nanos) throws IOException, InterruptedException {
        boolean there;
        callers.enter();
        try {
            there = process.awaitOutput(Duration.ofNanos(nanos));
        } finally {
            leave();
        }
        if (there && !ended) {
            byte[] target = output.room(ROOM);
            int count = process.getInputStream().read(target, output.count(), ROOM);
            ended = count < 0;
            output.accept(Math.max(count, 0));
            outputNanos = System.nanoTime();
            poll = LEAST_POLL;
        }
        return there;
    }

    private void leave() throws IOException {
        if (callers.leave()) {
            throw new IOException("the shell was closed");
        }
    }

    /** What an exited shell has written; another holder of its terminal may go on, and does not count. */
    private void readRest() throws IOException, InterruptedException {
        long limit = System.nanoTime() + GENUINE;
        while (!ended && System.nanoTime() - limit < 0 && read(LEAST_POLL)) {
            continue;
        }
    }
}
