package dev.panpty.testing;

import dev.panpty.PtyProcess;

/** Runs in a JVM whose properties name another machine: the first use of the library throws, with one sentence that names it. */
public final class UnknownMachine implements ForkedJvm.Body {

    @Override
    public void run(String[] expectedWords) throws Exception {
        for (int attempt = 1; attempt <= 2; attempt++) {
            try (PtyProcess process = PtyProcess.start("true")) {
                throw new AssertionError("started " + process);
            } catch (UnsupportedOperationException refused) {
                for (String word : expectedWords) {
                    if (!refused.getMessage().contains(word)) {
                        throw new AssertionError("nothing of " + word + " in the message", refused);
                    }
                }
            }
        }
    }
}
