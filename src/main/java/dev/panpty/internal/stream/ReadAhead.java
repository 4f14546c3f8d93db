package dev.panpty.internal.stream;

import dev.panpty.internal.process.ByteQueue;
import dev.panpty.internal.process.Channel;
import dev.panpty.internal.process.NoData;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Scratch;
import java.io.IOException;
import java.util.Optional;

/**
 * Output that was read from a channel before a caller asked for it, or to be dropped, and why there will be no more. Guarded by its
 * reader's lock.
 */
final class ReadAhead {

    /** How much is read ahead of the reader while a writer waits, and after the exit while others hold the channel. */
    static final int LIMIT_BYTES = 256 * 1024;

    private static final int DROP_SLICE_BYTES = 64 * 1024;

    private final Channel channel;
    private final ByteQueue bytes = new ByteQueue();
    private Optional<String> failure = Optional.empty();
    private volatile long droppedBytes; // written with the lock

    ReadAhead(Channel channel) {
        this.channel = channel;
    }

    long size() {
        return bytes.size();
    }

    /** Whether no more is to be read ahead. */
    boolean isFull() {
        return bytes.size() >= LIMIT_BYTES;
    }

    /** As {@link ByteQueue#take}. */
    int take(byte[] target, int offset, int length) {
        return bytes.take(target, offset, length);
    }

    /** Reads into memory, which is allocated before the read, up to so many bytes in all; true at the end of the output. */
    boolean drain(long limit) {
        if (channel.end().isAtEnd()) {
            return true; // without memory
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

    /** Drops what was read. */
    void drop() {
        droppedBytes += bytes.clear();
    }

    /** From here on this side drops what comes, on the loop's thread. Without the lock. */
    void beginToDrop() {
        channel.listenByEdges();
        channel.readyLater(true, false); // the edge of what is there may have come before
    }

    /** Reads and drops a slice, the next when the reader is ready again, soon; true at the end of the output. */
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

    /** Whether no more will come; a reader gets the failure once memory is empty. */
    private boolean isOver(NoData nothing, int answer) {
        if (nothing == NoData.FAULT) {
            fail(cannotRead(answer));
        }
        return nothing == NoData.FAULT || nothing == NoData.END;
    }

    String cannotRead(int error) {
        return "read from " + channel + ": " + Errno.describe(-error);
    }

    /** It ends too soon. */
    void fail(String reason) {
        failure = Optional.of(reason);
    }

    /** The answer to a reader at the end. */
    int atEnd() throws IOException {
        if (failure.isPresent()) {
            throw new IOException(failure.get());
        }
        return -1;
    }

    /** For a writer, which reports it now; the next read meets the same failure. */
    void throwFailure() throws IOException {
        if (failure.isPresent()) {
            String reason = failure.get();
            failure = Optional.empty();
            throw new IOException(reason);
        }
    }
}
