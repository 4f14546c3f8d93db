package dev.panpty.internal.loop;

import java.lang.System.Logger.Level;

/** The log of failures that no caller can receive. Any thread. */
public final class Reports {

    static final String THROWN = "a command or event handler of the reactor failed";

    private Reports() {}

    /** Logs an error; throws nothing even if the logger does. */
    public static void log(String where, Throwable thrown) {
        try {
            System.getLogger("dev.panpty").log(Level.ERROR, where, thrown);
        } catch (Throwable loggerFailed) {
            // the logger's failure must not end the loop, and there is no other place to report it
        }
    }
}
