package dev.panpty;

import static java.util.Objects.requireNonNull;

import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.Result;
import dev.panpty.internal.sys.Termios;
import java.io.IOException;

/** Size and attributes of a terminal, in values and exceptions of the API. Any thread. */
final class TerminalSettings {

    private final Ptmx ptmx;

    TerminalSettings(Ptmx ptmx) {
        this.ptmx = ptmx;
    }

    static Ptmx.Size toSys(WindowSize size) {
        return new Ptmx.Size(size.rows(), size.columns(), size.widthPixels(), size.heightPixels());
    }

    static WindowSize fromSys(Ptmx.Size size) {
        return new WindowSize(size.rows(), size.columns(), size.widthPixels(), size.heightPixels());
    }

    WindowSize windowSize() throws IOException {
        Result<Ptmx.Size> result = ptmx.windowSize();
        check("TIOCGWINSZ", result.error());
        return fromSys(result.value());
    }

    TerminalAttributes attributes() throws IOException {
        Result<Termios> result = ptmx.attributes();
        check("tcgetattr", result.error());
        return new TerminalAttributes(result.value());
    }

    void attributes(TerminalAttributes attributes) throws IOException {
        check("tcsetattr", ptmx.setAttributes(requireNonNull(attributes, "attributes").termios()));
    }

    /** Throws if the call has failed; the message has the call, the terminal and the reason. */
    void check(String call, int result) throws IOException {
        if (result < 0) {
            boolean closed = ptmx.descriptor().isClosed();
            throw new IOException(call + " (" + ptmx + "): " + (closed ? "closed" : Errno.describe(-result)));
        }
    }
}
