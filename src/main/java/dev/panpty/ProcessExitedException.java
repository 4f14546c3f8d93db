package dev.panpty;

import java.io.IOException;

/** A signal was refused because who it is for has exited: its number may already belong to another. Immutable, for any thread. */
public final class ProcessExitedException extends IOException {

    private static final long serialVersionUID = 1;

    ProcessExitedException(String message) {
        super(message);
    }
}
