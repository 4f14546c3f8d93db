package dev.panpty.testing;

import dev.panpty.PtyProcessBuilder;
import dev.panpty.TerminalAttributes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/** The child of {@code src/test/c/chatter.c}: what to start, what to write to it, and what it must be heard to say. */
public final class Chatter {

    /** Its exit code where it finds its terminal hung up. */
    public static final int HUNG_UP = 99;
    /** Has it say good-bye and exit. */
    public static final byte[] QUIT = "Q\n".getBytes(StandardCharsets.US_ASCII);

    private static final HexFormat HEX = HexFormat.of();
    /** Of a unit without padding. */
    private static final int UNIT_BYTES = 16;

    private Chatter() {}

    /** On a raw terminal; for the flags see the program. */
    public static PtyProcessBuilder builder(int seed, long lifeMillis, int exitCode, String flags) {
        String program = Path.of(System.getProperty("panpty.test.native"), "chatter").toString();
        return new PtyProcessBuilder(program, Integer.toString(seed), Long.toString(lifeMillis), Integer.toString(exitCode), flags)
                .attributes(TerminalAttributes.raw());
    }

    /** A line to write in one call, which is to be repeated whole and in the order of its writer. */
    public static byte[] unit(int writer, int number, int padding) {
        String text = "T" + HEX.toHexDigits((byte) writer) + HEX.toHexDigits(number) + "x".repeat(padding)
                + HEX.toHexDigits((short) padding) + "\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What was heard so far. One thread at a time. */
    public static final class Transcript {

        private static final int WRITERS = 256;
        private static final int MAX_LINE_BYTES = 65536;

        private final byte[] line = new byte[MAX_LINE_BYTES];
        private final int[] units = new int[WRITERS];
        private final boolean countUnits;
        private int length;
        private int numbered;
        private int announced = -1;
        private boolean cut;
        private volatile boolean begun;
        private String fault = "";

        /** @param countUnits whether every unit written must be repeated: not so where the terminal discards input */
        public Transcript(boolean countUnits) {
            this.countUnits = countUnits;
        }

        public void accept(ByteBuffer data) {
            while (data.hasRemaining() && fault.isEmpty()) {
                byte next = data.get();
                if (next == '\n') {
                    begun = true;
                    line(new String(line, 0, length, StandardCharsets.ISO_8859_1));
                    length = 0;
                } else if (length == line.length) {
                    fault = "a line without an end: " + new String(line, 0, 100, StandardCharsets.ISO_8859_1);
                } else if (next != '#') {
                    line[length++] = next;
                }
            }
        }

        private void line(String text) {
            boolean expected = announced < 0 && switch (text.isEmpty() ? ' ' : text.charAt(0)) {
                case 'N' -> text.equals("N" + HEX.toHexDigits(numbered++));
                case 'W' -> !countUnits || !cut && isNextUnit(text);
                case 'X' -> {
                    cut = true;
                    yield true;
                }
                case 'E' -> {
                    announced = numbered;
                    yield text.equals("E" + HEX.toHexDigits(numbered));
                }
                default -> false;
            };
            if (!expected) {
                fault = "after " + numbered + " numbers and " + Arrays.stream(units).sum() + " units: " + text;
            }
        }

        private boolean isNextUnit(String text) {
            int padding = text.length() - UNIT_BYTES;
            int writer = padding < 0 ? -1 : Character.digit(text.charAt(2), 16) * 16 + Character.digit(text.charAt(3), 16);
            return writer >= 0 && Arrays.equals(unit(writer, units[writer]++, padding),
                    (text.substring(1) + "\n").getBytes(StandardCharsets.ISO_8859_1));
        }

        /** Empty as long as it is a gap-free beginning of what such a child says. */
        public String fault() {
            return fault;
        }

        /** Whether it has said anything: what it ignores, it ignores then. Any thread. */
        public boolean hasBegun() {
            return begun;
        }

        /** Whether the last word was heard, and so all of it. */
        public boolean isComplete() {
            return announced >= 0 && length == 0;
        }

        /** Whether something was typed into the middle of a unit, after which there was none. */
        public boolean isCut() {
            return cut;
        }

        /** How many units of a writer have been repeated. */
        public int units(int writer) {
            return units[writer];
        }

        @Override
        public String toString() {
            return numbered + " numbers, " + Arrays.stream(units).sum() + " units, " + (isComplete() ? "complete" : "cut off") + fault;
        }
    }
}
