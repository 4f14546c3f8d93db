package dev.panpty.testing;

import static dev.panpty.testing.FullHost.check;

import dev.panpty.ProcessProtocol;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** interrupt() on a terminal that the user of this JVM may not open a second time, see TIOCEXCL in ioctl_tty(2). */
public final class ExclusiveUse implements ForkedJvm.Body {

    private static final String LENGTH = "stty -echo; trap 'echo int' INT; exec 3<&0; (trap '' INT; echo ready; read -r x; echo \"got ${#x}\") <&3 & "
            + "until wait; do :; done";
    private static final String COUNT = "stty -echo; trap 'echo int' INT; i=0; while :; do i=$((i+1)); echo line $i; sleep 0.005; done";
    private static final Duration QUIET = Duration.ofMillis(100);

    private String exclusive;

    /** @param arguments the program, see src/test/c/exclusive.c */
    @Override
    public void run(String[] arguments) throws Throwable {
        exclusive = arguments[0];
        aHalfTypedLineIsErased();
        inEventStyleAHalfTypedLineIsErased();
        anInterruptStartsOutput();
    }

    private PtyProcessBuilder sh(String script) {
        return new PtyProcessBuilder(exclusive, "sh", "-c", script);
    }

    /** The erased line does not count as part of the next line. */
    private void aHalfTypedLineIsErased() throws Exception {
        try (Screen screen = new Screen(sh(LENGTH).start())) {
            screen.await("ready");
            screen.type("x".repeat(3000));
            screen.process().interrupt();
            screen.await("int");
            screen.type("y".repeat(3000) + "\n").await("got 3000");
        }
    }

    private void inEventStyleAHalfTypedLineIsErased() throws Exception {
        StringBuffer output = new StringBuffer();
        ProcessProtocol protocol = new ProcessProtocol() {
            @Override
            public void outReceived(ByteBuffer data) {
                output.append(StandardCharsets.ISO_8859_1.decode(data));
            }
        };
        try (PtyProcess process = sh(LENGTH).start(protocol)) {
            Await.until("it reads", () -> output.indexOf("ready") >= 0);
            process.write("x".repeat(3000).getBytes(StandardCharsets.US_ASCII));
            process.interrupt();
            Await.until("it is interrupted", () -> output.indexOf("int") >= 0);
            process.write(("y".repeat(3000) + "\n").getBytes(StandardCharsets.US_ASCII));
            Await.until("the line is read", () -> output.indexOf("got 3000") >= 0);
        }
    }

    private void anInterruptStartsOutput() throws Exception {
        try (Screen screen = new Screen(sh(COUNT).start())) {
            screen.await("line 3");
            screen.type("\23");
            Await.until("output stops", () -> !goesOn(screen, QUIET));
            screen.process().interrupt();
            screen.await("int");
            check(goesOn(screen, Await.DEADLINE), "output stays stopped");
        }
    }

    private static boolean goesOn(Screen screen, Duration time) throws Exception {
        int before = screen.text().length();
        return Await.within(time, () -> screen.text().length() > before);
    }
}
