package dev.panpty.testing;

import static dev.panpty.testing.FullHost.check;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import java.util.concurrent.TimeUnit;

/** A JVM whose host code sets SIGCHLD to be ignored while the library is in use. */
public final class StatusLost implements ForkedJvm.Body {

    /** The contract says one second; this allows for a busy machine. */
    private static final long SECONDS = 5;

    @Override
    public void run(String[] arguments) throws Throwable {
        try (PtyProcess process = PtyProcess.start("sh", "-c", "exit 7")) {
            check(process.waitFor() == 7, process);
        }
        Leaks.none(() -> {
            Libc.ignoreChildSignal(true);
            try {
                for (int i = 0; i < 20; i++) {
                    exitIsUnknown();
                }
            } finally {
                Libc.ignoreChildSignal(false);
            }
        });
    }

    private static void exitIsUnknown() throws Exception {
        try (PtyProcess process = PtyProcess.start("sh", "-c", "echo hello; read x; exit 7")) {
            check(process.inputReader().readLine().equals("hello"), process);
            process.getOutputStream().write('\n');
            check(process.waitFor(SECONDS, TimeUnit.SECONDS), "no exit within " + SECONDS + " s: " + process);
            check(process.exitStatus().orElseThrow() instanceof ExitStatus.Unknown, process);
            process.onEnd().get(SECONDS, TimeUnit.SECONDS);
        }
    }
}
