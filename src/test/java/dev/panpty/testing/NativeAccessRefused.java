package dev.panpty.testing;

import static dev.panpty.testing.FullHost.check;

import dev.panpty.PtyProcess;
import java.io.IOException;

/** A JVM that does not let the library call native code. */
public final class NativeAccessRefused implements ForkedJvm.Body {

    @Override
    public void run(String[] arguments) throws Throwable {
        refused(arguments[0]); // creates what lives as long as the JVM
        Leaks.noneAtAll(() -> {
            for (int i = 0; i < 3; i++) {
                refused(arguments[0]);
            }
        });
    }

    private static void refused(String option) throws IOException {
        try {
            PtyProcess.start("true").close();
        } catch (IllegalCallerException refused) {
            check(refused.getMessage().contains(option), refused);
            return;
        }
        throw new AssertionError("native access was refused, and it started");
    }
}
