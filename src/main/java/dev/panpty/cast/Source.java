package dev.panpty.cast;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The bytes of a file that a recording is read from, once for each reader.
 *
 * @param name for messages
 */
record Source(String name, Opener opener) {

    /** Opens the file. */
    interface Opener {
        InputStream open() throws IOException;
    }

    static Source of(Path path) {
        return new Source(path.toString(), () -> Files.newInputStream(path));
    }

    /** Of a stream that was read into memory. */
    static Source of(byte[] bytes) {
        return new Source("stream", () -> new ByteArrayInputStream(bytes));
    }

    /** From the begin, decompressed if that is what the file is. */
    ByteInput open() throws IOException {
        InputStream stream = new BufferedInputStream(opener.open(), GzipInput.BUFFER_BYTES);
        try {
            stream.mark(2);
            boolean compressed = stream.read() == 0x1f && stream.read() == 0x8b;
            stream.reset();
            return new ByteInput(name, compressed ? GzipInput.open(name, stream) : stream);
        } catch (IOException failed) {
            stream.close();
            throw failed;
        }
    }
}
