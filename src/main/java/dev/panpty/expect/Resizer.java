package dev.panpty.expect;

import dev.panpty.WindowSize;
import java.io.IOException;

/**
 * Sets the size of the window at the far end of two streams, such as by the request {@code window-change} of SSH, RFC 4254 section 6.7.
 * Called by one thread, see {@link Expect#over(java.io.InputStream, java.io.OutputStream, Resizer, ExpectOptions)}.
 */
@FunctionalInterface
public interface Resizer {

    /**
     * Called by the thread that is in {@link Expect#interact}, which types nothing until this returns. It is not called once the output has
     * ended.
     *
     * @param size that of the terminal of this JVM, or at the end of {@code interact} the former one
     * @throws IOException ends {@code interact}
     */
    void resize(WindowSize size) throws IOException;
}
