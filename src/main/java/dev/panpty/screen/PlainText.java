package dev.panpty.screen;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Takes the escape sequences out of a program's output and leaves its text, however the bytes are split: control sequences and all strings
 * (OSC, DCS, APC, PM, SOS) go, printable characters, line feed, carriage return, tab and backspace stay. Cursor movement is not applied;
 * that is what a {@link Screen} is for. Malformed UTF-8 becomes U+FFFD. Used by one thread at a time.
 */
public final class PlainText {

    private static final int CHUNK = 8192;

    private final StringBuilder text = new StringBuilder();
    private final byte[] chunk = new byte[CHUNK];
    private final Parser parser = new Parser(new Kept());

    /** At the beginning of an output. */
    public PlainText() {}

    /**
     * The text of the next bytes. What belongs to an incomplete character or sequence is kept for the next call.
     *
     * @param data read to its limit
     * @return the text, perhaps empty
     */
    public String decode(ByteBuffer data) {
        Objects.requireNonNull(data, "data");
        while (data.hasRemaining()) {
            int count = Math.min(data.remaining(), CHUNK);
            data.get(chunk, 0, count);
            parser.parse(chunk, 0, count);
        }
        String decoded = text.toString();
        text.setLength(0);
        return decoded;
    }

    private final class Kept implements Parser.Actions {

        @Override
        public void print(byte[] bytes, int from, int to) {
            for (int at = from; at < to; at++) {
                text.append((char) bytes[at]);
            }
        }

        @Override
        public void print(int codePoint) {
            text.appendCodePoint(codePoint);
        }

        @Override
        public void execute(int control) {
            if (control >= '\b' && control <= '\n' || control == '\r') {
                text.append((char) control);
            }
        }

        @Override
        public void escape(int intermediate, int last) {}

        @Override
        public void control(int prefix, Parameters parameters, int intermediate, int last) {}

        @Override
        public void operatingSystemCommand(String string) {}

        @Override
        public void deviceControl(int prefix, int intermediate, int last, String string) {}

        @Override
        public void ignored() {}
    }
}
