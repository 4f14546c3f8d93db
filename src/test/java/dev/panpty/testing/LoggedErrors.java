package dev.panpty.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the library logs while this is open, in place of the console: the log alone hears of a command of the reactor that has failed. */
public final class LoggedErrors implements AutoCloseable {

    private final Logger logger = Logger.getLogger("dev.panpty");
    private final boolean heardByTheConsole = logger.getUseParentHandlers();
    private final List<String> messages = new CopyOnWriteArrayList<>();

    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            messages.add(entry.getMessage() + ": " + entry.getThrown());
        }

        @Override
        public void flush() {
            // nothing is held back
        }

        @Override
        public void close() {
            // nothing is held
        }
    };

    public LoggedErrors() {
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    /** Message and exception of each so far. */
    public List<String> all() {
        return List.copyOf(messages);
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(heardByTheConsole);
    }
}
