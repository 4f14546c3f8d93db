package dev.panpty.internal.stream;

import dev.panpty.internal.loop.LoopThread;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.Reference;
import java.util.Objects;

/** The program's input as a stream; see {@code PtyProcess.getOutputStream}. Any thread; what one call writes stays together. */
final class TerminalOutputStream extends OutputStream {

    private final StreamWriter writer;
    private final Object owner;

    /** @param owner kept reachable by this: the terminal is closed when it is unreachable */
    TerminalOutputStream(StreamWriter writer, Object owner) {
        this.writer = writer;
        this.owner = owner;
    }

    @Override
    public void write(int value) throws IOException {
        LoopThread.refuse("write", "use ProcessTransport.write");
        try {
            writer.write(value);
        } finally {
            Reference.reachabilityFence(owner); // the process must not be collected during the wait
        }
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        LoopThread.refuse("write", "use ProcessTransport.write");
        try {
            writer.write(source, offset, length, false);
        } finally {
            Reference.reachabilityFence(owner);
        }
    }

    /** End of input for the program: VEOF is typed, no hang-up. */
    @Override
    public void close() throws IOException {
        LoopThread.refuse("close", "use ProcessTransport.closeStdin");
        try {
            writer.endOfInput();
        } finally {
            Reference.reachabilityFence(owner);
        }
    }

    @Override
    public String toString() {
        return "input of " + owner;
    }
}
