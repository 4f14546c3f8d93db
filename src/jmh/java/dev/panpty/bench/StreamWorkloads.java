package dev.panpty.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The workloads of {@code src/test/c/reference.c} by blocking streams, on the thread that calls. */
final class StreamWorkloads {

    private static final int MIB = 1 << 20;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Library library;
    private final byte[] buffer = new byte[BUFFER_BYTES];

    StreamWorkloads(Library library) {
        this.library = library;
    }

    /** Does it so many times, or so many MiB of it. */
    void run(String workload, int count) throws Exception {
        switch (workload) {
            case "spawn" -> spawn(count);
            case "bulk" -> output("stty raw -echo; exec head -c %d /dev/zero", count);
            case "text" -> output("yes $(printf %%079d 0) | head -c %d", count);
            case "echo" -> echo(count);
            case "feed" -> feed(count);
            default -> throw new UnsupportedOperationException(workload);
        }
    }

    private void spawn(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            Process process = library.start("/bin/true");
            readToEnd(process);
            end(process);
        }
    }

    private void output(String script, int mib) throws Exception {
        Process process = shell(script, mib);
        long bytes = readToEnd(process);
        if (bytes < (long) mib * MIB) {
            throw new IOException("output incomplete: " + bytes);
        }
        end(process);
    }

    private void echo(int count) throws Exception {
        Process process = shell("stty raw -echo 2>/dev/null; printf R; exec cat", 0);
        InputStream input = process.getInputStream();
        OutputStream output = process.getOutputStream();
        expect(input, 'R');
        for (int i = 0; i < count; i++) {
            output.write('x');
            output.flush();
            expect(input, 'x');
        }
        process.destroyForcibly();
        end(process);
    }

    private void feed(int mib) throws Exception {
        Process process = shell("stty raw -echo 2>/dev/null; printf R; exec head -c %d >/dev/null", mib);
        expect(process.getInputStream(), 'R');
        OutputStream output = process.getOutputStream();
        for (long left = (long) mib * MIB; left > 0; left -= BUFFER_BYTES) {
            output.write(buffer, 0, BUFFER_BYTES);
        }
        output.flush();
        readToEnd(process);
        end(process);
    }

    private Process shell(String script, int mib) throws IOException {
        return library.start("/bin/sh", "-c", String.format(script, (long) mib * MIB));
    }

    private static void expect(InputStream input, char expected) throws IOException {
        int read = input.read();
        if (read != expected) {
            throw new IOException("expected " + expected + ", read " + read);
        }
    }

    private long readToEnd(Process process) throws IOException {
        long total = 0;
        for (int count; (count = process.getInputStream().read(buffer)) >= 0; ) {
            total += count;
        }
        return total;
    }

    private static void end(Process process) throws Exception {
        process.waitFor();
        Library.close(process);
    }
}
