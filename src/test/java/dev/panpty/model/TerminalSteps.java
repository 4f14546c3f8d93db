package dev.panpty.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.TerminalControl.ForegroundProcess;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.function.Executable;

/** Steps on the terminal: size, attributes, typed signals, output stopped and resumed. */
final class TerminalSteps {

    private static final Duration MOMENT = Duration.ofMillis(5);
    private static final int INT = 2;
    private static final int QUIT = 3;
    private static final int TSTP = 20;

    private TerminalSteps() {}

    private static Optional<Class<? extends Exception>> ifClosed(Subject subject) {
        return Subject.only(!subject.belief.terminalOpen(), IOException.class);
    }

    static void resize(Subject subject, Where where, int number) throws Exception {
        Belief belief = subject.belief;
        WindowSize size = new WindowSize(number + 1, number % 3 + 1, number % 7, number * 65);
        boolean told = belief.alive() && !belief.size.equals(size) && belief.terminalOpen() && belief.caught.contains(Belief.WINCH);
        if (told && !belief.reports()) {
            return;
        }
        subject.run(where, () -> subject.process.resize(size));
        if (belief.terminalOpen()) {
            belief.size = size;
            if (told) {
                subject.signalled(Belief.WINCH);
            }
            assertEquals(size, subject.call(where, subject.process::windowSize));
        } else {
            subject.expect(where, ifClosed(subject), subject.process::windowSize);
        }
    }

    static void changeAttributes(Subject subject, Where where, int number) throws Exception {
        Belief belief = subject.belief;
        if (belief.alive() && belief.terminalOpen() && !subject.hasHeard()) {
            return; // unread input would be read in another mode
        }
        boolean raw = number % 2 == 0;
        subject.expect(where, ifClosed(subject), () -> subject.process.attributes(Options.attributes(raw)));
        if (belief.terminalOpen()) {
            belief.raw = raw;
            belief.attributes = Options.attributes(raw);
            assertEquals(belief.attributes, subject.call(where, subject.process::attributes));
        } else {
            subject.expect(where, ifClosed(subject), subject.process::attributes);
        }
    }

    static void interrupt(Subject subject, Where where, int number) throws Exception {
        typeSignal(subject, where, INT, 3, subject.process::interrupt);
    }

    static void quit(Subject subject, Where where, int number) throws Exception {
        typeSignal(subject, where, QUIT, 28, subject.process::quit);
    }

    static void suspend(Subject subject, Where where, int number) throws Exception {
        typeSignal(subject, where, TSTP, 26, subject.process::suspend);
    }

    /** In raw mode a byte; else a signal, which discards unread input. */
    private static void typeSignal(Subject subject, Where where, int signal, int key, Executable call) throws Exception {
        Belief belief = subject.belief;
        if (!belief.terminalOpen()) {
            subject.expect(where, ifClosed(subject), call);
        } else if (belief.raw) {
            typeKey(subject, where, "<" + key + ">", call);
        } else if (subject.maySignal(signal) && (belief.deaf() || !belief.alive() || subject.hasHeard())) {
            if (belief.alive() && belief.effect(signal) == Belief.Effect.DEATH) {
                subject.beforeDeath();
            }
            subject.run(where, call);
            belief.inputDiscarded(endOfFile(subject));
            if (belief.alive()) {
                subject.signalled(signal);
            }
        }
    }

    private static void typeKey(Subject subject, Where where, String answer, Executable call) throws Exception {
        Belief belief = subject.belief;
        if (!subject.hasEvents() && where == Where.REACTOR && Typing.onLoop(subject)) {
            subject.expect(where, Optional.of(IllegalStateException.class), call);
        } else if (belief.inputClosed) {
            subject.expect(where, Optional.of(IOException.class), call);
        } else if (belief.listens() && !belief.loose && !(belief.stopped && belief.caught.contains(Belief.CONT))
                && belief.owed.size() + subject.outstanding() < Subject.SMALL_BYTES) {
            subject.run(where, call);
            subject.answered(answer);
        }
    }

    static void sendEndOfFile(Subject subject, Where where, int number) throws Exception {
        if (!subject.belief.terminalOpen()) {
            // on the reactor's thread a stream has two reasons to refuse; either is accepted
            boolean mightBlock = !subject.hasEvents() && where == Where.REACTOR;
            subject.expect(where, mightBlock ? Optional.of(Exception.class) : ifClosed(subject), subject.process::sendEndOfFile);
        } else {
            typeKey(subject, where, endOfFile(subject), subject.process::sendEndOfFile);
        }
    }

    /** The answer to VEOF. */
    static String endOfFile(Subject subject) {
        return subject.belief.raw ? "<4>" : "<eof>";
    }

    static void stopOutput(Subject subject, Where where, int number) throws Exception {
        subject.expect(where, ifClosed(subject), subject.process::stopOutput);
        subject.belief.outputStopped |= subject.belief.terminalOpen();
    }

    static void resumeOutput(Subject subject, Where where, int number) throws Exception {
        subject.expect(where, ifClosed(subject), subject.process::resumeOutput);
        if (subject.belief.outputStopped) {
            subject.belief.outputStopped = false;
            subject.settle();
        }
    }

    static void lookAtForeground(Subject subject, Where where, int number) throws Exception {
        PtyProcess process = subject.process;
        if (!subject.belief.terminalOpen()) {
            subject.expect(where, ifClosed(subject), process::foregroundProcessGroup);
            subject.expect(where, ifClosed(subject), process::foregroundProcess);
        } else if (subject.belief.alive()) {
            assertEquals(process.pid(), subject.call(where, process::foregroundProcessGroup).orElseThrow());
            ForegroundProcess foreground = subject.call(where, process::foregroundProcess).orElseThrow();
            assertEquals(process.pid(), foreground.pid());
            assertFalse(foreground.command().isEmpty(), subject::toString);
            assertTrue(foreground.directory().isPresent(), subject::toString);
        } else {
            assertTrue(subject.call(where, process::foregroundProcessGroup).isEmpty(), subject::toString);
            assertTrue(subject.call(where, process::foregroundProcess).isEmpty(), subject::toString);
        }
    }

    static void awaitAttributes(Subject subject, Where where, int number) throws Exception {
        PtyProcess process = subject.process;
        Belief belief = subject.belief;
        if (where == Where.REACTOR && Typing.onLoop(subject)) {
            subject.expect(where, Optional.of(IllegalStateException.class), () -> process.awaitEcho(false, MOMENT));
            subject.expect(where, Optional.of(IllegalStateException.class), () -> process.awaitPasswordPrompt(MOMENT));
        } else if (belief.alive() && !belief.terminalOpen()) {
            subject.expect(where, ifClosed(subject), () -> process.awaitEcho(false, MOMENT));
            subject.expect(where, ifClosed(subject), () -> process.awaitPasswordPrompt(MOMENT));
        } else {
            assertEquals(belief.alive(), subject.call(where, () -> process.awaitEcho(false, MOMENT)));
            assertFalse(subject.call(where, () -> process.awaitEcho(true, MOMENT)));
            if (belief.alive() && !belief.raw) { // the echo is off, and we set the attributes
                subject.expect(where, Optional.of(IllegalStateException.class), () -> process.awaitPasswordPrompt(MOMENT));
            } else {
                assertFalse(subject.call(where, () -> process.awaitPasswordPrompt(MOMENT)));
            }
        }
    }
}
