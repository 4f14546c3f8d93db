package dev.panpty.testing;

import static dev.panpty.testing.FullHost.check;

import dev.panpty.ProcessProtocol;
import dev.panpty.ProcessTransport;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.Reactor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Processes that start and run while the JVM shuts down; a failure sets its exit code. */
public final class ShutdownUse implements ForkedJvm.Body {

    private static final int FAILED = 3;

    @Override
    public void run(String[] arguments) throws Throwable {
        PtyProcess before = PtyProcess.start("cat");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try (before) {
                before.getOutputStream().write("still there\n".getBytes(StandardCharsets.US_ASCII));
                before.getOutputStream().close();
                String echoed = new String(before.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                check(echoed.equals("still there\r\nstill there\r\n"), echoed);
                check(before.waitFor() == 0, before);
                streams();
                reactorOfItsOwn();
            } catch (Throwable failed) {
                failed.printStackTrace();
                Runtime.getRuntime().halt(FAILED);
            }
        }));
    }

    private static void streams() throws Exception {
        try (PtyProcess process = PtyProcess.start("sh", "-c", "echo last; exit 7")) {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            check(output.equals("last\r\n"), output);
            check(process.waitFor() == 7, process);
        }
    }

    private static void reactorOfItsOwn() throws Exception {
        try (Reactor reactor = Reactor.open()) {
            PtyProcess process = new PtyProcessBuilder("sh", "-c", "read line; exit 9").start(reactor, new ProcessProtocol() {
                @Override
                public void connectionMade(ProcessTransport transport) {
                    transport.write(ByteBuffer.wrap(new byte[] {'\n'}));
                }
            });
            check(process.waitFor() == 9, process);
        }
    }
}
