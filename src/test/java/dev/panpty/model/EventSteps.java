package dev.panpty.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ProcessTransport.State;
import dev.panpty.Producer;
import dev.panpty.PtyProcess;
import dev.panpty.StandardError;
import dev.panpty.testing.Await;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.function.Executable;

/** Steps of the event style; a process with streams refuses the calls. */
final class EventSteps {

    private static final int INT = 2;

    private EventSteps() {}

    /** True if the process is in event style; else the call must be refused. */
    private static boolean refusedByStreams(Subject subject, Where where, Executable call) throws Exception {
        if (!subject.hasEvents()) {
            subject.expect(where, Optional.of(IllegalStateException.class), call);
        }
        return !subject.hasEvents();
    }

    /** Every write method, when writes are refused. */
    static void writeInVain(Subject subject, Where where, int number) throws Exception {
        PtyProcess process = subject.process;
        subject.expect(where, Optional.of(IllegalArgumentException.class),
                () -> process.writeToChild(1 + number, ByteBuffer.wrap(new byte[1])));
        if (!subject.hasEvents() || subject.belief.inputClosed) {
            ByteBuffer one = ByteBuffer.wrap(new byte[1]);
            subject.expect(where, Optional.of(IllegalStateException.class), switch (number % 5) {
                case 0 -> () -> process.write(new byte[1]);
                case 1 -> () -> process.write(one);
                case 2 -> () -> process.writeSequence(List.of(one));
                case 3 -> () -> process.writeSequence(new byte[1]);
                default -> () -> process.writeToChild(0, one);
            });
            assertEquals(1, one.remaining(), "accepted although refused");
        }
    }

    static void closeInput(Subject subject, Where where, int number) throws Exception {
        PtyProcess process = subject.process;
        Executable call = switch (number % 3) {
            case 0 -> process::closeStdin;
            case 1 -> process::loseWriteConnection;
            default -> () -> process.closeChildFd(0);
        };
        if (!refusedByStreams(subject, where, call)) {
            closeInput(subject, where, call);
        }
    }

    static void closeInput(Subject subject, Where where, Executable call) throws Exception {
        Belief belief = subject.belief;
        if (belief.detached && !belief.inputClosed || belief.stopped && belief.caught.contains(Belief.CONT)) {
            return;
        }
        boolean told = belief.listens();
        subject.run(where, call);
        belief.inputClosed = true;
        if (told) {
            subject.answered(TerminalSteps.endOfFile(subject));
        }
        Await.until("the last input of " + subject, () -> subject.process.pendingBytes() == 0);
        subject.producers.assertStopped();
    }

    static void closeOutput(Subject subject, Where where, int number) throws Exception {
        closeSide(subject, where, number % 2 == 0 ? subject.process::closeStdout : () -> subject.process.closeChildFd(1),
                belief -> belief.outputClosed = true);
    }

    static void closeErrors(Subject subject, Where where, int number) throws Exception {
        closeSide(subject, where, number % 2 == 0 ? subject.process::closeStderr : () -> subject.process.closeChildFd(2),
                belief -> belief.errorsClosed = true);
    }

    private static void closeSide(Subject subject, Where where, Executable call, Consumer<Belief> change) throws Exception {
        if (!refusedByStreams(subject, where, call)) {
            subject.run(where, call);
            change.accept(subject.belief);
            sideClosed(subject);
        }
    }

    static void sideClosed(Subject subject) throws Exception {
        if (subject.options.errors() == StandardError.TERMINAL) {
            subject.belief.outputClosed = true; // without a pipe, standard error is the output
            subject.belief.errorsClosed = true;
        }
        subject.settle();
        subject.endIfDue();
    }

    static void closeNothing(Subject subject, Where where, int number) throws Exception {
        subject.expect(where, Optional.of(IllegalArgumentException.class), () -> subject.process.closeChildFd(3 + number));
    }

    static void pause(Subject subject, Where where, int number) throws Exception {
        if (!refusedByStreams(subject, where, subject.process::pauseProducing)) {
            subject.run(where, subject.process::pauseProducing);
            assertTrue(subject.process.isPaused(), subject::toString);
            subject.belief.paused = !subject.belief.ended;
        }
    }

    static void resume(Subject subject, Where where, int number) throws Exception {
        if (!refusedByStreams(subject, where, subject.process::resumeProducing)) {
            subject.run(where, subject.process::resumeProducing);
            assertFalse(subject.process.isPaused(), subject::toString);
            subject.belief.paused = false;
            subject.settle();
            subject.endIfDue();
        }
    }

    /** A pull producer is resumed once, and after each drain; a push producer is paused above the high water mark. */
    static void registerProducer(Subject subject, Where where, int number) throws Exception {
        PtyProcess process = subject.process;
        int pieces = subject.belief.attends() ? number % 5 : 0;
        ProducerLog.Log log = number % 2 == 0
                ? new ProducerLog.Push()
                : new ProducerLog.Pull(pieces, () -> process.write(new byte[] {'q', '\n'}));
        Executable call = () -> process.registerProducer(log.producer());
        if (refusedByStreams(subject, where, call)) {
            return;
        }
        boolean over = !subject.belief.terminalOpen() || subject.belief.inputClosed;
        if (over && subject.belief.alive() && process.pendingBytes() > 0) {
            return; // its end is about to be notified
        }
        subject.expect(where, Subject.only(subject.producers.isTaken(), IllegalStateException.class), call);
        if (over) {
            Await.until("the producer is stopped", () -> log.stopped.get() == 1);
        } else if (!subject.producers.isTaken()) {
            subject.producers.registered(log);
            assertEquals(Optional.of(log.producer()), process.producer(), subject::toString);
            if (log instanceof Producer.Pull && subject.belief.attends()) {
                Await.until("the producer of " + subject + " is asked", () -> log.resumed.get() == pieces + 1);
                TalkSteps.askForSize(subject, where, 0);
            }
        }
    }

    static void unregisterProducer(Subject subject, Where where, int number) throws Exception {
        if (!refusedByStreams(subject, where, subject.process::unregisterProducer)) {
            subject.run(where, subject.process::unregisterProducer);
            assertEquals(Optional.empty(), subject.process.producer(), subject::toString);
            subject.producers.unregistered();
        }
    }

    /** Writes more than the terminal holds while the program does not read; then it reads all. */
    static void fillUp(Subject subject, Where where, int number) throws Exception {
        if (!subject.hasEvents() || !subject.belief.attends()) {
            return;
        }
        long unwritten = subject.process.unwrittenBytes();
        Optional<ProducerLog.Push> push = overfill(subject, where, number);
        TalkSteps.wake(subject, where, 0);
        Await.until("all is written to " + subject, () -> subject.process.pendingBytes() == 0);
        assertResumed(subject, push);
        TalkSteps.askForSize(subject, where, number);
        assertEquals(unwritten, subject.process.unwrittenBytes(), subject::toString);
    }

    /** Input that is held arrives in order, as one, once it is let go. */
    static void holdAndLetGo(Subject subject, Where where, int number) throws Exception {
        PtyProcess process = subject.process;
        if (refusedByStreams(subject, where, process::stopWriting) || !subject.belief.attends()) {
            return;
        }
        subject.run(where, process::stopWriting);
        long pending = process.pendingBytes();
        Typing.type(subject, where, number, "s\n");
        assertEquals(pending + 2, process.pendingBytes(), subject::toString);
        subject.run(where, process::startWriting);
        subject.answered("(" + subject.belief.size.rows() + "x" + subject.belief.size.columns() + ")");
    }

    /** The water marks are those of the builder, or what they were set to last. */
    static void changeMarks(Subject subject, Where where, int number) throws Exception {
        PtyProcess process = subject.process;
        if (!refusedByStreams(subject, where, () -> process.waterMarks(20_000 + number, number))) {
            subject.run(where, () -> process.waterMarks(20_000 + number, number));
            assertEquals(20_000 + number, process.highWaterBytes());
            assertEquals(number, process.lowWaterBytes());
        }
    }

    /** An interrupt, which the program ignores, discards all pending bytes. */
    static void discardPending(Subject subject, Where where, int number) throws Exception {
        if (!subject.hasEvents() || !subject.belief.attends() || subject.belief.raw) {
            return;
        }
        if (subject.belief.effect(INT) == Belief.Effect.DEATH) {
            TalkSteps.catchSignal(subject, where, 0);
        }
        long unwritten = subject.process.unwrittenBytes();
        Optional<ProducerLog.Push> push = overfill(subject, where, number);
        long pending = subject.process.pendingBytes();
        subject.run(where, subject.process::interrupt);
        subject.signalled(INT);
        assertEquals(0, subject.process.pendingBytes(), subject::toString);
        long discarded = subject.process.unwrittenBytes() - unwritten;
        assertTrue(discarded > 0 && discarded <= pending, () -> discarded + " of " + pending + " discarded, " + subject);
        assertResumed(subject, push);
        TalkSteps.wake(subject, where, 0);
        TalkSteps.askForSize(subject, where, number);
    }

    private static Optional<ProducerLog.Push> overfill(Subject subject, Where where, int number) throws Exception {
        TalkSteps.sleep(subject, where, 0);
        Typing.type(subject, where, number, ("q" + TalkSteps.letters(98) + "\n").repeat(2000));
        assertTrue(subject.process.pendingBytes() > 100_000, subject::toString);
        Optional<ProducerLog.Push> push = subject.producers.registered()
                .filter(ProducerLog.Push.class::isInstance).map(ProducerLog.Push.class::cast);
        if (push.isPresent()) {
            Await.until("the producer of " + subject + " is paused", () -> push.get().isPaused());
            assertTrue(subject.process.isProducerPaused() && subject.process.isSendBufferFull(), subject::toString);
        }
        return push;
    }

    private static void assertResumed(Subject subject, Optional<ProducerLog.Push> push) throws Exception {
        if (push.isPresent()) {
            Await.until("the producer of " + subject + " is resumed", () -> !push.get().isPaused());
        }
    }

    static void loseConnection(Subject subject, Where where, int number) throws Exception {
        PtyProcess process = subject.process;
        Executable call = switch (number % 3) {
            case 0 -> process::loseConnection;
            case 1 -> process::stopProducing;
            default -> process::stopConsuming;
        };
        if (refusedByStreams(subject, where, call)) {
            return;
        }
        subject.hasHeard(); // waits until a program that reads has read the last input
        boolean unread = subject.belief.listens()
                && subject.belief.owed.stream().anyMatch(answer -> !answer.equals("<eof>")); // FIONREAD does not count a VEOF
        boolean read = subject.belief.attends();
        long unwritten = process.unwrittenBytes();
        if (number % 3 == 2) {
            subject.producers.unregistered();
        }
        subject.run(where, call);
        if (subject.belief.terminalOpen()) {
            assertTrue(process.state() != State.CONNECTED, subject::toString);
            subject.hungUp();
            assertTrue(!unread || process.unwrittenBytes() > unwritten, subject::toString);
            assertTrue(!read || process.unwrittenBytes() == unwritten, subject::toString);
        }
    }
}
