package dev.panpty.examples;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.TerminalTap;
import dev.panpty.WindowSize;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A program whose terminal is looked at. */
public final class Tapping {

    private Tapping() {}

    public static void main(String[] arguments) throws Exception {
        // @start region="tap"
        TerminalTap log = new TerminalTap() {
            @Override
            public void output(ByteBuffer data) {
                System.out.println("< " + StandardCharsets.UTF_8.decode(data).toString().strip());
            }

            @Override
            public void input(ByteBuffer data, boolean secret) {
                System.out.println("> " + (secret ? "(secret)" : StandardCharsets.UTF_8.decode(data).toString().strip()));
            }
        };
        PtyProcess process = new PtyProcessBuilder("sh", "-c", "read line; stty size").tap(log).start();
        // @end
        process.drain();
        process.resize(new WindowSize(30, 90));
        process.outputWriter(StandardCharsets.UTF_8).append("go\n").flush();
        process.onEnd().join();
    }
}
