package dev.panpty.expect;

import dev.panpty.PtyProcess;
import dev.panpty.TerminalAttributes.OutputFlag;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One command of a {@link Shell}, from the prompt before it to the prompt behind it: what the marks in the output mean.
 *
 * <pre>
 *   TYPED --mark S--> RUNS --mark E, at the prompt--> done
 *                          --mark E, then mark Q: the prompt comes--> done (fish)
 *   TYPED, RUNS --mark P: the shell wants more--> ^C is typed --mark E--> incomplete
 *   TYPED --mark E without S--> done, or a syntax error if the shell has said something
 *   TYPED, RUNS --mark X--> incomplete or a syntax error (fish)
 *   TYPED, RUNS --no output, and the modes are those of the prompt--> ASKED --mark A--> done
 *   ASKED --mark A: the prompt has its mark--> RUNS, or done if mark E came before the answer
 *   any --exit--> ended
 * </pre>
 */
final class ShellRun {

    private final ShellTerminal terminal;
    private final Dialect dialect;
    private final StatusQuestion question;
    private final long begin = System.nanoTime();
    private int notBefore; // marks before this index do not count
    private boolean onlcr;

    ShellRun(PtyProcess process, Dialect dialect, Callers callers) {
        this.dialect = dialect;
        terminal = new ShellTerminal(process, dialect, callers);
        question = new StatusQuestion(terminal, dialect);
    }

    /** Waits for the first prompt. */
    void awaitFirstPrompt(Duration limit) throws IOException, InterruptedException {
        while (output().mark('E', 0).isEmpty()) {
            boolean ended = terminal.hasOutputEnded();
            if (ended || System.nanoTime() - begin > limit.toNanos()) {
                String what = ended ? "the shell has ended at its start" : "the shell has no prompt within " + Readable.time(limit);
                throw new IOException(what + ": " + Readable.lines(output().text(0, output().count(), true)));
            }
            terminal.read(ShellTerminal.MOST_POLL);
        }
    }

    /** After a run that was interrupted: waits for the prompt. */
    void recover() throws IOException, InterruptedException {
        if (!dialect.hasEditor()) {
            terminal.awaitMark(0);
        }
    }

    ShellResult run(byte[] command, int lastStatus, Duration limit) throws IOException, InterruptedException {
        String keys = dialect.command(command, Nonce.fresh(), lastStatus);
        Optional<ShellResult.Outcome> refused = dialect.refused();
        if (refused.isPresent()) {
            return result(refused.get(), 0, 0);
        }
        terminal.awaitPrompt();
        if (terminal.hasEnded()) {
            return result(new ShellResult.Ended(terminal.exitStatus()), 0, 0);
        }
        terminal.begin(); // what came between is not of this command
        onlcr = terminal.process().attributes().has(OutputFlag.ONLCR) && terminal.process().attributes().has(OutputFlag.OPOST);
        question.typeCommand(keys);
        return await(begin + Math.clamp(TimeUnit.NANOSECONDS.convert(limit), 0, Long.MAX_VALUE / 4));
    }

    private ShellResult await(long limitNanos) throws IOException, InterruptedException {
        Escalation escalation = new Escalation(terminal.process(), limitNanos);
        for (;;) {
            Optional<ShellResult> result = finished(escalation.isLate());
            if (result.isPresent()) {
                return result.get();
            }
            if (terminal.hasEnded()) {
                terminal.readRest();
                return atExit();
            }
            if (!terminal.poll(escalation.proceed())) {
                question.askIfAtPrompt();
            }
        }
    }

    private ShellOutput output() {
        return terminal.output();
    }

    private ShellResult atExit() throws InterruptedException {
        int from = Math.min(dialect.begin(output()), output().count());
        Optional<ShellOutput.Mark> end = dialect.marksAtPrompt() ? Optional.empty() : output().mark('E', 0);
        int to = end.map(mark -> dialect.end(output(), from, mark.from())).orElse(output().count());
        return result(new ShellResult.Ended(terminal.exitStatus()), from, to);
    }

    private ShellResult result(ShellResult.Outcome outcome, int from, int to) {
        return new ShellResult(outcome, output().text(from, Math.max(from, to), onlcr), output().dropped(),
                Duration.ofNanos(System.nanoTime() - begin));
    }

    /** Whether a mark shows the end. */
    private Optional<ShellResult> finished(boolean late) throws IOException, InterruptedException {
        Optional<ShellOutput.Mark> refused = output().mark('X', notBefore);
        if (refused.isPresent()) {
            int from = dialect.begin(output());
            return Optional.of(refused.get().values().equals(List.of(1))
                    ? result(new ShellResult.SyntaxError(output().text(from, refused.get().from(), onlcr).strip()), 0, 0)
                    : result(new ShellResult.Incomplete(), 0, 0));
        }
        Optional<ShellOutput.Mark> more = output().mark('P', notBefore);
        if (more.isPresent() && terminal.isAtPrompt()) {
            return Optional.of(incomplete(more.get()));
        }
        return question.isAsked() && output().mark('A', notBefore).isPresent() ? answered(late) : ended(late);
    }

    private Optional<ShellResult> ended(boolean late) throws IOException, InterruptedException {
        Optional<ShellOutput.Mark> end = output().mark('E', notBefore);
        if (end.isEmpty() || end.get().values().size() != 1 || question.isAsked() && !dialect.hasEditor()) {
            return Optional.empty();
        }
        if (!dialect.marksAtPrompt() && output().mark('Q', end.get().to()).isEmpty()) {
            return Optional.empty(); // the shell may be about to exit
        }
        notBefore = end.get().to();
        return terminal.isMarkGenuine() && !question.asksForPrompt(end.get()) ? Optional.of(completed(end.get(), end.get().from(), late))
                : Optional.empty();
    }

    /** A mark of the end may lie before the answer: the prompt came while the status was asked for. One in the answer shows the prompt. */
    private Optional<ShellResult> answered(boolean late) throws IOException, InterruptedException {
        ShellOutput.Mark answer = output().mark('A', notBefore).orElseThrow();
        int begin = output().mark('Q', notBefore).map(ShellOutput.Mark::from).filter(from -> from < answer.from()).orElse(answer.from());
        Optional<ShellOutput.Mark> end = output().mark('E', notBefore).filter(mark -> mark.from() < begin);
        if (answer.values().size() != 2 || answer.values().get(1) != 0) { // the prompt has the mark, so that it has come or will come
            Optional<ShellResult> result = end.isPresent() ? ended(late) : Optional.empty();
            notBefore = answer.to();
            return result;
        }
        notBefore = answer.to();
        if (!dialect.hasEditor()) {
            terminal.awaitMark(answer.to()); // the prompt behind the line that has asked
        }
        return Optional.of(completed(answer, end.map(ShellOutput.Mark::from).orElse(question.askedAt()), late));
    }

    private ShellResult completed(ShellOutput.Mark end, int outputEnd, boolean late) {
        int status = end.values().getFirst();
        int from = dialect.begin(output());
        int to = Math.max(from, dialect.end(output(), from, outputEnd));
        if (late) {
            return result(new ShellResult.TimedOut(status), from, to);
        }
        String text = output().text(from, to, onlcr);
        boolean started = output().mark('S', 0).isPresent() || dialect.lacksStart(output()) || end.kind() == 'A';
        return started || text.isBlank() ? result(new ShellResult.Completed(status), from, to)
                : result(new ShellResult.SyntaxError(text.strip()), 0, 0);
    }

    private ShellResult incomplete(ShellOutput.Mark more) throws IOException, InterruptedException {
        int from = Math.min(dialect.begin(output()), more.from());
        ShellResult result = result(new ShellResult.Incomplete(), from, dialect.end(output(), from, more.from()));
        terminal.leaveSecondPrompt(more.to());
        return result;
    }
}
