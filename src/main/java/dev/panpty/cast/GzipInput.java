package dev.panpty.cast;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Decompresses; a file that ends without its trailer ends there. */
final class GzipInput extends FilterInputStream {

    static final int BUFFER_BYTES = 64 * 1024;

    private final String name;
    private long offset;
    private boolean torn;

    private GzipInput(String name, InputStream plain) {
        super(plain);
        this.name = name;
    }

    static GzipInput open(String name, InputStream compressed) throws IOException {
        try {
            return new GzipInput(name, new GZIPInputStream(compressed, BUFFER_BYTES));
        } catch (EOFException | ZipException wrong) {
            throw CastException.atByte(name, 0, "not the header of gzip: " + wrong.getMessage());
        }
    }

    @Override
    public int read(byte[] target, int index, int length) throws IOException {
        if (torn) {
            return -1;
        }
        try {
            int count = super.read(target, index, length);
            offset += Math.max(count, 0);
            return count;
        } catch (EOFException end) {
            torn = true;
            return -1;
        } catch (ZipException wrong) {
            throw CastException.atByte(name, offset, "not gzip: " + wrong.getMessage());
        }
    }
}
