package dev.panpty.bench;

import dev.panpty.ProcessProtocol;
import dev.panpty.ProcessTransport;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Allocations of reads and writes, to be run with {@code -prof gc}, which counts all threads, the reactor's too. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class AllocationBenchmark {

    private static final int MESSAGE_BYTES = 64;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int ENDLESS_MIB = 1 << 20;

    /** A program that writes, read by a stream. */
    @State(Scope.Thread)
    public static class Reading {

        private final byte[] buffer = new byte[BUFFER_BYTES];
        private PtyProcess process;
        private InputStream input;

        /** Starts it. */
        @Setup
        public void start() throws IOException {
            process = PtyProcess.start(Native.program("counterpart"), "write", Integer.toString(ENDLESS_MIB));
            input = process.getInputStream();
        }

        /** Ends it. */
        @TearDown
        public void end() {
            process.close();
        }
    }

    /** A program that echoes, by streams. */
    @State(Scope.Thread)
    public static class Echoing {

        private final byte[] message = new byte[MESSAGE_BYTES];
        private PtyProcess process;
        private InputStream input;
        private OutputStream output;

        /** Starts it. */
        @Setup
        public void start() throws IOException {
            process = PtyProcess.start(Native.program("counterpart"), "echo");
            input = process.getInputStream();
            output = process.getOutputStream();
            input.read();
        }

        /** Ends it. */
        @TearDown
        public void end() {
            process.close();
        }
    }

    /** A program that reads and writes nothing, by streams. */
    @State(Scope.Thread)
    public static class Writing {

        private final byte[] chunk = new byte[BUFFER_BYTES];
        private PtyProcess process;
        private OutputStream output;

        /** Starts it. */
        @Setup
        public void start() throws IOException {
            process = PtyProcess.start(Native.program("counterpart"), "sum", Integer.toString(ENDLESS_MIB));
            process.getInputStream().read();
            output = process.getOutputStream();
        }

        /** Ends it. */
        @TearDown
        public void end() {
            process.close();
        }
    }

    /** A program that echoes, by a protocol that wakes the thread that waits for the echo. */
    @State(Scope.Thread)
    public static class EchoingProtocol implements ProcessProtocol {

        private final ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE_BYTES);
        private final CountDownLatch ready = new CountDownLatch(1);
        private PtyProcess process;
        private Thread waiting;
        private volatile int missing = 1;

        /** Starts it. */
        @Setup
        public void start() throws Exception {
            process = new PtyProcessBuilder(Native.program("counterpart"), "echo").start(this);
            ready.await();
        }

        @Override
        public void outReceived(ByteBuffer data) {
            missing -= data.remaining();
            if (missing == 0) {
                ready.countDown();
                LockSupport.unpark(waiting);
            }
        }

        private void roundTrip() {
            waiting = Thread.currentThread();
            missing = MESSAGE_BYTES;
            process.write(message.rewind());
            while (missing > 0) {
                LockSupport.park(this);
            }
        }

        /** Ends it. */
        @TearDown
        public void end() {
            process.close();
        }
    }

    /** A program that writes, by a protocol that pauses after each 64 KiB. */
    @State(Scope.Thread)
    public static class ReadingProtocol implements ProcessProtocol {

        private final CountDownLatch paused = new CountDownLatch(1);
        private ProcessTransport transport;
        private PtyProcess process;
        private volatile Thread waiting;
        private volatile int missing;

        /** Starts it. */
        @Setup
        public void start() throws Exception {
            process = new PtyProcessBuilder(Native.program("counterpart"), "write", Integer.toString(ENDLESS_MIB)).start(this);
            paused.await(); // else the pause could come after the first resume
        }

        @Override
        public void connectionMade(ProcessTransport connected) {
            transport = connected;
            transport.pauseProducing();
            paused.countDown();
        }

        @Override
        public void outReceived(ByteBuffer data) {
            int left = missing - data.remaining();
            if (left <= 0) {
                transport.pauseProducing();
            }
            missing = left;
            if (left <= 0) {
                LockSupport.unpark(waiting);
            }
        }

        private void read() {
            waiting = Thread.currentThread();
            missing = BUFFER_BYTES;
            process.resumeProducing();
            while (missing > 0) {
                LockSupport.park(this);
            }
        }

        /** Ends it. */
        @TearDown
        public void end() {
            process.close();
        }
    }

    /** One read of the available bytes, at most 64 KiB. */
    @Benchmark
    public int streamRead(Reading state) throws IOException {
        return state.input.read(state.buffer);
    }

    /** One write of 64 KiB. */
    @Benchmark
    public void streamWrite(Writing state) throws IOException {
        state.output.write(state.chunk);
    }

    /** 64 bytes to the program and back. */
    @Benchmark
    public int streamEcho(Echoing state) throws IOException {
        state.output.write(state.message);
        return state.input.readNBytes(state.message, 0, MESSAGE_BYTES);
    }

    /** 64 KiB of output, in any number of calls. */
    @Benchmark
    public void protocolRead(ReadingProtocol state) {
        state.read();
    }

    /** 64 bytes to the program and back. */
    @Benchmark
    public void protocolEcho(EchoingProtocol state) {
        state.roundTrip();
    }
}
