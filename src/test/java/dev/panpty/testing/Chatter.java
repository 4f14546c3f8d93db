package dev.panpty.testing;

import dev.panpty.PtyProcessBuilder;
import dev.panpty.TerminalAttributes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/** The program {@code src/test/c/chatter.c}: its command, its input, and the output that it must give. */
public final class Chatter {

    /** Its exit code after a hang-up. */
    public static final int HUNG_UP = 99;
    /** The input that makes it write its last line and exit. */
    public static final byte[] QUIT = "Q\n".getBytes(StandardCharsets.US_ASCII);

    private static final HexFormat HEX = HexFormat.of();
    /** The length of a unit without padding. */
    private static final int UNIT_BYTES = 16;

    private Chatter() {}

    /** On a raw terminal; the program documents the flags. */
    public static PtyProcessBuilder builder(int seed, long lifeMillis, int exitCode, String flags) {
        String program = Path.of(System.getProperty("panpty.test.native"), "chatter").toString();
        return new PtyProcessBuilder(program, Integer.toString(seed), Long.toString(lifeMillis), Integer.toString(exitCode), flags)
                .attributes(TerminalAttributes.raw());
    }

    /** A line to write in one call. The program must repeat it complete and in the order of its writer. */
    public static byte[] unit(int writer, int number, int padding) {
        String text = "T" + HEX.toHexDigits((byte) writer) + HEX.toHexDigits(number) + "x".repeat(padding)
                + HEX.toHexDigits((short) padding) + "\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The output so far. One thread at a time. */
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

        /** Empty as long as the output is a prefix, without gaps, of the output of such a child. */
        public String fault() {
            return fault;
        }

        /** Whether any output has arrived; by then the child ignores its signals. Any thread. */
        public boolean hasBegun() {
            return begun;
        }

        /** Whether the last line has arrived, and so the whole output. */
        public boolean isComplete() {
            return announced >= 0 && length == 0;
        }

        /** Whether a control character cut a unit; no unit follows it. */
        public boolean isCut() {
            return cut;
        }

        /** The number of repeated units of a writer. */
        public int units(int writer) {
            return units[writer];
        }

        @Override
        public String toString() {
            return numbered + " numbers, " + Arrays.stream(units).sum() + " units, " + (isComplete() ? "complete" : "cut off") + fault;
        }
    }
}
