package dev.panpty.sshd;

import dev.panpty.TerminalAttributes;
import dev.panpty.WindowSize;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * A {@code pty-req}, see RFC 4254 section 6.2.
 *
 * @param term the value of TERM; may be empty
 */
record TerminalRequest(String term, WindowSize size, TerminalAttributes attributes) {

    private static final long MOST = 65535; // of struct winsize

    /** @throws RuntimeException if the message is cut */
    static TerminalRequest read(Buffer message) {
        String term = message.getString();
        WindowSize size = size(message, WindowSize.DEFAULT);
        return new TerminalRequest(term, size, TerminalAttributes.cooked().withModes(message.getBytes()));
    }

    /** The four dimensions of a {@code pty-req} or {@code window-change}: columns, rows, pixels. Those of 0 are as before. */
    static WindowSize size(Buffer message, WindowSize before) {
        int columns = dimension(message, before.columns());
        int rows = dimension(message, before.rows());
        int width = dimension(message, before.widthPixels());
        int height = dimension(message, before.heightPixels());
        return new WindowSize(rows, columns, width, height);
    }

    private static int dimension(Buffer message, int before) {
        long value = message.getUInt();
        return value == 0 ? before : (int) Math.min(value, MOST);
    }
}
