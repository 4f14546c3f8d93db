package dev.panpty.testing;

import static dev.panpty.testing.FullHost.check;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import dev.panpty.SessionReport;
import dev.panpty.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A JVM to which /proc does not show the program that it starts, as one of another user. The argument is a shell that it cannot read. */
public final class HiddenProgram implements ForkedJvm.Body {

    @Override
    public void run(String[] arguments) throws Throwable {
        try (PtyProcess process = PtyProcess.start(arguments[0], "-c", "trap '' HUP TERM; printf R; read answer")) {
            check(process.getInputStream().read() == 'R', process);
            check(!Files.exists(Path.of("/proc/" + process.pid())), "/proc shows the program");
            SessionReport report = process.terminateSession(Duration.ofMillis(100));
            check(report.equals(new SessionReport(List.of(), List.of())), report);
            check(process.waitFor(20, TimeUnit.SECONDS), process);
            check(process.exitStatus().equals(Optional.of(new ExitStatus.Signaled(Signal.of("KILL"), false))), process);
        }
    }
}
