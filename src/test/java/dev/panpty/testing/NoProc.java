package dev.panpty.testing;

import static dev.panpty.testing.FullHost.check;

import dev.panpty.PtyLimits;
import dev.panpty.PtyProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** A JVM without /proc: everything works except queries that need /proc, which throw. */
public final class NoProc implements ForkedJvm.Body {

    @Override
    public void run(String[] arguments) throws Throwable {
        new HostBattery().run(arguments);
        Leaks.none(() -> {
            try (PtyProcess process = PtyProcess.start("cat")) {
                for (Callable<?> asksProc
                        : List.<Callable<?>>of(process::toHandle, process::info, process::children, process::descendants)) {
                    refused(UnsupportedOperationException.class, asksProc);
                }
                refused(IOException.class, () -> process.terminateSession(Duration.ZERO));
                check(process.isAlive(), process);
            }
        });
        PtyLimits limits = PtyLimits.current();
        check(limits.terminals().isEmpty() && limits.maxTerminals().isEmpty() && limits.descriptors().isEmpty(), limits);
    }

    private static void refused(Class<? extends Exception> type, Callable<?> asksProc) throws Exception {
        Object answer;
        try {
            answer = asksProc.call();
        } catch (IOException | UnsupportedOperationException refused) {
            check(type.isInstance(refused) && refused.getMessage().contains("/proc"), refused);
            return;
        }
        throw new AssertionError("returned without /proc: " + answer);
    }
}
