package dev.panpty.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

/** The workloads by blocking streams: one thread of the given kind reads and writes each terminal. */
final class StreamWorkloads implements Work {

    private static final int MIB = 1 << 20;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MESSAGE_BYTES = 64;

    private final Library library;
    private final String counterpart;
    private final Thread.Builder threads;
    private final byte[] buffer = new byte[BUFFER_BYTES];

    StreamWorkloads(Library library, String counterpart, Thread.Builder threads) {
        this.library = library;
        this.counterpart = counterpart;
        this.threads = threads;
    }

    @Override
    public void run(String workload, int count, Meter meter) throws Exception {
        if (threads instanceof Thread.Builder.OfPlatform) {
            Work.super.run(workload, count, meter); // this thread is a platform thread
            return;
        }
        FutureTask<Void> task = new FutureTask<>(() -> {
            Work.super.run(workload, count, meter);
            return null;
        });
        threads.start(task);
        task.get();
    }

    @Override
    public void spawn(int count, Meter meter) throws Exception {
        meter.begin();
        for (int i = 0; i < count; i++) {
            Process process = library.start("/bin/true");
            readToEnd(process);
            end(process);
        }
        meter.end(count);
    }

    @Override
    public void output(String role, int mib, Meter meter) throws Exception {
        meter.begin();
        Process process = library.start(counterpart, role, Integer.toString(mib));
        long bytes = readToEnd(process);
        if (bytes < (long) mib * MIB) {
            throw new IOException("output incomplete: " + bytes);
        }
        end(process);
        meter.end(mib);
    }

    @Override
    public void echo(int count, Meter meter) throws Exception {
        long[] laps = new long[count];
        Process process = startEcho();
        InputStream input = process.getInputStream();
        OutputStream output = process.getOutputStream();
        meter.begin();
        for (int i = 0; i < count; i++) {
            long begin = System.nanoTime();
            output.write('x');
            output.flush();
            expect(input, 'x');
            laps[i] = System.nanoTime() - begin;
        }
        meter.end(count);
        meter.laps(laps);
        process.destroyForcibly();
        end(process);
    }

    @Override
    public void feed(int mib, Meter meter) throws Exception {
        Process process = library.start(counterpart, "sum", Integer.toString(mib));
        expect(process.getInputStream(), 'R');
        OutputStream output = process.getOutputStream();
        Feed feed = new Feed(mib);
        meter.begin();
        while (feed.hasNext()) {
            output.write(feed.next());
        }
        output.flush();
        meter.end(mib);
        feed.check(new String(process.getInputStream().readAllBytes()));
        end(process);
    }

    @Override
    public void terminals(int count, Meter meter) throws Exception {
        meter.beginGrowth();
        meter.begin();
        CountDownLatch begin = new CountDownLatch(1);
        CountDownLatch exchanged = new CountDownLatch(count);
        CountDownLatch end = new CountDownLatch(1);
        List<Process> processes = new ArrayList<>();
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Process process = startEcho();
            processes.add(process);
            FutureTask<Void> task = new FutureTask<>(() -> {
                begin.await();
                exchange(process, Meter.messages(count));
                exchanged.countDown();
                end.await(); // so that the thread exists while memory and threads are counted
                return null;
            });
            threads.start(task);
            tasks.add(task);
        }
        begin.countDown();
        exchanged.await();
        meter.pause();
        meter.endGrowth(count);
        meter.begin();
        end.countDown();
        for (FutureTask<Void> task : tasks) {
            task.get();
        }
        for (Process process : processes) {
            process.destroyForcibly();
            end(process);
        }
        meter.end((long) count * Meter.messages(count));
    }

    private static void exchange(Process process, int messages) throws IOException {
        byte[] message = new byte[MESSAGE_BYTES];
        OutputStream output = process.getOutputStream();
        InputStream input = process.getInputStream();
        for (int i = 0; i < messages; i++) {
            output.write(message);
            output.flush();
            if (input.readNBytes(message, 0, MESSAGE_BYTES) < MESSAGE_BYTES) {
                throw new IOException("a terminal ended early");
            }
        }
    }

    private Process startEcho() throws IOException {
        Process process = library.start(counterpart, "echo");
        expect(process.getInputStream(), 'R');
        return process;
    }

    private static void expect(InputStream input, char expected) throws IOException {
        int read = input.read();
        if (read != expected) {
            throw new IOException("expected " + expected + ", read " + read);
        }
    }

    private long readToEnd(Process process) throws IOException {
        InputStream input = process.getInputStream();
        long total = 0;
        for (int count; (count = input.read(buffer)) >= 0; ) {
            total += count;
        }
        return total;
    }

    private static void end(Process process) throws Exception {
        process.waitFor();
        Library.close(process);
    }
}
