package dev.panpty.cast;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Bytes that are read as lines or by count, with the place in the file for messages. One thread. */
final class ByteInput implements Closeable {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MOST_LINE_BYTES = 128 << 20;

    private final String name;
    private final InputStream stream;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    private long bufferOffset; // of the buffer's first byte
    private byte[] line = new byte[256];
    private int lineLength;
    private long lineOffset;
    private long lineNumber;
    private boolean lineComplete;

    ByteInput(String name, InputStream stream) {
        this.name = name;
        this.stream = stream;
    }

    String name() {
        return name;
    }

    /** False at the end. */
    private boolean fill() throws IOException {
        if (from == to) {
            bufferOffset += to;
            from = 0;
            to = Math.max(0, stream.read(buffer, 0, buffer.length));
        }
        return to > 0;
    }

    /** The first bytes, fewer if there are no more, which stay. Before anything is read. */
    byte[] head(int length) throws IOException {
        while (to < length) {
            int count = stream.read(buffer, to, buffer.length - to);
            if (count < 0) {
                break;
            }
            to += count;
        }
        return Arrays.copyOf(buffer, Math.min(length, to));
    }

    long offset() {
        return bufferOffset + from;
    }

    /** Reads so many bytes, or fewer at the end of the file; returns how many. */
    int read(byte[] target, int offset, int length) throws IOException {
        int count = 0;
        while (count < length && fill()) {
            int some = Math.min(length - count, to - from);
            System.arraycopy(buffer, from, target, offset + count, some);
            from += some;
            count += some;
        }
        return count;
    }

    /** Reads all; gives the last bytes of it, so many at most. */
    byte[] last(int length) throws IOException {
        byte[] last = new byte[0];
        while (fill()) {
            byte[] both = Arrays.copyOf(last, last.length + to - from);
            System.arraycopy(buffer, from, both, last.length, to - from);
            last = Arrays.copyOfRange(both, Math.max(0, both.length - length), both.length);
            from = to;
        }
        return last;
    }

    /** Reads so many bytes, or fewer at the end of the file. It takes no more memory than there are bytes. */
    byte[] read(int length) throws IOException {
        byte[] all = new byte[Math.min(length, BUFFER_BYTES)];
        int count = 0;
        while (count < length) {
            if (count == all.length) {
                all = Arrays.copyOf(all, Math.min(length, 2 * all.length));
            }
            int some = read(all, count, all.length - count);
            if (some == 0) {
                return Arrays.copyOf(all, count);
            }
            count += some;
        }
        return all;
    }

    /** Reads up to the next LF, which is not part of the line; false if nothing is left. */
    boolean nextLine() throws IOException {
        if (!fill()) {
            return false;
        }
        lineOffset = offset();
        lineNumber++;
        lineLength = 0;
        lineComplete = false;
        while (!lineComplete && fill()) {
            int at = from;
            while (at < to && buffer[at] != '\n') {
                at++;
            }
            append(at - from);
            lineComplete = at < to;
            from = lineComplete ? at + 1 : at;
        }
        return true;
    }

    /** Makes all that follows part of the line. */
    void joinAll() throws IOException {
        while (fill()) {
            append(to - from);
            from = to;
        }
        lineComplete = true;
    }

    private void append(int count) throws IOException {
        if (lineLength + count > line.length) {
            if (lineLength + count > MOST_LINE_BYTES) {
                throw wrongLine("longer than " + MOST_LINE_BYTES + " bytes");
            }
            line = Arrays.copyOf(line, Math.max(lineLength + count, line.length * 2));
        }
        System.arraycopy(buffer, from, line, lineLength, count);
        lineLength += count;
    }

    /** The line's bytes; more may follow in the array. */
    byte[] line() {
        return line;
    }

    int lineLength() {
        return lineLength;
    }

    /** Whether the line has its LF. */
    boolean isLineComplete() {
        return lineComplete;
    }

    /** Whether nothing is left. */
    boolean isAtEnd() throws IOException {
        return !fill();
    }

    CastException wrongLine(String cause) {
        return CastException.atLine(name, lineNumber, lineOffset, cause);
    }

    CastException wrongByte(long offset, String cause) {
        return CastException.atByte(name, offset, cause);
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
