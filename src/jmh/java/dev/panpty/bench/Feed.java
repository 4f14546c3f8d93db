package dev.panpty.bench;

import java.io.IOException;

/** The bytes written to the counterpart, the same as those of {@code src/test/c/reference.c}: every 64 KiB begin with their own number. */
final class Feed {

    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int CHUNKS_OF_MIB = (1 << 20) / CHUNK_BYTES;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final byte[] chunk = new byte[CHUNK_BYTES];
    private final int chunks;
    private int next;

    Feed(int mib) {
        chunks = mib * CHUNKS_OF_MIB;
        for (int i = 0; i < CHUNK_BYTES; i++) {
            chunk[i] = (byte) (i * 31 + (i >> 8));
        }
    }

    boolean hasNext() {
        return next < chunks;
    }

    /** The next 64 KiB, valid until the next call. */
    byte[] next() {
        chunk[0] = (byte) next++;
        return chunk;
    }

    /** Compares the hash with that which the counterpart printed for all bytes that arrived. */
    void check(String hash) throws IOException {
        long expected = FNV_OFFSET;
        for (next = 0; hasNext(); ) {
            for (byte one : next()) {
                expected = (expected ^ one & 0xff) * FNV_PRIME;
            }
        }
        if (!hash.equals(String.format("%016x", expected))) {
            throw new IOException("another content arrived: " + hash);
        }
    }
}
