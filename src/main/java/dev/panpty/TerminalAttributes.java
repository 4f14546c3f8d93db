package dev.panpty;

import static java.util.Objects.requireNonNull;

import dev.panpty.internal.sys.Termios;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The attributes of a terminal, see termios(3). An immutable value, for any thread. It holds every bit of the kernel's struct, also those
 * that have no name here: attributes that are read and set again are unchanged.
 */
public final class TerminalAttributes {

    private static final TerminalAttributes COOKED = new TerminalAttributes(Termios.COOKED);

    /** Bauds by their code: the first 16 are 0 to 15, the others count on from 4097. */
    private static final int[] BAUDS = {
        0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 500000,
        576000, 921600, 1000000, 1152000, 1500000, 2000000, 2500000, 3000000, 3500000, 4000000
    };

    private static final int CBAUD = 0x100f;
    private static final int CBAUDEX = 0x1000;
    private static final int FEW_BAUDS = 16;
    private static final int CHARACTER_SIZE_SHIFT = 4;

    private final Termios termios;

    TerminalAttributes(Termios termios) {
        this.termios = termios;
    }

    Termios termios() {
        return termios;
    }

    /** One bit of the attributes. */
    public sealed interface Flag permits InputFlag, OutputFlag, ControlFlag, LocalFlag {

        /**
         * Its value in termios.h.
         *
         * @return one bit
         */
        int bit();
    }

    /** How input is treated on its way to the program, {@code c_iflag}; termios(3) says what each does. */
    public enum InputFlag implements Flag {
        /** Ignore break. */ IGNBRK(Termios.IGNBRK),
        /** Break is an interrupt. */ BRKINT(Termios.BRKINT),
        /** Ignore parity errors. */ IGNPAR(Termios.IGNPAR),
        /** Mark parity errors. */ PARMRK(Termios.PARMRK),
        /** Check parity. */ INPCK(Termios.INPCK),
        /** Strip the eighth bit. */ ISTRIP(Termios.ISTRIP),
        /** Newline becomes carriage return. */ INLCR(Termios.INLCR),
        /** Ignore carriage return. */ IGNCR(Termios.IGNCR),
        /** Carriage return becomes newline. */ ICRNL(Termios.ICRNL),
        /** Upper case becomes lower case. */ IUCLC(Termios.IUCLC),
        /** VSTOP and VSTART stop and start output. */ IXON(Termios.IXON),
        /** Any character starts stopped output. */ IXANY(Termios.IXANY),
        /** Stop and start input. */ IXOFF(Termios.IXOFF),
        /** Ring the bell when the input queue is full. */ IMAXBEL(Termios.IMAXBEL),
        /** Input is UTF-8: erasing takes a whole character. */ IUTF8(Termios.IUTF8);

        private final int bit;

        InputFlag(int bit) {
            this.bit = bit;
        }

        @Override
        public int bit() {
            return bit;
        }
    }

    /** How output is treated on its way from the program, {@code c_oflag}. */
    public enum OutputFlag implements Flag {
        /** Treat output at all. */ OPOST(Termios.OPOST),
        /** Lower case becomes upper case. */ OLCUC(Termios.OLCUC),
        /** Newline becomes carriage return and newline. */ ONLCR(Termios.ONLCR),
        /** Carriage return becomes newline. */ OCRNL(Termios.OCRNL),
        /** No carriage return in column 0. */ ONOCR(Termios.ONOCR),
        /** Newline does what carriage return does. */ ONLRET(Termios.ONLRET),
        /** Fill characters for delays. */ OFILL(Termios.OFILL),
        /** The fill character is DEL. */ OFDEL(Termios.OFDEL),
        /** Delay after newline. */ NL1(Termios.NL1),
        /** Delay after carriage return, first bit. */ CR1(Termios.CR1),
        /** Delay after carriage return, second bit. */ CR2(Termios.CR2),
        /** Delay after tab, first bit; both bits expand tabs to spaces. */ TAB1(Termios.TAB1),
        /** Delay after tab, second bit. */ TAB2(Termios.TAB2),
        /** Delay after backspace. */ BS1(Termios.BS1),
        /** Delay after vertical tab. */ VT1(Termios.VT1),
        /** Delay after form feed. */ FF1(Termios.FF1);

        private final int bit;

        OutputFlag(int bit) {
            this.bit = bit;
        }

        @Override
        public int bit() {
            return bit;
        }
    }

    /** The line itself, {@code c_cflag}; mostly without effect on a pseudo-terminal. See also {@link #characterSize}. */
    public enum ControlFlag implements Flag {
        /** Two stop bits. */ CSTOPB(Termios.CSTOPB),
        /** Receive. */ CREAD(Termios.CREAD),
        /** Parity. */ PARENB(Termios.PARENB),
        /** Odd parity. */ PARODD(Termios.PARODD),
        /** Hang up on last close. */ HUPCL(Termios.HUPCL),
        /** Ignore modem lines. */ CLOCAL(Termios.CLOCAL),
        /** Mark or space parity. */ CMSPAR(Termios.CMSPAR),
        /** Hardware flow control. */ CRTSCTS(Termios.CRTSCTS);

        private final int bit;

        ControlFlag(int bit) {
            this.bit = bit;
        }

        @Override
        public int bit() {
            return bit;
        }
    }

    /** Lines, echo and signals, {@code c_lflag}. */
    public enum LocalFlag implements Flag {
        /** VINTR, VQUIT and VSUSP send signals. */ ISIG(Termios.ISIG),
        /** Input comes in lines that can be edited. */ ICANON(Termios.ICANON),
        /** Upper case terminal. */ XCASE(Termios.XCASE),
        /** Echo input. */ ECHO(Termios.ECHO),
        /** VERASE rubs the character out. */ ECHOE(Termios.ECHOE),
        /** VKILL echoes a newline. */ ECHOK(Termios.ECHOK),
        /** Echo newline even without ECHO. */ ECHONL(Termios.ECHONL),
        /** Signals do not discard what is queued. */ NOFLSH(Termios.NOFLSH),
        /** Background output stops its writer. */ TOSTOP(Termios.TOSTOP),
        /** Control characters echo as ^X. */ ECHOCTL(Termios.ECHOCTL),
        /** Erased characters are printed. */ ECHOPRT(Termios.ECHOPRT),
        /** VKILL rubs the line out. */ ECHOKE(Termios.ECHOKE),
        /** Output is being discarded. */ FLUSHO(Termios.FLUSHO),
        /** Input is to be shown again. */ PENDIN(Termios.PENDIN),
        /** The extensions of input: VLNEXT, VWERASE and others. */ IEXTEN(Termios.IEXTEN),
        /** Lines are edited outside the kernel, such as by the far end of a network. */ EXTPROC(Termios.EXTPROC);

        private final int bit;

        LocalFlag(int bit) {
            this.bit = bit;
        }

        @Override
        public int bit() {
            return bit;
        }
    }

    /** The characters with a meaning, {@code c_cc}; 0 means none. */
    public enum ControlCharacter {
        /** Interrupt, as a rule ^C. */ VINTR(Termios.VINTR),
        /** Quit, ^\. */ VQUIT(Termios.VQUIT),
        /** Erase a character. */ VERASE(Termios.VERASE),
        /** Erase the line, ^U. */ VKILL(Termios.VKILL),
        /** End of file, ^D. */ VEOF(Termios.VEOF),
        /** Without ICANON: tenths of a second a read waits. */ VTIME(Termios.VTIME),
        /** Without ICANON: bytes a read waits for. */ VMIN(Termios.VMIN),
        /** Switch; unused. */ VSWTC(Termios.VSWTC),
        /** Start output, ^Q. */ VSTART(Termios.VSTART),
        /** Stop output, ^S. */ VSTOP(Termios.VSTOP),
        /** Suspend, ^Z. */ VSUSP(Termios.VSUSP),
        /** A further end of line. */ VEOL(Termios.VEOL),
        /** Show the line again, ^R. */ VREPRINT(Termios.VREPRINT),
        /** Discard output, ^O; unused. */ VDISCARD(Termios.VDISCARD),
        /** Erase a word, ^W. */ VWERASE(Termios.VWERASE),
        /** Take the next character as it is, ^V. */ VLNEXT(Termios.VLNEXT),
        /** One more end of line. */ VEOL2(Termios.VEOL2);

        private final int index;

        ControlCharacter(int index) {
            this.index = index;
        }
    }

    /**
     * The kernel's attributes of a new terminal, and UTF-8: input in lines, echoed, with signals from the keyboard. A program may leave the
     * terminal with other attributes, as {@code stty raw} does: setting these is then like {@code stty sane}.
     *
     * @return the attributes that a program has unless others are asked for
     */
    public static TerminalAttributes cooked() {
        return COOKED;
    }

    /**
     * Bytes pass unchanged in both directions: {@link #cooked} after cfmakeraw(3).
     *
     * @return raw attributes
     */
    public static TerminalAttributes raw() {
        Termios cooked = Termios.COOKED;
        int input = Termios.IGNBRK | Termios.BRKINT | Termios.PARMRK | Termios.ISTRIP | Termios.INLCR | Termios.IGNCR | Termios.ICRNL
                | Termios.IXON;
        int local = Termios.ECHO | Termios.ECHONL | Termios.ICANON | Termios.ISIG | Termios.IEXTEN;
        int control = cooked.control() & ~(Termios.CSIZE | Termios.PARENB) | Termios.CS8;
        return new TerminalAttributes(new Termios(cooked.input() & ~input, cooked.output() & ~Termios.OPOST, control,
                cooked.local() & ~local, cooked.controlCharacters()));
    }

    /**
     * Whether a flag is set.
     *
     * @param flag of any group
     * @return true if it is
     */
    public boolean has(Flag flag) {
        return (word(flag) & flag.bit()) != 0;
    }

    private int word(Flag flag) {
        return switch (requireNonNull(flag, "flag")) {
            case InputFlag f -> termios.input();
            case OutputFlag f -> termios.output();
            case ControlFlag f -> termios.control();
            case LocalFlag f -> termios.local();
        };
    }

    /**
     * A copy with one flag changed.
     *
     * @param flag of any group
     * @param on whether it is to be set
     * @return the copy
     */
    public TerminalAttributes with(Flag flag, boolean on) {
        int changed = on ? word(flag) | flag.bit() : word(flag) & ~flag.bit();
        return new TerminalAttributes(switch (flag) {
            case InputFlag f -> copy(changed, termios.output(), termios.control(), termios.local());
            case OutputFlag f -> copy(termios.input(), changed, termios.control(), termios.local());
            case ControlFlag f -> copy(termios.input(), termios.output(), changed, termios.local());
            case LocalFlag f -> copy(termios.input(), termios.output(), termios.control(), changed);
        });
    }

    private Termios copy(int input, int output, int control, int local) {
        return new Termios(input, output, control, local, termios.controlCharacters());
    }

    /**
     * A copy with echo on or off.
     *
     * @param on whether input is echoed
     * @return the copy
     */
    public TerminalAttributes withEcho(boolean on) {
        return with(LocalFlag.ECHO, on);
    }

    /**
     * The flags that are set in a group.
     *
     * @param <F> the group
     * @param group such as {@code LocalFlag.class}
     * @return a set that is the caller's own
     */
    public <F extends Enum<F> & Flag> Set<F> flags(Class<F> group) {
        Set<F> flags = EnumSet.allOf(requireNonNull(group, "group"));
        flags.removeIf(flag -> !has(flag));
        return flags;
    }

    /**
     * A control character.
     *
     * @param character which
     * @return 0 to 255; 0 for none
     */
    public int character(ControlCharacter character) {
        return termios.controlCharacter(requireNonNull(character, "character").index) & 0xff;
    }

    /**
     * A copy with one control character changed.
     *
     * @param character which
     * @param value 0 to 255; 0 for none
     * @return the copy
     */
    public TerminalAttributes with(ControlCharacter character, int value) {
        requireNonNull(character, "character");
        if (value < 0 || value > 255) {
            throw new IllegalArgumentException(character + " must be 0..255, was " + value);
        }
        byte[] characters = termios.controlCharacters().clone();
        characters[character.index] = (byte) value;
        return new TerminalAttributes(
                new Termios(termios.input(), termios.output(), termios.control(), termios.local(), characters));
    }

    /**
     * The size of a character.
     *
     * @return 5 to 8 bits
     */
    public int characterSize() {
        return 5 + ((termios.control() & Termios.CSIZE) >> CHARACTER_SIZE_SHIFT);
    }

    /**
     * A copy with another character size.
     *
     * @param bits 5 to 8
     * @return the copy
     */
    public TerminalAttributes withCharacterSize(int bits) {
        if (bits < 5 || bits > 8) {
            throw new IllegalArgumentException("bits must be 5..8, was " + bits);
        }
        int control = termios.control() & ~Termios.CSIZE | bits - 5 << CHARACTER_SIZE_SHIFT;
        return new TerminalAttributes(copy(termios.input(), termios.output(), control, termios.local()));
    }

    /**
     * The speed, which has no effect on a pseudo-terminal.
     *
     * @return in baud; -1 for one that has no name in termios.h
     */
    public int speed() {
        int code = termios.control() & CBAUD;
        if (code == CBAUDEX) {
            return -1; // BOTHER: a speed by number, see TCSETS2 in ioctl_tty(2)
        }
        int index = code < FEW_BAUDS ? code : code - CBAUDEX + FEW_BAUDS - 1;
        return index < BAUDS.length ? BAUDS[index] : -1;
    }

    /**
     * A copy with another speed.
     *
     * @param baud one of those that termios.h has a name for, 0 to 4000000
     * @return the copy
     */
    public TerminalAttributes withSpeed(int baud) {
        int index = Arrays.binarySearch(BAUDS, baud);
        if (index < 0) {
            throw new IllegalArgumentException("no terminal speed of " + baud + " baud in termios.h");
        }
        int code = index < FEW_BAUDS ? index : CBAUDEX + index - FEW_BAUDS + 1;
        int control = termios.control() & ~CBAUD | code;
        return new TerminalAttributes(copy(termios.input(), termios.output(), control, termios.local()));
    }

    /** Whether termios.h has a name for the speed. */
    static boolean isSpeed(long baud) {
        return baud == (int) baud && Arrays.binarySearch(BAUDS, (int) baud) >= 0;
    }

    /**
     * A flag or control character by its name in termios.h.
     *
     * @param name such as {@code ECHO}, {@code ONLCR} or {@code VINTR}, in capital letters
     * @return 0 or 1 for a flag, 0 to 255 for a character
     * @throws IllegalArgumentException for a name that is that of no {@link Flag} and no {@link ControlCharacter}
     */
    public int value(String name) {
        Optional<Flag> flag = TerminalModes.flag(requireNonNull(name, "name"));
        return flag.isPresent() ? has(flag.get()) ? 1 : 0 : character(TerminalModes.character(name));
    }

    /**
     * A copy with one flag or control character changed, by its name in termios.h.
     *
     * @param name as for {@link #value}
     * @param value 0 or 1 for a flag, 0 to 255 for a character
     * @return the copy
     * @throws IllegalArgumentException for an unknown name, or a value out of its range
     */
    public TerminalAttributes with(String name, int value) {
        Optional<Flag> flag = TerminalModes.flag(requireNonNull(name, "name"));
        if (flag.isEmpty()) {
            return with(TerminalModes.character(name), value);
        }
        if (value != 0 && value != 1) {
            throw new IllegalArgumentException(name + " must be 0 or 1, was " + value);
        }
        return with(flag.get(), value == 1);
    }

    /**
     * One terminal mode of SSH, see RFC 4254 section 8, and RFC 8160 for IUTF8, 42.
     *
     * @param opcode 0 to 255
     * @return its argument: 0 or 1 for a flag; 1 to 255 for a character, 255 if it is disabled; bauds for a speed, 9600 for a speed without
     *     a name in termios.h, as in sshd(8) of OpenSSH. Empty for an opcode without a mode on Linux
     * @throws IllegalArgumentException for an opcode out of range
     */
    public OptionalLong mode(int opcode) {
        long argument = TerminalModes.get(this, checked(opcode));
        return argument < 0 ? OptionalLong.empty() : OptionalLong.of(argument);
    }

    /**
     * A copy with one terminal mode of SSH changed, see RFC 4254 section 8, and RFC 8160 for IUTF8, 42. Every argument that a client may
     * send is accepted, with the meaning that it has in sshd(8) of OpenSSH. Any argument except 0 sets a flag. The lowest byte of a
     * character's argument counts; 255 disables the character. A speed without a name in termios.h becomes 9600. CS7 and CS8 set that size
     * if the argument is not 0; with 0 they have no effect, as TTY_OP_ISPEED with 0. If both speeds are set, the later one counts: Linux
     * keeps one for a pseudo-terminal.
     *
     * @param opcode 0 to 255; an opcode without a mode on Linux has no effect
     * @param argument 0 to 4294967295
     * @return the copy
     * @throws IllegalArgumentException for an opcode or argument out of range
     */
    public TerminalAttributes withMode(int opcode, long argument) {
        if (argument < 0 || argument > TerminalModes.MAX_ARGUMENT) {
            throw new IllegalArgumentException("argument must be 0.." + TerminalModes.MAX_ARGUMENT + ", was " + argument);
        }
        return TerminalModes.set(this, checked(opcode), argument);
    }

    private static int checked(int opcode) {
        if (opcode < 0 || opcode > 255) {
            throw new IllegalArgumentException("opcode must be 0..255, was " + opcode);
        }
        return opcode;
    }

    /**
     * These attributes as encoded terminal modes of SSH, which a client sends in {@code pty-req}, see RFC 4254 section 8. Modes without an
     * opcode in the RFC, such as VMIN, VTIME and IGNBRK, are left out. A character of 255 is encoded as disabled.
     *
     * @return opcodes with their arguments, and TTY_OP_END; without the length that precedes a string in the packet
     */
    public byte[] modes() {
        return TerminalModes.encode(this);
    }

    /**
     * A copy with the encoded terminal modes of SSH, which a server receives in {@code pty-req}, see RFC 4254 section 8. Each is set as by
     * {@link #withMode}, up to TTY_OP_END, the last byte, or an opcode from 160 on, whose arguments the RFC does not define. Other modes do
     * not change: a server sets {@code cooked().withModes(encoded)} on a new terminal.
     *
     * @param encoded opcodes with their arguments, without the length that precedes a string in the packet
     * @return the copy
     * @throws IllegalArgumentException if the last argument has fewer than four bytes
     */
    public TerminalAttributes withModes(byte[] encoded) {
        return TerminalModes.decode(this, requireNonNull(encoded, "encoded"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TerminalAttributes that
                && termios.input() == that.termios.input() && termios.output() == that.termios.output()
                && termios.control() == that.termios.control() && termios.local() == that.termios.local()
                && Arrays.equals(termios.controlCharacters(), that.termios.controlCharacters());
    }

    @Override
    public int hashCode() {
        return 31 * (31 * termios.input() + termios.output()) + 31 * termios.control() + termios.local();
    }

    /** The flags that are set, by group. */
    @Override
    public String toString() {
        return "TerminalAttributes[input=" + flags(InputFlag.class) + ", output=" + flags(OutputFlag.class) + ", control="
                + flags(ControlFlag.class) + ", local=" + flags(LocalFlag.class) + ", " + characterSize() + " bits, " + speed()
                + " baud]";
    }
}
