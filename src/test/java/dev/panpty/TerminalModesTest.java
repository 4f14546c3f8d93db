package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalAttributes.ControlCharacter;
import dev.panpty.TerminalAttributes.ControlFlag;
import dev.panpty.TerminalAttributes.Flag;
import dev.panpty.TerminalAttributes.InputFlag;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.TerminalAttributes.OutputFlag;
import dev.panpty.internal.sys.Termios;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The terminal modes of SSH, see RFC 4254 section 8, and attributes by name. */
class TerminalModesTest {

    private static final TerminalAttributes COOKED = TerminalAttributes.cooked();

    /** A cooked terminal as ssh(1) of OpenSSH encodes it, mode by mode in its order. */
    private static final String OF_OPENSSH = "8100009600 8000009600 0100000003 020000001c 030000007f 0400000015 0500000004 06000000ff"
            + "07000000ff 0800000011 0900000013 0a0000001a 0c00000012 0d00000017 0e00000016 120000000f 1e00000000 1f00000000 2000000000"
            + "2100000000 2200000000 2300000000 2400000001 2500000000 2600000001 2700000000 2800000000 2900000000 2a00000001 3200000001"
            + "3300000001 3400000000 3500000001 3600000001 3700000001 3800000000 3900000000 3a00000000 3b00000001 3c00000001 3d00000001"
            + "3e00000000 4600000001 4700000000 4800000001 4900000000 4a00000000 4b00000000 5a00000001 5b00000001 5c00000000 5d00000000 00";

    /** Opcodes and mnemonics of RFC 4254 section 8 and RFC 8160 that Linux has, by the names in termios.h. */
    private static final String RFC = """
            1 VINTR 2 VQUIT 3 VERASE 4 VKILL 5 VEOF 6 VEOL 7 VEOL2 8 VSTART 9 VSTOP 10 VSUSP 12 VREPRINT 13 VWERASE 14 VLNEXT 16 VSWTC
            18 VDISCARD 30 IGNPAR 31 PARMRK 32 INPCK 33 ISTRIP 34 INLCR 35 IGNCR 36 ICRNL 37 IUCLC 38 IXON 39 IXANY 40 IXOFF 41 IMAXBEL
            42 IUTF8 50 ISIG 51 ICANON 52 XCASE 53 ECHO 54 ECHOE 55 ECHOK 56 ECHONL 57 NOFLSH 58 TOSTOP 59 IEXTEN 60 ECHOCTL 61 ECHOKE
            62 PENDIN 70 OPOST 71 OLCUC 72 ONLCR 73 OCRNL 74 ONOCR 75 ONLRET 92 PARENB 93 PARODD""";

    private static final Set<Integer> OTHERS = Set.of(90, 91, 128, 129);
    private static final int ROUNDS = 2000;

    @RegisterExtension
    final Seed seed = new Seed();

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    @Test
    void flagsAndCharactersAreReadAndSetByName() {
        assertEquals(1, COOKED.value("ECHO"));
        assertEquals(COOKED.withEcho(false), COOKED.with("ECHO", 0));
        assertEquals(3, COOKED.value("VINTR"));
        assertEquals(7, COOKED.with("VINTR", 7).character(ControlCharacter.VINTR));
        for (Class<? extends Enum<?>> group : List.of(InputFlag.class, OutputFlag.class, ControlFlag.class, LocalFlag.class)) {
            for (Enum<?> flag : group.getEnumConstants()) {
                assertEquals(1, COOKED.with((Flag) flag, true).value(flag.name()));
                assertEquals(COOKED.with((Flag) flag, true), COOKED.with(flag.name(), 1));
                assertEquals(COOKED.with((Flag) flag, false), COOKED.with(flag.name(), 0));
            }
        }
    }

    @Test
    void namesAndValuesOutOfRangeAreRefusedByName() {
        for (String name : List.of("", "echo", "ECHO ", "CS8", "VSTATUS")) {
            String message = assertThrows(IllegalArgumentException.class, () -> COOKED.with(name, 1)).getMessage();
            assertTrue(message.contains("\"" + name + "\""), message);
            assertThrows(IllegalArgumentException.class, () -> COOKED.value(name));
        }
        assertEquals("ECHO must be 0 or 1, was 2", assertThrows(IllegalArgumentException.class, () -> COOKED.with("ECHO", 2)).getMessage());
        assertEquals("VEOF must be 0..255, was 256", assertThrows(IllegalArgumentException.class, () -> COOKED.with("VEOF", 256)).getMessage());
        for (int opcode : new int[] {-1, 256}) {
            assertThrows(IllegalArgumentException.class, () -> COOKED.mode(opcode));
            assertThrows(IllegalArgumentException.class, () -> COOKED.withMode(opcode, 0));
        }
        assertThrows(IllegalArgumentException.class, () -> COOKED.withMode(1, -1));
        assertThrows(IllegalArgumentException.class, () -> COOKED.withMode(1, 1L << 32));
    }

    @Test
    void opcodesAreThoseOfTheRfc() {
        String[] words = RFC.split("\\s+");
        Set<Integer> known = new TreeSet<>(OTHERS);
        for (int i = 0; i < words.length; i += 2) {
            int opcode = Integer.parseInt(words[i]);
            String name = words[i + 1];
            known.add(opcode);
            assertEquals(COOKED.with(name, 1), COOKED.withMode(opcode, 1), name);
            assertEquals(COOKED.with(name, 0), COOKED.withMode(opcode, name.startsWith("V") ? 255 : 0), name);
            assertEquals(OptionalLong.of(1), COOKED.with(name, 1).mode(opcode), name);
        }
        for (int opcode = 0; opcode <= 255; opcode++) {
            assertEquals(known.contains(opcode), COOKED.mode(opcode).isPresent(), "opcode " + opcode);
            if (!known.contains(opcode)) {
                assertEquals(COOKED, COOKED.withMode(opcode, 1), "opcode " + opcode);
            }
        }
    }

    @Test
    void aCookedTerminalInTheFormOfOpensshIsCooked() {
        assertEquals(COOKED, TerminalAttributes.raw().with(InputFlag.BRKINT, COOKED.has(InputFlag.BRKINT))
                .with(InputFlag.IGNBRK, COOKED.has(InputFlag.IGNBRK)).withModes(hex(OF_OPENSSH)));
        assertEquals(hex(OF_OPENSSH).length + 5, COOKED.modes().length); // VSWTCH in addition
    }

    @Test
    void theSpeedsComeFirstAndTheEndLast() {
        byte[] modes = COOKED.modes();
        assertArrayEquals(hex("8100009600 8000009600 01"), Arrays.copyOf(modes, 11));
        assertEquals(0, modes[modes.length - 1]);
        assertEquals(1, modes.length % 5);
    }

    @Test
    void argumentsOutOfRangeAreTakenAsSshdTakesThem() {
        assertEquals(0, COOKED.withMode(1, 255).character(ControlCharacter.VINTR));
        assertEquals(1, COOKED.withMode(1, 257).character(ControlCharacter.VINTR));
        assertEquals(255, COOKED.withMode(1, 0x1ff).character(ControlCharacter.VINTR));
        assertEquals(255, COOKED.withMode(1, 0xffff_ffffL).character(ControlCharacter.VINTR));
        assertTrue(COOKED.withMode(53, 0x8000_0000L).has(LocalFlag.ECHO));
        for (long baud : new long[] {1, 9601, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL}) {
            assertEquals(9600, COOKED.withMode(129, baud).speed());
            assertEquals(9600, COOKED.withMode(128, baud).speed());
        }
        assertEquals(0, COOKED.withMode(129, 0).speed());
        assertEquals(38400, COOKED.withMode(128, 0).speed());
        assertEquals(7, COOKED.withMode(90, 1).withMode(91, 0).characterSize());
        assertEquals(8, COOKED.withMode(90, 1).withMode(91, 1).characterSize());
        assertEquals(8, COOKED.withMode(90, 0).withMode(91, 0).characterSize());
    }

    /** A speed of its own, which a program sets by TCSETS2: the code is BOTHER, CBAUDEX alone. */
    @Test
    void aSpeedWithoutANameIsNoSpeedOfTheTable() {
        Termios cooked = COOKED.termios();
        TerminalAttributes other = new TerminalAttributes(
                new Termios(cooked.input(), cooked.output(), cooked.control() & ~0x100f | 0x1000, cooked.local(), cooked.controlCharacters()));
        assertEquals(-1, other.speed());
        assertEquals(OptionalLong.of(9600), other.mode(128));
        assertEquals(OptionalLong.of(9600), other.mode(129));
        assertEquals(COOKED, other.withSpeed(38400));
    }

    @Test
    void decodingStopsAtTheEndAndAtAnUndefinedOpcode() {
        assertEquals(COOKED, COOKED.withModes(new byte[0]));
        assertEquals(COOKED, COOKED.withModes(hex("00 3500000000")));
        assertEquals(COOKED, COOKED.withModes(hex("a0 3500000000")));
        assertEquals(COOKED, COOKED.withModes(hex("ff")));
        assertFalse(COOKED.withModes(hex("9f00000001 0b00000001 3500000000")).has(LocalFlag.ECHO));
        assertFalse(COOKED.withModes(hex("3500000000")).has(LocalFlag.ECHO)); // without TTY_OP_END
    }

    @Test
    void aCutArgumentIsRefused() {
        for (String cut : List.of("35", "35000000", "01000000033500")) {
            assertThrows(IllegalArgumentException.class, () -> COOKED.withModes(hex(cut)), cut);
        }
    }

    private static TerminalAttributes any(Random random) {
        TerminalAttributes attributes = random.nextBoolean() ? COOKED : TerminalAttributes.raw();
        List<Flag> flags = new ArrayList<>();
        flags.addAll(List.of(InputFlag.values()));
        flags.addAll(List.of(OutputFlag.values()));
        flags.addAll(List.of(ControlFlag.values()));
        flags.addAll(List.of(LocalFlag.values()));
        for (Flag flag : flags) {
            attributes = attributes.with(flag, random.nextBoolean());
        }
        for (ControlCharacter character : ControlCharacter.values()) {
            attributes = attributes.with(character, random.nextInt(255));
        }
        int[] bauds = {0, 50, 9600, 115200, 230400, 4000000};
        return attributes.withCharacterSize(7 + random.nextInt(2)).withSpeed(bauds[random.nextInt(bauds.length)]);
    }

    /** All that has an opcode arrives; all that has none stays. */
    @Test
    void whatIsEncodedIsDecoded() {
        Random random = seed.random();
        for (int i = 0; i < ROUNDS; i++) {
            TerminalAttributes sent = any(random);
            TerminalAttributes base = any(random);
            TerminalAttributes received = base.withModes(sent.modes());
            for (int opcode = 0; opcode <= 255; opcode++) {
                assertEquals(sent.mode(opcode), received.mode(opcode), "opcode " + opcode);
            }
            assertArrayEquals(sent.modes(), received.modes());
            assertEquals(base, received.withModes(base.modes()));
            assertEquals(sent, sent.withModes(sent.modes()));
        }
    }

    @Test
    void anyBytesAreDecodedOrRefused() {
        Random random = seed.random();
        int refused = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] encoded = new byte[random.nextInt(60)];
            random.nextBytes(encoded);
            try {
                TerminalAttributes attributes = COOKED.withModes(encoded);
                assertEquals(attributes, attributes.withModes(encoded));
            } catch (IllegalArgumentException cut) {
                assertTrue(cut.getMessage().contains("is cut"), cut::toString);
                refused++;
            }
        }
        assertTrue(refused > 0 && refused < ROUNDS, "refused " + refused);
    }

    @Test
    void aProgramSeesTheModesThatItsTerminalIsStartedWith() throws Exception {
        TerminalAttributes attributes = COOKED.withModes(hex("0100000007 3500000000 2a00000000 00"));
        String said = Programs.output(new PtyProcessBuilder("stty", "-a").attributes(attributes));
        assertTrue(said.contains("intr = ^G;") && said.contains(" -echo ") && said.contains("-iutf8"), said);
    }
}
