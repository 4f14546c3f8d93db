package dev.panpty.testing;

import dev.panpty.ProcessFlow;
import dev.panpty.ProcessProtocol;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** The ways to use a process, each with a reader that reads all of the time. */
public enum TapStyle {
    /** A platform thread reads a stream. */
    PLATFORM_THREAD,
    /** A virtual thread reads a stream. */
    VIRTUAL_THREAD,
    PROTOCOL,
    FLOW;

    public boolean hasStreams() {
        return this == PLATFORM_THREAD || this == VIRTUAL_THREAD;
    }

    /** What the reader has got. */
    public static class Reader extends ProtocolRecorder implements Flow.Subscriber<ByteBuffer> {

        private final ByteArrayOutputStream read = new ByteArrayOutputStream();
        private volatile int size;
        private volatile Thread thread;
        private volatile PtyProcess process;

        @Override
        public void outReceived(ByteBuffer data) {
            super.outReceived(data);
            onNext(data.flip());
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer data) {
            byte[] copy = new byte[data.remaining()];
            data.get(copy);
            read.writeBytes(copy); // one thread
            size = read.size();
        }

        @Override
        public void onError(Throwable thrown) {
            super.onError(thrown);
        }

        @Override
        public void onComplete() {
            // the process is waited for
        }

        private void readStream() {
            byte[] buffer = new byte[1 << 13];
            try {
                for (int count = process.getInputStream().read(buffer); count >= 0; count = process.getInputStream().read(buffer)) {
                    onNext(ByteBuffer.wrap(buffer, 0, count));
                }
            } catch (IOException closed) {
                // the test has closed it
            }
        }

        public final int readSize() {
            return size;
        }

        public final PtyProcess process() {
            return process;
        }

        /** All that it has read, once the process has ended. */
        public final byte[] allRead() throws Exception {
            process.onEnd().get();
            if (thread != null) {
                thread.join();
            }
            return read.toByteArray();
        }
    }

    /** Starts the program and a reader of its output. */
    public Reader start(PtyProcessBuilder builder) throws IOException {
        return start(builder, new Reader());
    }

    public Reader start(PtyProcessBuilder builder, Reader reader) throws IOException {
        switch (this) {
            case PROTOCOL -> reader.process = builder.start((ProcessProtocol) reader);
            case FLOW -> {
                ProcessFlow flow = new ProcessFlow();
                flow.output().subscribe(reader);
                reader.process = builder.start(flow);
            }
            case PLATFORM_THREAD -> {
                reader.process = builder.start();
                reader.thread = Thread.ofPlatform().daemon().start(reader::readStream);
            }
            case VIRTUAL_THREAD -> {
                reader.process = builder.start();
                reader.thread = Thread.ofVirtual().start(reader::readStream);
            }
        }
        return reader;
    }

    /** Writes on the caller's thread. */
    public void write(PtyProcess process, byte[] data) throws IOException {
        if (hasStreams()) {
            process.getOutputStream().write(data);
        } else {
            process.write(data);
        }
    }

    public void endInput(PtyProcess process) throws IOException {
        if (hasStreams()) {
            process.getOutputStream().close();
        } else {
            process.closeStdin();
        }
    }
}
