package dev.panpty;

import java.io.IOException;

/** A signal was not sent because the process has exited: its pid may have been reused. Immutable, for any thread. */
public final class ProcessExitedException extends IOException {

    private static final long serialVersionUID = 1;

    ProcessExitedException(String message) {
        super(message);
    }
}
