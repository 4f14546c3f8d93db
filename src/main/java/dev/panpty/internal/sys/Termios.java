package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.nio.ByteBuffer;

/**
 * {@code struct termios} as a value, see termios(3): the four flag words and the control characters by number. Callers do not change
 * the array.
 *
 * <p>It is the kernel's struct, as TCGETS and TCSETS have it, see ioctl_tty(2). The functions of glibc, tcgetattr(3) and tcsetattr(3), take
 * the speed from fields of their own since 2.42, and no longer from {@code c_cflag}.
 */
public record Termios(int input, int output, int control, int local, byte[] controlCharacters) {

    // c_iflag
    public static final int IGNBRK = Linux.IGNBRK();
    public static final int BRKINT = Linux.BRKINT();
    public static final int IGNPAR = Linux.IGNPAR();
    public static final int PARMRK = Linux.PARMRK();
    public static final int INPCK = Linux.INPCK();
    public static final int ISTRIP = Linux.ISTRIP();
    public static final int INLCR = Linux.INLCR();
    public static final int IGNCR = Linux.IGNCR();
    public static final int ICRNL = Linux.ICRNL();
    public static final int IUCLC = Linux.IUCLC();
    public static final int IXON = Linux.IXON();
    public static final int IXANY = Linux.IXANY();
    public static final int IXOFF = Linux.IXOFF();
    public static final int IMAXBEL = Linux.IMAXBEL();
    public static final int IUTF8 = Linux.IUTF8();

    // c_oflag
    public static final int OPOST = Linux.OPOST();
    public static final int OLCUC = Linux.OLCUC();
    public static final int ONLCR = Linux.ONLCR();
    public static final int OCRNL = Linux.OCRNL();
    public static final int ONOCR = Linux.ONOCR();
    public static final int ONLRET = Linux.ONLRET();
    public static final int OFILL = Linux.OFILL();
    public static final int OFDEL = Linux.OFDEL();
    public static final int NL1 = Linux.NL1();
    public static final int CR1 = Linux.CR1();
    public static final int CR2 = Linux.CR2();
    public static final int TAB1 = Linux.TAB1();
    public static final int TAB2 = Linux.TAB2();
    public static final int BS1 = Linux.BS1();
    public static final int VT1 = Linux.VT1();
    public static final int FF1 = Linux.FF1();

    // c_cflag
    public static final int CSIZE = Linux.CSIZE();
    public static final int CS8 = Linux.CS8();
    public static final int CSTOPB = Linux.CSTOPB();
    public static final int CREAD = Linux.CREAD();
    public static final int PARENB = Linux.PARENB();
    public static final int PARODD = Linux.PARODD();
    public static final int HUPCL = Linux.HUPCL();
    public static final int CLOCAL = Linux.CLOCAL();
    public static final int CMSPAR = Linux.CMSPAR();
    public static final int CRTSCTS = Linux.CRTSCTS();

    // c_lflag
    public static final int ISIG = Linux.ISIG();
    public static final int ICANON = Linux.ICANON();
    public static final int XCASE = Linux.XCASE();
    public static final int ECHO = Linux.ECHO();
    public static final int ECHOE = Linux.ECHOE();
    public static final int ECHOK = Linux.ECHOK();
    public static final int ECHONL = Linux.ECHONL();
    public static final int NOFLSH = Linux.NOFLSH();
    public static final int TOSTOP = Linux.TOSTOP();
    public static final int ECHOCTL = Linux.ECHOCTL();
    public static final int ECHOPRT = Linux.ECHOPRT();
    public static final int ECHOKE = Linux.ECHOKE();
    public static final int FLUSHO = Linux.FLUSHO();
    public static final int PENDIN = Linux.PENDIN();
    public static final int IEXTEN = Linux.IEXTEN();
    public static final int EXTPROC = Linux.EXTPROC();

    // Indexes in c_cc
    public static final int VINTR = Linux.VINTR();
    public static final int VQUIT = Linux.VQUIT();
    public static final int VERASE = Linux.VERASE();
    public static final int VKILL = Linux.VKILL();
    public static final int VEOF = Linux.VEOF();
    public static final int VTIME = Linux.VTIME();
    public static final int VMIN = Linux.VMIN();
    public static final int VSWTC = Linux.VSWTC();
    public static final int VSTART = Linux.VSTART();
    public static final int VSTOP = Linux.VSTOP();
    public static final int VSUSP = Linux.VSUSP();
    public static final int VEOL = Linux.VEOL();
    public static final int VREPRINT = Linux.VREPRINT();
    public static final int VDISCARD = Linux.VDISCARD();
    public static final int VWERASE = Linux.VWERASE();
    public static final int VLNEXT = Linux.VLNEXT();
    public static final int VEOL2 = Linux.VEOL2();

    /** The size of the kernel's {@code c_cc}; that of libc is longer. */
    public static final int NCCS = 19;

    /** The kernel's code of the speed in {@code c_cflag}; glibc's constant is the number of bauds since 2.42. */
    private static final int B38400 = 0xf;

    /** The kernel's attributes of a new terminal, and UTF-8: input in lines, echoed, with signals from the keyboard. */
    public static final Termios COOKED = new Termios(
            ICRNL | IXON | IUTF8,
            OPOST | ONLCR,
            B38400 | CS8 | CREAD,
            ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE
                    | IEXTEN,
            cookedCharacters());

    public byte controlCharacter(int index) {
        return controlCharacters[index];
    }

    /** Whether ICANON is set and ECHO clear, as for a prompt for a password. */
    public boolean isSilent() {
        return isSilent(local);
    }

    static boolean isSilent(ByteBuffer struct) {
        return isSilent(struct.getInt(Linux.OFFSETOF_TERMIOS_LFLAG()));
    }

    private static boolean isSilent(int local) {
        return (local & (ICANON | ECHO)) == ICANON;
    }

    static Termios readFrom(ByteBuffer struct) {
        byte[] characters = new byte[NCCS];
        struct.get(Linux.OFFSETOF_TERMIOS_CC(), characters);
        return new Termios(
                struct.getInt(Linux.OFFSETOF_TERMIOS_IFLAG()),
                struct.getInt(Linux.OFFSETOF_TERMIOS_OFLAG()),
                struct.getInt(Linux.OFFSETOF_TERMIOS_CFLAG()),
                struct.getInt(Linux.OFFSETOF_TERMIOS_LFLAG()),
                characters);
    }

    /** Changes a struct that TCGETS has filled. Its line discipline stays. */
    void writeTo(ByteBuffer struct) {
        struct.putInt(Linux.OFFSETOF_TERMIOS_IFLAG(), input);
        struct.putInt(Linux.OFFSETOF_TERMIOS_OFLAG(), output);
        struct.putInt(Linux.OFFSETOF_TERMIOS_CFLAG(), control);
        struct.putInt(Linux.OFFSETOF_TERMIOS_LFLAG(), local);
        struct.put(Linux.OFFSETOF_TERMIOS_CC(), controlCharacters);
    }

    private static byte[] cookedCharacters() {
        byte[] characters = new byte[NCCS];
        characters[VINTR] = control('C');
        characters[VQUIT] = control('\\');
        characters[VERASE] = 0x7f;
        characters[VKILL] = control('U');
        characters[VEOF] = control('D');
        characters[VMIN] = 1;
        characters[VSTART] = control('Q');
        characters[VSTOP] = control('S');
        characters[VSUSP] = control('Z');
        characters[VREPRINT] = control('R');
        characters[VDISCARD] = control('O');
        characters[VWERASE] = control('W');
        characters[VLNEXT] = control('V');
        return characters;
    }

    private static byte control(char key) {
        return (byte) (key & 0x1f);
    }
}
