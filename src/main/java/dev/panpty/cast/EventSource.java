package dev.panpty.cast;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** The events of a recording that is read, one after the other. One thread. */
interface EventSource extends Closeable {

    Header header();

    /** The next event; empty at the end, which a torn tail is too. */
    Optional<CastEvent> next() throws IOException;

    @Override
    void close() throws IOException;
}
