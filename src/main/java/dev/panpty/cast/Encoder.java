package dev.panpty.cast;

import java.io.IOException;
import java.time.Duration;

/**
 * Writes events in a format. One thread.
 *
 * <pre>
 *   new --begin--> begun --event: any number--> begun --end--> ended
 * </pre>
 */
interface Encoder {

    void begin(Header header) throws IOException;

    /** A time that lies before the last one counts as that. */
    void event(CastEvent event) throws IOException;

    /** Writes what is due at the end. */
    void end(Duration time) throws IOException;
}
