package dev.panpty.bench;

import java.io.BufferedReader;
import java.io.IOException;

/** The process of a {@link Contestant}; one thread requests measurements from it, one after the other. */
final class Running implements AutoCloseable {

    private static final long QUIET_NANOS = 4_000_000_000L;
    private static final long LONGEST_NANOS = 40_000_000_000L;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double HARDLY = 0.02;

    private final Contestant contestant;
    private final Process process;
    private final BufferedReader answers;

    Running(Contestant contestant, int heapGib) throws IOException {
        this.contestant = contestant;
        process = new ProcessBuilder(contestant.command(heapGib)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        answers = process.inputReader();
    }

    Measurement measure(Workload workload, int count) throws IOException {
        process.outputWriter().append(workload + " " + count + "\n").flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException(process + " has ended");
        }
        return Measurement.parse(answer);
    }

    /** Runs the workload until the JVM, if it is one, has compiled hardly anything for some seconds, or 40 seconds are over. */
    void warmUp(Workload workload, int count) throws IOException {
        Progress.say("warming up " + contestant.label());
        long begin = System.nanoTime();
        long quietSince = begin;
        double compiledBefore = 0;
        for (long now = begin; now - quietSince < QUIET_NANOS && now - begin < LONGEST_NANOS; ) {
            double compiled = measure(workload, count).number("compiled") * NANOS_PER_MILLI;
            long after = System.nanoTime();
            if (compiled - compiledBefore > (after - now) * HARDLY) {
                quietSince = after;
            }
            compiledBefore = compiled;
            now = after;
        }
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException {
        process.outputWriter().close();
        process.onExit().join();
    }
}
