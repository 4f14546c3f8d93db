package dev.panpty.internal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.internal.event.WriteQueue;
import dev.panpty.internal.event.WriteQueueProperties;
import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.stream.StreamReader;
import dev.panpty.internal.stream.StreamWriter;
import dev.panpty.internal.stream.StreamWriterTest;
import dev.panpty.internal.sys.LineMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Random bytes, typed in random modes through the guard: the refusals, and the number of VEOF at the end of the input. */
class LineGuardTest {

    private static final int INPUTS = 1000;
    private static final int MOST_UNREAD = 1000;

    private interface Typist {

        /** False if it is refused. */
        boolean type(byte[] bytes);

        void end();
    }

    private static Typist stream(EventLoop loop, TypedTerminal typed) {
        PtmxChannel terminal = new PtmxChannel(loop, typed.ptmx());
        StreamReader reader = new StreamReader(terminal, false, new StreamWriterTest.NoProcess());
        StreamWriter writer = new StreamWriter(terminal, reader, false, (message, written) -> new IOException("partial: " + message));
        return new Typist() {
            @Override
            public boolean type(byte[] bytes) {
                try {
                    writer.write(bytes, 0, bytes.length, false);
                    return true;
                } catch (IOException refused) {
                    assertTrue(refused.getMessage().contains("a line of more"), refused::getMessage);
                    assertTrue(!refused.getMessage().contains("partial"), refused::getMessage);
                    return false;
                }
            }

            @Override
            public void end() {
                try {
                    writer.endOfInput();
                } catch (IOException failed) {
                    throw new AssertionError(failed);
                }
            }
        };
    }

    private static Typist queue(EventLoop loop, TypedTerminal typed) {
        WriteQueue queue = new WriteQueue(new PtmxChannel(loop, typed.ptmx()), 1 << 20, 1 << 10, false, new WriteQueueProperties.Told());
        return new Typist() {
            @Override
            public boolean type(byte[] bytes) {
                try {
                    return queue.write(ByteBuffer.wrap(bytes));
                } catch (IllegalArgumentException refused) {
                    return false;
                }
            }

            @Override
            public void end() {
                queue.closeAfterPending();
            }
        };
    }

    @Test
    void inStreamsLinesThatFitAreAcceptedAndTheEndIsTypedOnce() throws Exception {
        checkStreams(System.nanoTime(), INPUTS);
    }

    @Test
    void inAQueueLinesThatFitAreAcceptedAndTheEndIsTypedOnce() throws Exception {
        checkQueues(System.nanoTime(), INPUTS);
    }

    /** @param seed named on failure */
    static void checkStreams(long seed, int inputs) throws InterruptedException {
        check(seed, inputs, LineGuardTest::stream);
    }

    /** @param seed named on failure */
    static void checkQueues(long seed, int inputs) throws InterruptedException {
        check(seed, inputs, LineGuardTest::queue);
    }

    private static void check(long seed, int inputs, BiFunction<EventLoop, TypedTerminal, Typist> typists) throws InterruptedException {
        EventLoop loop = EventLoop.open().value();
        try (TypedTerminal typed = new TypedTerminal(seed)) {
            for (int i = 0; i < inputs; i++) {
                typed.empty();
                typed.changeMode();
                checkOne(typed, typists.apply(loop, typed), "seed " + seed + ", input " + i + ": ");
            }
        } finally {
            loop.stop();
            loop.join();
        }
    }

    private static void checkOne(TypedTerminal typed, Typist typist, String trial) {
        LineMode mode = typed.mode();
        KernelLine model = new KernelLine();
        int unread = 0;
        StringBuilder said = new StringBuilder(trial);
        for (int writes = typed.random().nextInt(12); writes > 0; writes--) {
            byte[] bytes = typed.random().nextInt(8) == 0 ? edited(typed) : typed.randomBytes();
            KernelLine next = new KernelLine();
            next.copyFrom(model);
            boolean fits = fits(next, mode, bytes);
            said.append(TypedTerminal.hex(bytes)).append(fits ? ", " : " (too long), ");
            assertEquals(fits || bytes.length == 0, typist.type(bytes), () -> said + typed.toString());
            model = fits ? next : model;
            unread += bytes.length;
            if (unread > MOST_UNREAD) { // else there would be no room for the next
                typed.readLines();
                unread = 0;
            }
        }
        typed.readLines();
        typist.end();
        List<String> end = typed.readLines();
        if (mode.isCanonical()) { // in other modes VEOF is an ordinary byte
            assertEquals(end(model, mode), end, () -> said + typed.toString());
        }
    }

    /** A long line, most of it erased. */
    private static byte[] edited(TypedTerminal typed) {
        byte[] keys = {0x15, 0x17, 0x7f, 3};
        byte[] bytes = new byte[1500 + typed.random().nextInt(5000)];
        Arrays.fill(bytes, (byte) 'w');
        int half = bytes.length / 2;
        Arrays.fill(bytes, half, typed.random().nextInt(half, bytes.length), keys[typed.random().nextInt(keys.length)]);
        return bytes;
    }

    private static boolean fits(KernelLine line, LineMode mode, byte[] bytes) {
        line.reserve(2 * bytes.length);
        for (byte key : bytes) {
            if (mode.isCanonical()) {
                line.type(key, mode);
            }
            if (line.isOver()) {
                return false;
            }
        }
        return true;
    }

    private static List<String> end(KernelLine line, LineMode mode) {
        if (!mode.hasEndOfFile()) {
            return List.of();
        }
        if (line.isQuoting()) {
            line.reserve(2);
            line.type(mode.endOfFile(), mode);
        }
        return line.length() == 0 ? List.of("") : List.of(TypedTerminal.hex(line.toByteArray()), "");
    }
}
