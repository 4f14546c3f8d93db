package dev.panpty.bench;

import java.io.BufferedReader;
import java.io.IOException;

/** The process of a {@link Contestant}, asked for one measurement after the other by one thread. */
final class Running implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;

    Running(Contestant contestant, int heapGib) throws IOException {
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

    /** Measures to no purpose until so much time has passed. */
    void warmUp(Workload workload, int count, long nanos) throws IOException {
        for (long begin = System.nanoTime(); System.nanoTime() - begin < nanos; ) {
            measure(workload, count);
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
