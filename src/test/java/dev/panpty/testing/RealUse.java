package dev.panpty.testing;

import static dev.panpty.testing.FullHost.check;

import dev.panpty.ExitStatus;
import dev.panpty.ProcessProtocol;
import dev.panpty.ProcessTransport;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.Signal;
import dev.panpty.WindowSize;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Typical uses of the library. */
final class RealUse {

    private RealUse() {}

    /** In both styles. */
    static void all() throws Exception {
        shell();
        events();
    }

    /** A session in a shell: commands, a resize, ^C, a signal, an exit code. */
    static void shell() throws Exception {
        PtyProcessBuilder bash = new PtyProcessBuilder("bash", "--norc", "--noprofile", "-i");
        bash.environment().put("PS1", "ready> ");
        try (Screen screen = new Screen(bash.start())) {
            screen.await("ready> ").type("echo $((6 * 7)); stty size\n").await("42\r\n").await("24 80\r\n").await("ready> ");
            screen.process().resize(new WindowSize(50, 132));
            screen.type("stty size\n").await("50 132\r\n").await("ready> ");
            screen.type("sh -c 'echo begun; exec sleep 100'\n").await("begun\r\n");
            screen.process().interrupt();
            screen.await("ready> ").type("trap 'echo caught' USR1; echo set\n").await("set\r\n").await("ready> ");
            screen.process().signal(Signal.USR1); // bash handles it after the next line
            screen.type("\n").await("caught\r\n").type("exit 7\n");
            check(screen.awaitExit() == 7, screen.text());
            screen.process().onEnd().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** A dialogue with a program on the reactor's thread. */
    private static void events() throws Exception {
        StringBuffer output = new StringBuffer();
        PtyProcess process = new PtyProcessBuilder("sh", "-c", "tr a-z A-Z; exit 3").start(new ProcessProtocol() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                transport.write("duke\n".getBytes(StandardCharsets.US_ASCII));
                transport.closeStdin();
            }

            @Override
            public void outReceived(ByteBuffer data) {
                output.append(StandardCharsets.US_ASCII.decode(data));
            }

            @Override
            public void processEnded(ExitStatus status) {
                output.append(status);
            }
        });
        process.onEnd().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        check(output.toString().contains("DUKE\r\n" + process.exitStatus().orElseThrow()), output);
        check(process.exitValue() == 3, process);
    }
}
