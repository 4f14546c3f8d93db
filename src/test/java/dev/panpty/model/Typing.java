package dev.panpty.model;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.panpty.PtyProcess;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** All methods that type. */
final class Typing {

    private Typing() {}

    static void type(Subject subject, Where where, int way, String text) throws Exception {
        type(subject, where, way, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A stream refuses a write on the reactor's thread; then another thread writes. */
    static void type(Subject subject, Where where, int way, byte[] bytes) throws Exception {
        if (subject.hasEvents()) {
            subject.run(where, () -> event(subject.process, way, bytes));
        } else if (where == Where.REACTOR && onLoop(subject)) {
            int unbuffered = way % 3; // a writer would buffer bytes that it cannot write, and write them later
            subject.expect(where, Optional.of(IllegalStateException.class), () -> stream(subject.process, unbuffered, bytes));
            type(subject, Where.PLATFORM, way, bytes);
        } else {
            subject.run(where, () -> stream(subject.process, way, bytes));
        }
    }

    /** Whether the process still has a loop. */
    static boolean onLoop(Subject subject) throws Exception {
        return subject.call(Where.REACTOR, () -> Thread.currentThread().getName().startsWith("panpty-reactor"));
    }

    private static void event(PtyProcess process, int way, byte[] bytes) {
        switch (way % 7) {
            case 0 -> process.write(bytes);
            case 1 -> used(ByteBuffer.wrap(bytes), process);
            case 2 -> used(ByteBuffer.wrap(padded(bytes), 3, bytes.length).slice(), process);
            case 3 -> used(direct(bytes), process);
            case 4 -> used(direct(bytes).asReadOnlyBuffer(), process);
            case 5 -> {
                int half = bytes.length / 2;
                List<ByteBuffer> pieces = List.of(ByteBuffer.wrap(bytes, 0, half), ByteBuffer.allocate(0), direct(bytes).position(half));
                process.writeSequence(pieces);
                pieces.forEach(piece -> assertFalse(piece.hasRemaining()));
            }
            default -> process.writeToChild(0, ByteBuffer.wrap(bytes));
        }
    }

    private static void used(ByteBuffer buffer, PtyProcess process) {
        process.write(buffer);
        assertFalse(buffer.hasRemaining());
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private static byte[] padded(byte[] bytes) {
        byte[] padded = new byte[bytes.length + 5];
        System.arraycopy(bytes, 0, padded, 3, bytes.length);
        return padded;
    }

    private static void stream(PtyProcess process, int way, byte[] bytes) throws Exception {
        OutputStream out = process.getOutputStream();
        switch (way % 4) {
            case 0 -> out.write(bytes);
            case 1 -> out.write(padded(bytes), 3, bytes.length);
            case 2 -> {
                for (byte each : bytes) {
                    out.write(each);
                }
                out.flush();
            }
            default -> {
                Writer writer = process.outputWriter(StandardCharsets.ISO_8859_1);
                writer.write(new String(bytes, StandardCharsets.ISO_8859_1));
                writer.flush();
            }
        }
    }
}
