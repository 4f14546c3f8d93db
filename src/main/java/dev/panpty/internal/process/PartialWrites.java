package dev.panpty.internal.process;

import java.io.IOException;

/** Creates the API's exception for a write that ends half-way; this layer does not know its type. Any thread. */
public interface PartialWrites {

    public IOException of(String message, long bytesWritten);
}
