package dev.panpty;

import dev.panpty.TerminalAttributes.ControlCharacter;
import dev.panpty.TerminalAttributes.ControlFlag;
import dev.panpty.TerminalAttributes.Flag;
import dev.panpty.TerminalAttributes.InputFlag;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.TerminalAttributes.OutputFlag;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The terminal modes of SSH: opcodes and their uint32 arguments, see RFC 4254 section 8 and, for IUTF8, RFC 8160; and flags and characters
 * by their names in termios.h. Where the RFC leaves a choice, this follows sshd(8) of OpenSSH. Stateless, for any thread.
 */
final class TerminalModes {

    static final long MAX_ARGUMENT = 0xffff_ffffL;

    private static final int OPCODES = 256;
    private static final int END = 0;
    private static final int FIRST_WITHOUT_ARGUMENT = 160;
    private static final int ENCODED_BYTES = 1 + Integer.BYTES;

    private static final int CS7 = 90;
    private static final int CS8 = 91;
    private static final int ISPEED = 128;
    private static final int OSPEED = 129;

    private static final long NO_CHARACTER = 255; // the argument of a character that is disabled
    private static final int DEFAULT_BAUD = 9600;

    private static final Map<Integer, ControlCharacter> CHARACTERS = new HashMap<>();
    private static final Map<Integer, Flag> FLAGS = new HashMap<>();

    static {
        number(CHARACTERS, 1, ControlCharacter.VINTR, ControlCharacter.VQUIT, ControlCharacter.VERASE, ControlCharacter.VKILL,
                ControlCharacter.VEOF, ControlCharacter.VEOL, ControlCharacter.VEOL2, ControlCharacter.VSTART, ControlCharacter.VSTOP,
                ControlCharacter.VSUSP);
        number(CHARACTERS, 12, ControlCharacter.VREPRINT, ControlCharacter.VWERASE, ControlCharacter.VLNEXT);
        number(CHARACTERS, 16, ControlCharacter.VSWTC);
        number(CHARACTERS, 18, ControlCharacter.VDISCARD);
        number(FLAGS, 30, InputFlag.IGNPAR, InputFlag.PARMRK, InputFlag.INPCK, InputFlag.ISTRIP, InputFlag.INLCR, InputFlag.IGNCR,
                InputFlag.ICRNL, InputFlag.IUCLC, InputFlag.IXON, InputFlag.IXANY, InputFlag.IXOFF, InputFlag.IMAXBEL, InputFlag.IUTF8);
        number(FLAGS, 50, LocalFlag.ISIG, LocalFlag.ICANON, LocalFlag.XCASE, LocalFlag.ECHO, LocalFlag.ECHOE, LocalFlag.ECHOK,
                LocalFlag.ECHONL, LocalFlag.NOFLSH, LocalFlag.TOSTOP, LocalFlag.IEXTEN, LocalFlag.ECHOCTL, LocalFlag.ECHOKE,
                LocalFlag.PENDIN);
        number(FLAGS, 70, OutputFlag.OPOST, OutputFlag.OLCUC, OutputFlag.ONLCR, OutputFlag.OCRNL, OutputFlag.ONOCR, OutputFlag.ONLRET);
        number(FLAGS, 92, ControlFlag.PARENB, ControlFlag.PARODD);
    }

    private TerminalModes() {}

    @SafeVarargs
    private static <T> void number(Map<Integer, T> table, int first, T... targets) {
        for (int i = 0; i < targets.length; i++) {
            table.put(first + i, targets[i]);
        }
    }

    /** The flag of this name in termios.h. */
    static Optional<Flag> flag(String name) {
        List<Flag> all = new ArrayList<>();
        all.addAll(List.of(InputFlag.values()));
        all.addAll(List.of(OutputFlag.values()));
        all.addAll(List.of(ControlFlag.values()));
        all.addAll(List.of(LocalFlag.values()));
        return all.stream().filter(flag -> flag.toString().equals(name)).findFirst();
    }

    /** The control character of this name in termios.h. */
    static ControlCharacter character(String name) {
        for (ControlCharacter character : ControlCharacter.values()) {
            if (character.name().equals(name)) {
                return character;
            }
        }
        throw new IllegalArgumentException("no terminal flag or control character has the name \"" + name + "\"");
    }

    /** The argument of an opcode; -1 for an opcode without a meaning on Linux. */
    static long get(TerminalAttributes attributes, int opcode) {
        if (CHARACTERS.containsKey(opcode)) {
            int value = attributes.character(CHARACTERS.get(opcode));
            return value == 0 ? NO_CHARACTER : value;
        }
        if (FLAGS.containsKey(opcode)) {
            return attributes.has(FLAGS.get(opcode)) ? 1 : 0;
        }
        return switch (opcode) {
            case CS7 -> attributes.characterSize() == 7 ? 1 : 0;
            case CS8 -> attributes.characterSize() == 8 ? 1 : 0;
            case ISPEED, OSPEED -> attributes.speed() < 0 ? DEFAULT_BAUD : attributes.speed();
            default -> -1;
        };
    }

    /** A copy with the mode of the opcode set; the attributes themselves for an opcode without a meaning on Linux. */
    static TerminalAttributes set(TerminalAttributes attributes, int opcode, long argument) {
        if (CHARACTERS.containsKey(opcode)) {
            return attributes.with(CHARACTERS.get(opcode), argument == NO_CHARACTER ? 0 : (int) (argument & 0xff));
        }
        if (FLAGS.containsKey(opcode)) {
            return attributes.with(FLAGS.get(opcode), argument != 0);
        }
        return switch (opcode) {
            case CS7 -> argument == 0 ? attributes : attributes.withCharacterSize(7);
            case CS8 -> argument == 0 ? attributes : attributes.withCharacterSize(8);
            case ISPEED -> argument == 0 ? attributes : withSpeed(attributes, argument); // 0: that of the output, see cfsetispeed(3)
            case OSPEED -> withSpeed(attributes, argument);
            default -> attributes;
        };
    }

    private static TerminalAttributes withSpeed(TerminalAttributes attributes, long baud) {
        return attributes.withSpeed(TerminalAttributes.isSpeed(baud) ? (int) baud : DEFAULT_BAUD);
    }

    /**
     * A copy with each encoded mode set, up to TTY_OP_END, to an opcode that is defined to have no argument, or to the last byte.
     *
     * @throws IllegalArgumentException if an argument is cut
     */
    static TerminalAttributes decode(TerminalAttributes base, byte[] encoded) {
        TerminalAttributes attributes = base;
        ByteBuffer modes = ByteBuffer.wrap(encoded);
        while (modes.hasRemaining()) {
            int opcode = modes.get() & 0xff;
            if (opcode == END || opcode >= FIRST_WITHOUT_ARGUMENT) {
                return attributes;
            }
            try {
                attributes = set(attributes, opcode, modes.getInt() & MAX_ARGUMENT);
            } catch (BufferUnderflowException cut) {
                throw new IllegalArgumentException("the argument of opcode " + opcode + " is cut: 4 bytes are needed, "
                        + modes.remaining() + " are left", cut);
            }
        }
        return attributes;
    }

    /** All modes, the speeds first, as OpenSSH sends them. */
    static byte[] encode(TerminalAttributes attributes) {
        ByteBuffer modes = ByteBuffer.allocate(OPCODES * ENCODED_BYTES);
        put(modes, attributes, OSPEED);
        put(modes, attributes, ISPEED);
        for (int opcode = 1; opcode < ISPEED; opcode++) {
            put(modes, attributes, opcode);
        }
        modes.put((byte) END);
        byte[] encoded = new byte[modes.position()];
        modes.get(0, encoded);
        return encoded;
    }

    private static void put(ByteBuffer modes, TerminalAttributes attributes, int opcode) {
        long argument = get(attributes, opcode);
        if (argument >= 0) {
            modes.put((byte) opcode).putInt((int) argument);
        }
    }
}
