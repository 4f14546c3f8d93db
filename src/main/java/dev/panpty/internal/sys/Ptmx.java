package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The ptmx of a terminal, see pty(7) and ioctl_tty(2). Opening makes a new terminal; closing hangs it up. Non-blocking, and never the
 * controlling terminal of this process. Methods give a result or the negative errno, EBADF once closed, and may be called from any thread.
 */
public final class Ptmx implements AutoCloseable {

    private static final Downcall IOCTL_PTR = new Downcall(Linux.ioctl_ptr$address());

    private static final byte[] DEV_PTMX = "/dev/ptmx".getBytes(StandardCharsets.US_ASCII);
    private static final String PTS_FOLDER = "/dev/pts/";

    private final Descriptor descriptor;
    private final PtsControl pts;
    private final int ptsNumber;
    /** Makes a look-up or change of the attributes and the update of {@code silencedByUs} one step. Innermost lock. */
    private final ReentrantLock attributes = new ReentrantLock();
    private volatile boolean silencedByUs; // written under the lock

    private Ptmx(Descriptor descriptor, int ptsNumber) {
        this.descriptor = descriptor;
        pts = new PtsControl(descriptor);
        this.ptsNumber = ptsNumber;
    }

    /** A new terminal, its pts unlocked. */
    public static Result<Ptmx> open() {
        Result<Descriptor> opened = Descriptor.open(DEV_PTMX, Linux.O_RDWR() | Linux.O_NOCTTY() | Linux.O_NONBLOCK());
        if (opened.failed()) {
            return Result.failure(opened.error());
        }
        Descriptor descriptor = opened.value();
        try (Scratch scratch = Scratch.take()) {
            scratch.data().putInt(0, 0);
            int result = descriptor.call(scratch, IOCTL_PTR, Linux.TIOCSPTLCK(), scratch.address(), 0);
            if (result == 0) {
                result = descriptor.call(scratch, IOCTL_PTR, Linux.TIOCGPTN(), scratch.address(), 0);
            }
            if (result < 0) {
                descriptor.close();
                return Result.failure(result);
            }
            return Result.of(new Ptmx(descriptor, scratch.data().getInt(0)));
        }
    }

    /** Whether {@code /dev/ptmx} is a symbolic link, as a rule to {@code pts/ptmx}. */
    public static boolean isLink() {
        return ProcessTable.readLink(DEV_PTMX).length > 0;
    }

    public Descriptor descriptor() {
        return descriptor;
    }

    /** The path of the pts, {@code /dev/pts/N}; see {@link #ptsPathLeadsTo}. */
    public String ptsPath() {
        return PTS_FOLDER + ptsNumber;
    }

    /** Whether the path exists: it does not in a mount namespace without {@code /dev/pts}. */
    public boolean ptsPathExists() {
        return Directory.current().find(path()) == 0;
    }

    /** Whether the path leads to this terminal. It leads to another one if {@code /dev/ptmx} and {@code /dev/pts} are of two devpts. */
    public boolean ptsPathLeadsTo(Descriptor pts) {
        return FileIdentity.same(pts, path());
    }

    private byte[] path() {
        return ptsPath().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Opens the pts from the ptmx (TIOCGPTPEER), without a path. It blocks, as programs expect of a terminal. The caller gives it to the
     * child or closes it soon.
     */
    public Result<Descriptor> openPts() {
        return pts.open(0);
    }

    /** {@link #openPts} for this JVM: non-blocking. */
    public Result<Descriptor> openOwnPts() {
        return pts.openOwn();
    }

    /** The operations that open the pts for a short time. */
    public PtsControl pts() {
        return pts;
    }

    /** {@code struct winsize}. */
    public record Size(int rows, int columns, int widthPixels, int heightPixels) {}

    /** Sets the window size; each number takes 16 bits. SIGWINCH reaches the foreground process group if it changed. */
    public int setWindowSize(Size size) {
        try (Scratch scratch = Scratch.take()) {
            scratch.data()
                    .putShort(0, (short) size.rows())
                    .putShort(2, (short) size.columns())
                    .putShort(4, (short) size.widthPixels())
                    .putShort(6, (short) size.heightPixels());
            return descriptor.call(scratch, IOCTL_PTR, Linux.TIOCSWINSZ(), scratch.address(), 0);
        }
    }

    public Result<Size> windowSize() {
        return windowSize(descriptor);
    }

    /** {@link #windowSize()} of another descriptor of a terminal. */
    static Result<Size> windowSize(Descriptor descriptor) {
        try (Scratch scratch = Scratch.take()) {
            int result = descriptor.call(scratch, IOCTL_PTR, Linux.TIOCGWINSZ(), scratch.address(), 0);
            if (result < 0) {
                return Result.failure(result);
            }
            ByteBuffer size = scratch.data();
            return Result.of(new Size(size.getShort(0) & 0xffff, size.getShort(2) & 0xffff, size.getShort(4) & 0xffff,
                    size.getShort(6) & 0xffff));
        }
    }

    public Result<Termios> attributes() {
        attributes.lock();
        try (Scratch scratch = Scratch.take()) {
            int result = descriptor.call(scratch, IOCTL_PTR, Linux.TCGETS(), scratch.address(), 0);
            if (result < 0) {
                return Result.failure(result);
            }
            silencedByUs &= Termios.isSilent(scratch.data());
            return Result.of(Termios.readFrom(scratch.data()));
        } finally {
            attributes.unlock();
        }
    }

    /**
     * The line mode now: {@link LineMode#NONE} if the terminal is closed; with a {@link LineMode#error} if the look-up fails.
     *
     * @param known an earlier answer, which is returned again while nothing has changed
     */
    public LineMode lineMode(LineMode known) {
        try (Scratch scratch = Scratch.take()) {
            int result = descriptor.call(scratch, IOCTL_PTR, Linux.TCGETS(), scratch.address(), 0);
            if (result == 0) {
                return known.readFrom(scratch.data());
            }
            return descriptor.isClosed() ? LineMode.NONE : LineMode.failed(result);
        }
    }

    public int setAttributes(Termios termios) {
        attributes.lock();
        try (Scratch scratch = Scratch.take()) {
            int result = descriptor.call(scratch, IOCTL_PTR, Linux.TCGETS(), scratch.address(), 0);
            if (result < 0) {
                return result;
            }
            boolean alreadySilent = Termios.isSilent(scratch.data());
            termios.writeTo(scratch.data());
            result = descriptor.call(scratch, IOCTL_PTR, Linux.TCSETS(), scratch.address(), 0);
            if (result == 0) {
                silencedByUs = Termios.isSilent(scratch.data()) && (silencedByUs || !alreadySilent);
            }
            return result;
        } finally {
            attributes.unlock();
        }
    }

    /** Whether {@link #setAttributes} has set ICANON and cleared ECHO, and that still held at the last look-up of the attributes. */
    public boolean isSilencedByUs() {
        return silencedByUs;
    }

    /** Sends SIGINT, SIGQUIT or SIGTSTP to the foreground process group (TIOCSIG); 0 or the negative errno. */
    public int signalForeground(int signal) {
        return descriptor.call(PtsControl.IOCTL_INT, Linux.TIOCSIG(), signal);
    }

    /** In a class of its own, since opening the first terminal does not need it. */
    private static final class Control {
        static final Downcall TCGETPGRP = new Downcall(Linux.tcgetpgrp$address());
    }

    /**
     * The foreground process group, 0 if there is no such group, or the negative errno. The kernel still gives the number of a group that
     * has ended, which may have been reused.
     */
    public int foregroundGroup() {
        return descriptor.call(Control.TCGETPGRP, 0, 0);
    }

    /**
     * The session whose controlling terminal it is (TIOCGSID), or the negative errno, ENOTTY if it is no session's. Not by tcgetsid(3):
     * after one EINVAL, glibc gives the caller's own session for a terminal without a session.
     */
    public int session() {
        try (Scratch scratch = Scratch.take()) {
            int result = descriptor.call(scratch, IOCTL_PTR, Linux.TIOCGSID(), scratch.address(), 0);
            return result < 0 ? result : scratch.data().getInt(0);
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return "pts " + ptsNumber;
    }
}
