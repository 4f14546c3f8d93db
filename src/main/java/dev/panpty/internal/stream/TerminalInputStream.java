package dev.panpty.internal.stream;

import dev.panpty.internal.loop.LoopThread;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.util.Objects;

/**
 * The program's output as a stream; see {@code PtyProcess.getInputStream}. Any thread; each byte goes to one reader. After close every read
 * fails, see {@link StreamReader}.
 */
final class TerminalInputStream extends InputStream {

    private final StreamReader reader;
    private final Object owner;

    /** @param owner kept reachable by this: the terminal is closed when it is unreachable */
    TerminalInputStream(StreamReader reader, Object owner) {
        this.reader = reader;
        this.owner = owner;
    }

    @Override
    public int read() throws IOException {
        LoopThread.refuse("read", "use a ProcessProtocol");
        try {
            return reader.read();
        } finally {
            Reference.reachabilityFence(owner); // the process must not be collected during the wait
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        LoopThread.refuse("read", "use a ProcessProtocol");
        try {
            return reader.read(target, offset, length);
        } finally {
            Reference.reachabilityFence(owner);
        }
    }

    @Override
    public int available() throws IOException {
        return reader.available();
    }

    /** No more output is wanted: the rest is read and dropped, so that the program does not block. */
    @Override
    public void close() {
        reader.close();
    }

    @Override
    public String toString() {
        return "output of " + owner;
    }
}
