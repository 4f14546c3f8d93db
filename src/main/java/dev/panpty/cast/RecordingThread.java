package dev.panpty.cast;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Writes what is in an {@link EventBuffer} to the files, on a virtual thread of its own.
 *
 * <pre>
 *   new --start--> writing --the buffer's end--> done: the files are closed
 *   writing --a write fails--> failed: the files are cut behind the last whole event and closed; the buffer drops
 * </pre>
 */
final class RecordingThread {

    private static final Duration FLUSH_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofDays(1);

    private final EventBuffer buffer;
    private final Encoder encoder;
    private final List<FileSink> files;
    private final List<Sink> sinks;
    private final boolean flushes;
    private final CompletableFuture<Void> done;
    private volatile Optional<IOException> failure = Optional.empty();

    /** @param flushes whether the sinks hold bytes back */
    RecordingThread(EventBuffer buffer, Encoder encoder, List<FileSink> files, List<Sink> sinks, boolean flushes, CompletableFuture<Void> done) {
        this.buffer = buffer;
        this.encoder = encoder;
        this.files = files;
        this.sinks = sinks;
        this.flushes = flushes;
        this.done = done;
    }

    void start(Header header) {
        Thread.ofVirtual().name("panpty-recorder").start(() -> run(header));
    }

    /** Why nothing is written any more. */
    Optional<IOException> failure() {
        return failure;
    }

    private void run(Header header) {
        try {
            write(header);
            done.complete(null);
        } catch (IOException failed) {
            fail(failed);
        } catch (InterruptedException | RuntimeException | Error failed) {
            fail(new IOException("the recorder has failed", failed));
        }
    }

    private void write(Header header) throws IOException, InterruptedException {
        for (FileSink file : files) {
            file.begin();
        }
        encoder.begin(header);
        flush();
        List<CastEvent> batch = new ArrayList<>();
        long flushedNanos = System.nanoTime();
        boolean unflushed = false;
        Duration wait = LONG;
        while (buffer.next(batch, wait)) {
            for (CastEvent event : batch) {
                encoder.event(event);
                if (wantsFlush()) {
                    flush();
                }
            }
            unflushed |= flushes && !batch.isEmpty();
            Duration left = FLUSH_INTERVAL.minusNanos(System.nanoTime() - flushedNanos);
            if (unflushed && !left.isPositive()) {
                flush();
                flushedNanos = System.nanoTime();
                unflushed = false;
            }
            wait = unflushed ? left : LONG;
        }
        encoder.end(buffer.endTime());
        for (Sink sink : sinks) {
            sink.close();
        }
    }

    private boolean wantsFlush() {
        for (Sink sink : sinks) {
            if (sink.wantsFlush()) {
                return true;
            }
        }
        return false;
    }

    /** All of them: a log without its times cannot be read. */
    private void flush() throws IOException {
        for (Sink sink : sinks) {
            sink.flush();
        }
    }

    private void fail(IOException reason) {
        for (Sink sink : sinks) {
            attempt(reason, sink::recover);
            attempt(reason, sink::close);
        }
        failure = Optional.of(reason);
        buffer.drop();
        done.completeExceptionally(reason);
    }

    /** A step of the recovery. */
    private interface Step {
        void run() throws IOException;
    }

    private static void attempt(IOException reason, Step step) {
        try {
            step.run();
        } catch (IOException failed) {
            reason.addSuppressed(failed);
        }
    }
}
