package dev.panpty.testing;

import java.util.Random;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * The seed of a test's random input, as {@code @RegisterExtension final Seed seed = new Seed()}: a new one each time, or that of
 * {@code -Dpanpty.seed}. A failure names it.
 */
public final class Seed implements TestExecutionExceptionHandler {

    private final long value = Long.getLong("panpty.seed", System.nanoTime());

    public long value() {
        return value;
    }

    /** Gives the same numbers at each call. */
    public Random random() {
        return new Random(value);
    }

    /** So many bytes, the same at each call. */
    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random().nextBytes(bytes);
        return bytes;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        failure.addSuppressed(new Note("-Dpanpty.seed=" + value));
        throw failure;
    }

    private static final class Note extends Throwable {

        private static final long serialVersionUID = 1;

        Note(String text) {
            super(text, null, false, false);
        }
    }
}
