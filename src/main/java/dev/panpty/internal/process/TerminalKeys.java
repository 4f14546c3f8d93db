package dev.panpty.internal.process;

import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Result;
import dev.panpty.internal.sys.Termios;
import java.io.IOException;

/** Keys as a user at the terminal presses them, and the poll for a prompt that such a user sees. Any thread. */
public final class TerminalKeys {

    private static final byte EOT = 4; // what ^D sends

    private final PtmxChannel terminal;
    private final Signals signals;
    private final InputStyle input;

    TerminalKeys(PtmxChannel terminal, Signals signals, InputStyle input) {
        this.terminal = terminal;
        this.signals = signals;
        this.input = input;
    }

    /** Does what the key does in the terminal's present mode, except that it discards no output. */
    public void press(SignalKey key) throws IOException {
        input.flushHeld();
        Termios now = attributes();
        if (!key.makesSignal(now)) {
            input.type(new byte[] {key.character(now)}, false);
            return;
        }
        int result;
        try {
            if ((now.local() & Termios.NOFLSH) == 0) {
                input.discardInput();
            }
            terminal.startAndEcho(now, key.echo(now));
        } finally {
            result = signals.ofKey(key.signal());
        }
        if (result < 0) {
            throw failure(signals.callOfKey(), result);
        }
    }

    /** Types the terminal's VEOF once; in raw mode the program reads it as a byte. */
    public void typeEndOfFile() throws IOException {
        Termios now = attributes();
        byte endOfFile = now.controlCharacter(Termios.VEOF);
        boolean ends = (now.local() & Termios.ICANON) != 0;
        if (endOfFile != 0 || !ends) { // else VEOF is disabled: any byte would be data of the line
            input.type(new byte[] {endOfFile != 0 ? endOfFile : EOT}, false);
        }
    }

    /** Types a secret, which a tap gets as such. */
    public void typeSecret(byte[] secret) throws IOException {
        input.type(secret, true);
    }

    /** Polls for a prompt for a password that is not answered: 1 if there is one, 0, or the negative errno. */
    public int pollForPrompt() {
        input.readAhead();
        return terminal.pollForPrompt(input.hasPendingInput());
    }

    private Termios attributes() throws IOException {
        Result<Termios> now = terminal.ptmx().attributes();
        if (now.error() < 0) {
            throw failure("tcgetattr", now.error());
        }
        return now.value();
    }

    private IOException failure(String call, int error) {
        return new IOException(call + " (" + terminal + "): " + (terminal.isClosed() ? "closed" : Errno.describe(-error)));
    }
}
