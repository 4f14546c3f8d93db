package dev.panpty.internal.process;

import java.io.IOException;

/** Makes the API's exception for a write that ends half-way, whose type this layer does not know. Any thread. */
public interface PartialWrites {

    public IOException of(String message, long bytesWritten);
}
