package dev.panpty.cast;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Decompresses; a file that ends without its trailer ends there. */
final class GzipInput extends FilterInputStream {

    static final int BUFFER_BYTES = 64 * 1024;

    private boolean torn;

    GzipInput(InputStream compressed) throws IOException {
        super(new GZIPInputStream(compressed, BUFFER_BYTES));
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (torn) {
            return -1;
        }
        try {
            return super.read(target, offset, length);
        } catch (EOFException end) {
            torn = true;
            return -1;
        }
    }
}
