package dev.panpty.stress;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Chatter.Transcript;
import dev.panpty.testing.Chatter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** The helper threads of a {@link ChaosLife}: they read and write, which may block, until the end. */
final class ChaosThreads {

    private final ChaosChild child;
    private final boolean interruptsWriter;
    private volatile Thread reader;
    private volatile Thread writer;

    ChaosThreads(ChaosChild child, boolean interruptsWriter) {
        this.child = child;
        this.interruptsWriter = interruptsWriter;
    }

    /** Interrupts the reader of the output, and the writer if the plan says so. */
    void interrupt() {
        Optional.ofNullable(reader).filter(thread -> !child.outputClosed).ifPresent(Thread::interrupt);
        Optional.ofNullable(writer).ifPresent(Thread::interrupt);
    }

    Void listenToOutput(Transcript transcript) throws IOException {
        reader = Thread.currentThread();
        return listen(child.process.getInputStream(), transcript);
    }

    Void listenToErrors(Transcript transcript) throws IOException {
        return listen(child.process.getErrorStream(), transcript);
    }

    /** Reads a stream to its end, through interrupts. */
    private Void listen(InputStream stream, Transcript transcript) throws IOException {
        byte[] buffer = new byte[10_000];
        for (;;) {
            try {
                int count = stream.read(buffer);
                if (count < 0) {
                    return null;
                }
                transcript.accept(ByteBuffer.wrap(buffer, 0, count));
            } catch (InterruptedIOException interrupted) {
                assertTrue(Thread.interrupted(), "the interrupt status is kept");
            } catch (IOException closed) {
                if (child.outputClosed && closed.getMessage().equals("Stream closed") || closed.getMessage().startsWith("output cut")) {
                    return null;
                }
                throw closed;
            }
        }
    }

    /** Writes units into a stream until it must stop or the child has ended. */
    Void talk(int number, Random choices) throws Exception {
        if (interruptsWriter) {
            writer = Thread.currentThread();
        }
        OutputStream stream = child.process.getOutputStream();
        for (int unit = 0; !child.ending && !child.inputClosed; unit++) {
            byte[] bytes = Chatter.unit(number, unit, choices.nextInt(ChaosChild.MAX_PADDING));
            try {
                writeAll(stream, bytes);
                if (!interruptsWriter && choices.nextInt(10) == 0) {
                    child.type(choices);
                }
            } catch (IOException over) {
                child.awaitOver(over);
            }
            LockSupport.parkNanos(choices.nextLong(ChaosChild.MAX_PAUSE_NANOS));
        }
        if (child.inputClosed) {
            try {
                stream.close();
            } catch (IOException interruptedOrOver) {
                Thread.interrupted(); // the interrupt may come before or after the close
            }
        }
        return null;
    }

    private static void writeAll(OutputStream stream, byte[] bytes) throws IOException {
        for (int done = 0; done < bytes.length; ) {
            try {
                stream.write(bytes, done, bytes.length - done);
                return;
            } catch (InterruptedIOException interrupted) {
                assertTrue(Thread.interrupted(), "the interrupt status is kept");
                done += interrupted.bytesTransferred;
            }
        }
    }

    /** Writes units by the transport, concurrently with the caller. */
    Void send(int number, Random choices) throws Exception {
        for (int unit = 0; !child.ending && !child.inputClosed; LockSupport.parkNanos(choices.nextLong(ChaosChild.MAX_PAUSE_NANOS))) {
            if (child.process.pendingBytes() < ChaosChild.MAX_PENDING_BYTES) {
                try {
                    child.process.write(Chatter.unit(number, unit, choices.nextInt(ChaosChild.MAX_PADDING)));
                    unit++;
                } catch (IllegalStateException over) {
                    child.awaitOver(over);
                }
            }
        }
        return null;
    }
}
