package dev.panpty.adapters.flow;

import dev.panpty.ProcessFlow;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The processes of a test, which ends them. */
final class Processes implements AutoCloseable {

    private final Queue<PtyProcess> started = new ConcurrentLinkedQueue<>();

    ProcessFlow start(String... command) {
        ProcessFlow flow = new ProcessFlow();
        try {
            started.add(new PtyProcessBuilder(command).start(flow));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return flow;
    }

    @Override
    public void close() {
        for (PtyProcess process = started.poll(); process != null; process = started.poll()) {
            process.close();
        }
    }
}
