package dev.panpty.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Collects the library's log entries while this is open, instead of the console: a failed command of the reactor only appears in the log. */
public final class LoggedErrors implements AutoCloseable {

    private final Logger logger = Logger.getLogger("dev.panpty");
    private final boolean heardByTheConsole = logger.getUseParentHandlers();
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();

    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            String message = entry.getMessage() + ": " + entry.getThrown();
            messages.add(message);
            if (entry.getLevel().equals(Level.SEVERE)) {
                errors.add(message);
            }
        }

        @Override
        public void flush() {
            // entries are not buffered
        }

        @Override
        public void close() {
            // there is nothing to close
        }
    };

    public LoggedErrors() {
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    /** Message and exception of each entry so far. */
    public List<String> all() {
        return List.copyOf(messages);
    }

    /** {@link #all} without the warnings: on a busy machine any callback may take more than a second. */
    public List<String> errors() {
        return List.copyOf(errors);
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(heardByTheConsole);
    }
}
