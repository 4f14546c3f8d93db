package dev.panpty.cast;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file, which need not be a regular one. It keeps its content until {@link #begin}, so that a program that does not start costs no old
 * recording.
 *
 * <pre>
 *   opened --begin: emptied--> written --a write fails--> failed --recover: cut behind the last whole write--> written
 *   opened --close--> closed; deleted if it was created here
 *   written, failed --close--> closed
 * </pre>
 */
final class FileSink implements Sink {

    private final Path path;
    private final boolean created;
    private final boolean regular;
    private final FileChannel channel;
    private boolean begun;
    private long end; // behind the last whole write

    private FileSink(Path path, boolean created, FileChannel channel) {
        this.path = path;
        this.created = created;
        this.channel = channel;
        regular = Files.isRegularFile(path);
    }

    static FileSink open(Path path) throws IOException {
        boolean created = !Files.exists(path);
        return new FileSink(path, created, FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
    }

    Path path() {
        return path;
    }

    void begin() throws IOException {
        begun = true;
        truncate(0);
    }

    @Override
    public void write(byte[] data, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(data, 0, length);
        do {
            channel.write(bytes); // one call, unless the disk is full
        } while (bytes.hasRemaining());
        end += length;
    }

    /** Behind the last whole write. */
    long end() {
        return end;
    }

    /** Cuts it off there; without effect on a pipe or a device. */
    void truncate(long size) throws IOException {
        end = size;
        if (regular) {
            channel.truncate(size);
            channel.position(size);
        }
    }

    @Override
    public void recover() throws IOException {
        truncate(end);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!begun && created) {
            Files.deleteIfExists(path);
        }
    }
}
