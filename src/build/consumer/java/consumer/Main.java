package consumer;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.SpawnStrategy;
import java.io.IOException;

/** Runs a program by each way to start one. */
public final class Main {

    private Main() {}

    /** Fails unless the program's output and exit code are right. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        for (SpawnStrategy strategy : SpawnStrategy.values()) {
            try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "echo hello; exit 7").spawnStrategy(strategy).start()) {
                String output = new String(process.getInputStream().readAllBytes());
                if (!output.equals("hello\r\n") || process.waitFor() != 7) {
                    throw new AssertionError(process + " printed " + output);
                }
            }
        }
    }
}
