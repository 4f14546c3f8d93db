package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A {@link ProtocolRecorder} of a standard error that is separate from the terminal. */
public final class ErrorRecorder extends ProtocolRecorder {

    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private volatile boolean lost;

    @Override
    public void errReceived(ByteBuffer data) {
        assertFalse(lost);
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        errors.writeBytes(bytes);
    }

    @Override
    public void errConnectionLost() {
        lost = true;
    }

    /** What standard error has given. */
    public String standardError() {
        return errors.toString(StandardCharsets.UTF_8);
    }

    /** Whether standard error has ended. */
    public boolean isStandardErrorLost() {
        return lost;
    }
}
