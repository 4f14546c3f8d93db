package dev.panpty.screen;

import java.util.concurrent.TimeoutException;

/** What was waited for is not on the screen: the time is over, or the program has ended. The message shows the screen. For any thread. */
public final class ScreenTimeoutException extends TimeoutException {

    private static final long serialVersionUID = 1;

    /** Not serialized: null after that. */
    private final transient Snapshot snapshot;

    ScreenTimeoutException(String message, Snapshot snapshot) {
        super(message + "\n" + snapshot);
        this.snapshot = snapshot;
    }

    /**
     * The screen as it was last looked at.
     *
     * @return the screen
     */
    public Snapshot snapshot() {
        return snapshot;
    }
}
