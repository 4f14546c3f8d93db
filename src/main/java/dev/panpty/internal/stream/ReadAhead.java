package dev.panpty.internal.stream;

import dev.panpty.internal.process.ByteQueue;
import dev.panpty.internal.process.Channel;
import dev.panpty.internal.process.NoData;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Scratch;
import java.io.IOException;
import java.util.Optional;

/**
 * The output that a {@link StreamReader} has read from its channel before a caller asked for it: the queue in heap memory, the count of
 * dropped bytes, and the failure that ends the output.
 *
 * <pre>
 *   channel --drain-----> queue --take--> caller
 *                         queue --drop--> dropped
 *   channel --dropSlice-----------------> dropped
 *
 *   no failure --fail--> failure --queue empty, {@link #atEnd}--> thrown at each read
 *                                --{@link #throwFailure}--------> thrown once, to a writer that read ahead
 * </pre>
 *
 * <p>Guarded by its reader's lock.
 */
final class ReadAhead {

    /** How much is read ahead while a writer waits for room, and after the child's exit while other processes hold the channel. */
    static final int LIMIT_BYTES = 256 * 1024;

    private static final int DROP_SLICE_BYTES = 64 * 1024;

    private final Channel channel;
    private final ByteQueue bytes = new ByteQueue();
    private Optional<String> failure = Optional.empty();
    private volatile long droppedBytes; // written under the lock

    ReadAhead(Channel channel) {
        this.channel = channel;
    }

    long size() {
        return bytes.size();
    }

    /** Whether the limit of reading ahead is reached. */
    boolean isFull() {
        return bytes.size() >= LIMIT_BYTES;
    }

    /** As {@link ByteQueue#take}. */
    int take(byte[] target, int offset, int length) {
        return bytes.take(target, offset, length);
    }

    /** Reads into the queue until it has so many bytes; true at the end of the output. Memory is allocated before each read. */
    boolean drain(long limit) {
        if (channel.end().isAtEnd()) {
            return true; // allocates nothing
        }
        try {
            while (bytes.size() < limit) {
                byte[] room = bytes.room();
                int count = channel.read(room, bytes.roomOffset(), room.length - bytes.roomOffset());
                if (count > 0) {
                    bytes.filled(count);
                } else {
                    NoData nothing = channel.end().classify(count);
                    if (nothing != NoData.AGAIN) {
                        return isOver(nothing, count);
                    }
                }
            }
            return false;
        } finally {
            bytes.trim();
        }
    }

    /** Drops the queue. */
    void drop() {
        droppedBytes += bytes.clear();
    }

    /** From now on the loop's thread reads and drops. With the lock or without it. */
    void beginToDrop() {
        channel.listenByEdges();
        channel.readyLater(true, false); // the edge of the data that is readable now may have come before
    }

    /** Reads and drops a slice, and posts the next one to the loop; true at the end of the output. */
    boolean dropSlice() {
        try (Scratch scratch = Scratch.take()) {
            for (int dropped = 0; dropped < DROP_SLICE_BYTES; ) {
                int count = channel.read(scratch);
                if (count <= 0) {
                    NoData nothing = channel.end().classify(count);
                    if (nothing != NoData.AGAIN) {
                        return isOver(nothing, count);
                    }
                    continue;
                }
                dropped += count;
                droppedBytes += count;
            }
        }
        channel.readyLater(true, false);
        return false;
    }

    /** Any thread. */
    long droppedBytes() {
        return droppedBytes;
    }

    /** Whether no more output will come. A reader gets the failure once the queue is empty. */
    private boolean isOver(NoData nothing, int answer) {
        if (nothing == NoData.FAULT) {
            fail(cannotRead(answer));
        }
        return nothing == NoData.FAULT || nothing == NoData.END;
    }

    String cannotRead(int error) {
        return "read from " + channel + ": " + Errno.describe(-error);
    }

    /** The output ends before its end was read. */
    void fail(String reason) {
        failure = Optional.of(reason);
    }

    /** What a read gives once the queue is empty and no more output will come. */
    int atEnd() throws IOException {
        if (failure.isPresent()) {
            throw new IOException(failure.get());
        }
        return -1;
    }

    /** For a writer that read ahead, which reports the failure; the next read of the channel fails the same way. */
    void throwFailure() throws IOException {
        if (failure.isPresent()) {
            String reason = failure.get();
            failure = Optional.empty();
            throw new IOException(reason);
        }
    }
}
