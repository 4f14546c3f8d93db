package dev.panpty.cast;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A file in gzip's format (RFC 1952). After a flush all that was written can be read, although the file has no trailer yet. If a write
 * fails, the file is cut at a flush and gets its trailer there: at the last one, or at the one before, if the disk has no room for it.
 */
final class GzipSink implements Sink {

    private static final byte[] HEADER = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final byte[] LAST_BLOCK = {3, 0}; // an empty one
    private static final int TRAILER_BYTES = 8;
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int MOST_UNFLUSHED_BYTES = 32 * 1024; // what a full disk costs

    /** A place where the file can be cut: its length, and what the trailer has. */
    private record Mark(long end, int checksum, int bytes) {}

    private final FileSink file;
    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final CRC32 checksum = new CRC32();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private Mark beforeLast = new Mark(HEADER.length, 0, 0);
    private Mark last = beforeLast;
    private int bytes; // modulo 2^32
    private boolean begun;
    private boolean closed;

    GzipSink(FileSink file) {
        this.file = file;
    }

    private void begin() throws IOException {
        if (!begun) {
            file.write(HEADER, HEADER.length);
            begun = true;
        }
    }

    @Override
    public void write(byte[] data, int length) throws IOException {
        begin();
        deflater.setInput(data, 0, length);
        checksum.update(data, 0, length);
        bytes += length;
        while (!deflater.needsInput()) {
            deflate(Deflater.NO_FLUSH);
        }
    }

    @Override
    public boolean wantsFlush() {
        return file.end() - last.end >= MOST_UNFLUSHED_BYTES;
    }

    private int deflate(int flush) throws IOException {
        int count = deflater.deflate(buffer, 0, buffer.length, flush);
        if (count > 0) {
            file.write(buffer, count);
        }
        return count;
    }

    @Override
    public void flush() throws IOException {
        if (bytes == last.bytes) {
            return;
        }
        while (deflate(Deflater.SYNC_FLUSH) == buffer.length) {
            // a full buffer: more follows
        }
        beforeLast = last;
        last = new Mark(file.end(), (int) checksum.getValue(), bytes);
    }

    @Override
    public void recover() throws IOException {
        closed = true;
        try {
            finishAt(last);
        } catch (IOException full) {
            finishAt(beforeLast);
        } finally {
            deflater.end();
        }
    }

    private void finishAt(Mark mark) throws IOException {
        if (begun) {
            file.truncate(mark.end);
            file.write(LAST_BLOCK, LAST_BLOCK.length);
            trailer(mark.checksum, mark.bytes);
        }
    }

    private void trailer(int sum, int size) throws IOException {
        byte[] trailer = ByteBuffer.allocate(TRAILER_BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(sum).putInt(size).array();
        file.write(trailer, trailer.length);
    }

    @Override
    public void close() throws IOException {
        if (!closed && begun) {
            deflater.finish();
            while (!deflater.finished()) {
                deflate(Deflater.NO_FLUSH);
            }
            trailer((int) checksum.getValue(), bytes);
            deflater.end();
        }
        closed = true;
        file.close();
    }
}
