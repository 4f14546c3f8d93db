package dev.panpty.testing;

import static dev.panpty.testing.FullHost.check;

import dev.panpty.PtyProcess;
import dev.panpty.SessionReport;
import java.time.Duration;
import java.util.List;

/** Ends a session whose terminal a process of another session still holds. */
public final class TracedSessionEnd implements ForkedJvm.Body {

    @Override
    public void run(String[] arguments) throws Throwable {
        try (PtyProcess process = Programs.sh("(setsid sleep 100 & echo $!); trap '' HUP; read x")) {
            long stranger = Long.parseLong(process.inputReader().readLine());
            Await.until("it has left the session", () -> Children.fields(stranger)[3].equals(Long.toString(stranger)));
            SessionReport report = process.terminateSession(Duration.ofMillis(200));
            check(report.survivors().isEmpty(), report);
            check(report.left().stream().map(SessionReport.Member::pid).toList().equals(List.of(stranger)), report);
            ProcessHandle.of(stranger).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
