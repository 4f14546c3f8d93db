package dev.panpty.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.StandardError;
import dev.panpty.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.function.Executable;

/** Steps of the stream style; a process with a protocol refuses the calls. */
final class StreamSteps {

    private StreamSteps() {}

    private static boolean refusedByEvents(Subject subject, Where where, Executable... calls) throws Exception {
        if (subject.hasEvents()) {
            for (Executable call : calls) {
                subject.expect(where, Optional.of(IllegalStateException.class), call);
            }
        }
        return subject.hasEvents();
    }

    /** Reads that must not wait: at the end, refused, or of zero bytes. */
    static void readInVain(Subject subject, Where where, int number) throws Exception {
        PtyProcess process = subject.process;
        if (refusedByEvents(subject, where, process::getInputStream, process::getErrorStream, process::inputReader, process::errorReader)) {
            return;
        }
        InputStream in = process.getInputStream();
        subject.expect(where, Optional.of(IndexOutOfBoundsException.class), () -> in.read(new byte[3], 1, 3));
        if (where == Where.REACTOR && Typing.onLoop(subject)) {
            subject.expect(where, Optional.of(IllegalStateException.class), () -> in.read(new byte[1]));
            return;
        }
        if (subject.belief.outputClosed) {
            for (Executable call : List.<Executable>of(in::read, () -> in.read(new byte[10]), () -> in.read(new byte[3], 3, 0), in::available)) {
                subject.expect(where, Optional.of(IOException.class), call);
            }
        } else {
            assertEquals(0, subject.call(where, () -> in.read(new byte[3], 3, 0)));
        }
        if (!subject.belief.outputClosed && subject.belief.ended && !subject.belief.loose) {
            assertEquals(-1, subject.call(where, () -> in.read(new byte[10])), subject::toString);
            assertEquals(-1, subject.<Integer>call(where, in::read), subject::toString);
            assertEquals(0, subject.call(where, in::available), subject::toString);
            assertEquals(0, subject.call(where, () -> in.skip(number)), subject::toString);
        }
        if (subject.options.errors() == StandardError.TERMINAL) {
            assertEquals(-1, subject.call(where, () -> process.getErrorStream().read()));
            assertEquals(-1, subject.call(where, () -> process.errorReader(StandardCharsets.ISO_8859_1).read()));
        }
    }

    static void writeInVain(Subject subject, Where where, int number) throws Exception {
        PtyProcess process = subject.process;
        if (refusedByEvents(subject, where, process::getOutputStream, process::outputWriter)) {
            return;
        }
        subject.expect(where, Optional.of(IndexOutOfBoundsException.class), () -> process.getOutputStream().write(new byte[3], -1, 3));
        if (subject.belief.inputClosed && !(where == Where.REACTOR && Typing.onLoop(subject))) {
            subject.expect(where, Optional.of(IOException.class), () -> process.getOutputStream().write('x'));
        }
    }

    static void closeInput(Subject subject, Where where, int number) throws Exception {
        Belief belief = subject.belief;
        if (subject.hasEvents() || belief.detached && !belief.inputClosed || belief.stopped && belief.caught.contains(Belief.CONT)
                || belief.owed.size() + subject.outstanding() >= Subject.SMALL_BYTES) {
            return;
        }
        Executable close = number % 2 == 0
                ? () -> subject.process.getOutputStream().close()
                : () -> subject.process.outputWriter(StandardCharsets.ISO_8859_1).close();
        if (where == Where.REACTOR && Typing.onLoop(subject)) {
            subject.expect(where, Optional.of(IllegalStateException.class), () -> subject.process.getOutputStream().close());
            return;
        }
        boolean told = belief.listens();
        subject.run(where, close);
        belief.inputClosed = true;
        if (told) {
            subject.answered(TerminalSteps.endOfFile(subject));
        }
    }

    static void closeOutput(Subject subject, Where where, int number) throws Exception {
        if (!subject.hasEvents() && !subject.belief.loose) {
            subject.settle();
            subject.run(where, () -> subject.process.getInputStream().close());
            subject.belief.outputClosed = true;
            if (subject.options.errors() == StandardError.TERMINAL) {
                subject.belief.errorsClosed = true;
            }
            subject.settle();
        }
    }

    static void closeErrors(Subject subject, Where where, int number) throws Exception {
        if (!subject.hasEvents() && subject.options.errors() == StandardError.PIPE && !subject.belief.loose) {
            subject.settle();
            subject.run(where, () -> subject.process.getErrorStream().close());
            subject.belief.errorsClosed = true;
            subject.settle();
        }
    }

    /** Output or an interrupt ends a read that waits; after an interrupt the stream still works. */
    static void waitForOutput(Subject subject, Where where, int number) throws Exception {
        Belief belief = subject.belief;
        if (subject.hasEvents() || !belief.attends() || belief.outputClosed || subject.options.style() == Options.Style.READERS) {
            return;
        }
        byte[] buffer = new byte[100];
        Blocked<Integer> read = new Blocked<>(where, () -> subject.process.getInputStream().read(buffer, 10, 90));
        if (number % 3 == 0) {
            read.thread.interrupt();
            assertThrows(InterruptedIOException.class, read::result);
            return;
        }
        String answer = "(" + belief.size.rows() + "x" + belief.size.columns() + ")";
        Typing.type(subject, Where.PLATFORM, number, "s\n");
        int count = read.result();
        assertEquals(answer.substring(0, count), new String(buffer, 10, count, StandardCharsets.US_ASCII));
        ((Ears.Reading) subject.ears).read(Arrays.copyOfRange(buffer, 10, 10 + count));
        subject.answered(answer);
    }

    /** An interrupt or room ends a write that waits; the exception of an interrupt has the number of bytes written. */
    static void waitForRoom(Subject subject, Where where, int number) throws Exception {
        if (subject.hasEvents() || !subject.belief.attends()) {
            return;
        }
        TalkSteps.sleep(subject, Where.PLATFORM, 0);
        byte[] lines = ("q" + TalkSteps.letters(98) + "\n").repeat(2000).getBytes(StandardCharsets.US_ASCII);
        Blocked<Integer> write = new Blocked<>(where, () -> {
            subject.process.getOutputStream().write(lines);
            return lines.length;
        });
        int done = 0;
        if (number % 2 == 0) {
            write.thread.interrupt();
            done = assertThrows(InterruptedIOException.class, write::result).bytesTransferred;
            assertTrue(done > 0 && done < lines.length, subject::toString);
        }
        TalkSteps.wake(subject, Where.PLATFORM, 0);
        if (done == 0) {
            assertEquals(lines.length, write.result());
        } else {
            Typing.type(subject, Where.PLATFORM, 0, Arrays.copyOfRange(lines, done, lines.length));
        }
        TalkSteps.askForSize(subject, Where.PLATFORM, number);
    }

    /** A blocked call on a thread that can be interrupted. */
    private static final class Blocked<T> {

        private final FutureTask<T> task;
        final Thread thread;

        Blocked(Where where, Callable<T> call) throws Exception {
            task = new FutureTask<>(call);
            thread = where == Where.VIRTUAL ? Thread.ofVirtual().start(task) : Thread.ofPlatform().daemon().start(task);
            Await.blocked(thread);
        }

        T result() throws Exception {
            try {
                return task.get(Where.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException failed) {
                throw (Exception) failed.getCause();
            }
        }
    }
}
