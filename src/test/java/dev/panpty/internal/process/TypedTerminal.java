package dev.panpty.internal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.LineMode;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.Termios;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * A terminal into which random bytes are typed in random modes, and whose pts is read; and the model of a line with the same input. A read
 * of the pts returns only after the kernel has processed the typed bytes.
 */
final class TypedTerminal implements AutoCloseable {

    static final int LONGEST = KernelLine.MOST_BYTES;
    private static final int EAGAIN = -Linux.EAGAIN();
    private static final byte END_OF_FILE = 4;

    private static final int[] INPUT = {
        Linux.ISTRIP(), Linux.INLCR(), Linux.IGNCR(), Linux.ICRNL(), Linux.IUCLC(), Linux.IXON(), Linux.IXANY(), Linux.PARMRK(),
        Linux.IUTF8(), Linux.IMAXBEL()
    };
    private static final int[] LOCAL = {
        Linux.ISIG(), Linux.ECHO(), Linux.ECHOE(), Linux.ECHOK(), Linux.ECHONL(), Linux.NOFLSH(), Linux.ECHOCTL(), Linux.ECHOPRT(),
        Linux.ECHOKE(), Linux.IEXTEN()
    };
    private static final int[] CHARACTERS = {
        Linux.VINTR(), Linux.VQUIT(), Linux.VERASE(), Linux.VKILL(), Linux.VEOF(), Linux.VSTART(), Linux.VSTOP(), Linux.VSUSP(),
        Linux.VEOL(), Linux.VREPRINT(), Linux.VWERASE(), Linux.VLNEXT(), Linux.VEOL2()
    };
    private static final byte[] UNUSUAL = {
        0, '\r', '\n', 1, 2, 5, 8, 'a', 'A', 'z', '_', ' ', (byte) 0x80, (byte) 0xc3, (byte) 0xbf, (byte) 0xd7, (byte) 0xff
    };
    private static final String[] TEXTS = {
        "a", "b", "Z", "_", "9", " ", "  ", ".", "-", "\t", "word", "two words", "\r", "\n", "\r\n",
        "\u00e9", "\u20ac", "\ud83d\ude00", "\u00d7"
    };

    private final Random random;
    private final Ptmx ptmx = Ptmx.open().value();
    private final Descriptor pts = ptmx.openOwnPts().value();
    private final KernelLine model = new KernelLine();
    private final List<String> expected = new ArrayList<>();
    private final List<String> read = new ArrayList<>();
    private final ByteArrayOutputStream typed = new ByteArrayOutputStream();
    private Termios termios = Termios.COOKED;
    private LineMode mode = LineMode.NONE;
    private boolean discarded;

    TypedTerminal(long seed) {
        random = new Random(seed);
    }

    /** Changes the mode after all typed bytes are processed and the line is read. */
    void changeMode() {
        termios = randomMode();
        set(termios);
        readLines();
        model.separate();
        mode = ptmx.lineMode(mode);
        expected.clear();
        read.clear();
        typed.reset();
        discarded = false;
    }

    /** Empties the line. */
    void empty() {
        byte[] characters = new byte[Termios.NCCS];
        characters[Linux.VMIN()] = 1;
        set(new Termios(0, 0, Termios.COOKED.control(), 0, characters));
        readLines();
    }

    private void set(Termios attributes) {
        assertEquals(0, ptmx.setAttributes(attributes));
    }

    private Termios randomMode() {
        byte[] characters = Termios.COOKED.controlCharacters().clone();
        int oddity = random.nextInt(4);
        for (int character : CHARACTERS) {
            if (random.nextInt(8) < oddity) {
                characters[character] = random.nextInt(3) == 0 ? (byte) random.nextInt(256) : UNUSUAL[random.nextInt(UNUSUAL.length)];
            }
        }
        int local = Linux.ICANON() | random(LOCAL);
        if (random.nextInt(20) == 0) {
            local ^= random.nextBoolean() ? Linux.ICANON() : Linux.EXTPROC();
        }
        return new Termios(random(INPUT), Termios.COOKED.output(), Termios.COOKED.control(), local, characters);
    }

    /** A random subset; the usual flags and the full set are more frequent. */
    private int random(int[] flags) {
        int all = 0;
        int likely = random.nextInt(1, 10);
        for (int flag : flags) {
            all |= random.nextInt(10) < likely ? flag : 0;
        }
        return all;
    }

    /** Types random bytes in one or more writes. */
    void type() {
        for (int writes = random.nextInt(1, 4); writes > 0; writes--) {
            byte[] bytes = randomBytes();
            typed.writeBytes(bytes);
            for (byte key : bytes) {
                expect(key);
            }
            write(bytes);
        }
    }

    Ptmx ptmx() {
        return ptmx;
    }

    Random random() {
        return random;
    }

    LineMode mode() {
        return mode;
    }

    private void write(byte[] bytes) {
        for (int at = 0; at < bytes.length; ) {
            int count = ptmx.descriptor().write(bytes, at, bytes.length - at);
            if (count == EAGAIN) {
                readLines();
            } else {
                assertEquals(Math.max(1, count), count);
                at += count;
            }
        }
    }

    private void expect(byte key) {
        if (!mode.isCanonical()) {
            return;
        }
        boolean quoted = model.isQuoting();
        byte[] before = model.toByteArray();
        model.reserve(2);
        model.type(key, mode);
        discarded |= isOverwritten();
        if (quoted) {
            return;
        }
        switch (mode.action(key)) {
            case LineMode.END -> {
                discarded |= mode.isDoubled(mode.stored(key)) && before.length == LONGEST; // the same
                byte[] line = Arrays.copyOf(before, before.length + (mode.isDoubled(mode.stored(key)) ? 2 : 1));
                Arrays.fill(line, before.length, line.length, mode.stored(key));
                expected.add(hex(line));
            }
            case LineMode.END_OF_FILE -> expected.add(hex(before));
            case LineMode.CLEAR -> discarded = true;
            default -> { }
        }
    }

    byte[] randomBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (mode.isCanonical() && random.nextInt(50) == 0) { // else input that is not read in time would be lost under EXTPROC
            byte[] run = new byte[random.nextInt(LONGEST - 100, LONGEST + 20)];
            Arrays.fill(run, (byte) (random.nextBoolean() ? 'x' : random.nextInt(256)));
            bytes.writeBytes(run);
        }
        for (int count = random.nextInt(40); count > 0; count--) {
            switch (random.nextInt(5)) {
                case 0, 1 -> bytes.write(termios.controlCharacter(CHARACTERS[random.nextInt(CHARACTERS.length)]));
                case 2 -> bytes.write(random.nextInt(256));
                default -> bytes.writeBytes(TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    /** Reads the complete lines after all typed bytes are processed. */
    List<String> readLines() {
        int before = read.size();
        byte[] line = new byte[16 * 1024];
        for (int count; (count = pts.read(line, 0, line.length)) != EAGAIN; ) {
            assertEquals(Math.max(0, count), count);
            read.add(hex(line, count));
            assertEquals(true, read.size() < 20_000, () -> "no end of lines: " + this);
        }
        byte[] echo = new byte[64 * 1024];
        while (ptmx.descriptor().read(echo, 0, echo.length) > 0) { } // drains the echo
        return read.subList(before, read.size());
    }

    /** In hexadecimal; a long run of one byte is shortened to its count. */
    private static String hex(byte[] bytes, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; ) {
            int end = i;
            while (end < count && bytes[end] == bytes[i]) {
                end++;
            }
            String value = HexFormat.of().toHexDigits(bytes[i]);
            text.append(end - i > 9 ? value + "*" + (end - i) + " " : value.repeat(end - i));
            i = end;
        }
        return text.toString();
    }

    static String hex(byte[] bytes) {
        return hex(bytes, bytes.length);
    }

    /** The complete lines, as read. */
    List<String> lines() {
        return discarded || !mode.isCanonical() ? List.of() : read;
    }

    /** The complete lines of the model. A line before a signal character may be read or discarded, so it is omitted. */
    List<String> expectedLines() {
        return discarded || !mode.isCanonical() ? List.of() : expected;
    }

    /** Whether bytes that PARMRK doubles have overwritten the beginning of the line: the kernel no longer knows where it begins. */
    private boolean isOverwritten() {
        return model.length() > LONGEST + 1;
    }

    /** The unfinished line, read by pushing it in a mode in which VEOF is the only special character. */
    String line() {
        readLines();
        int ended = read.size();
        if (!mode.isCanonical()) {
            return "";
        }
        if (isOverwritten()) {
            empty();
            read.subList(ended, read.size()).clear();
            return "";
        }
        byte[] characters = new byte[Termios.NCCS];
        characters[Linux.VEOF()] = END_OF_FILE;
        characters[Linux.VMIN()] = 1;
        set(new Termios(0, 0, Termios.COOKED.control(), Linux.ICANON(), characters));
        if (model.isQuoting()) {
            write(new byte[] {'q'});
        }
        write(new byte[] {END_OF_FILE});
        readLines();
        List<String> rest = new ArrayList<>(read.subList(ended, read.size()));
        read.subList(ended, read.size()).clear();
        return String.join(",", rest);
    }

    String expectedLine() {
        if (!mode.isCanonical() || isOverwritten()) {
            return "";
        }
        byte[] line = model.toByteArray();
        if (model.isQuoting() && line.length < LONGEST) {
            line = Arrays.copyOf(line, line.length + 1);
            line[line.length - 1] = 'q';
        }
        return hex(line);
    }

    @Override
    public String toString() {
        return "then " + termios.local() + " in mode " + mode + " " + hex(typed.toByteArray());
    }

    @Override
    public void close() {
        pts.close();
        ptmx.close();
    }
}
