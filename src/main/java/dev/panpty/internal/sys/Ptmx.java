package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Our end of a terminal, see pty(7) and ioctl_tty(2). Opening makes a new terminal; closing hangs it up. Non-blocking, and never a
 * controlling terminal of this process. Methods answer a result or the negative errno, EBADF once closed, and may be called from any
 * thread.
 */
public final class Ptmx implements AutoCloseable {

    private static final Downcall IOCTL_PTR = new Downcall(Linux.ioctl_ptr$address());
    private static final Downcall TCGETATTR = new Downcall(Linux.tcgetattr$address());
    private static final Downcall TCSETATTR = new Downcall(Linux.tcsetattr$address());

    private static final byte[] DEV_PTMX = "/dev/ptmx".getBytes(StandardCharsets.US_ASCII);
    private static final String PTS_FOLDER = "/dev/pts/";

    private final Descriptor descriptor;
    private final PtsControl pts;
    private final int ptsNumber;
    /** Makes one of a look-up or change of the attributes and what follows from it for {@code silencedByUs}. Innermost. */
    private final ReentrantLock attributes = new ReentrantLock();
    private volatile boolean silencedByUs; // written with the lock

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

    public Descriptor descriptor() {
        return descriptor;
    }

    /** The path of the child's end, {@code /dev/pts/N}; see {@link #ptsPathLeadsTo}. */
    public String ptsPath() {
        return PTS_FOLDER + ptsNumber;
    }

    /** The number in {@link #ptsPath}. */
    public int ptsNumber() {
        return ptsNumber;
    }

    /** Whether the path leads anywhere: in a mount namespace without {@code /dev/pts} it does not. */
    public boolean ptsPathExists() {
        return Directory.current().find(path()) == 0;
    }

    /** Whether it leads to our terminal: to another of that number, if {@code /dev/ptmx} and {@code /dev/pts} are of two devpts. */
    public boolean ptsPathLeadsTo(Descriptor pts) {
        return FileIdentity.same(pts, path());
    }

    private byte[] path() {
        return ptsPath().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Opens the child's end by way of ours (TIOCGPTPEER), so that no path is needed. Hold it only for moments, or give it to the child:
     * what that gets must block, as programs expect of a terminal.
     */
    public Result<Descriptor> openPts() {
        return pts.open(0);
    }

    /** {@link #openPts} for ourselves, which does not block. */
    public Result<Descriptor> openOwnPts() {
        return pts.openOwn();
    }

    /** What is done by opening the pts for a moment. */
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
            int result = descriptor.call(scratch, TCGETATTR, scratch.address(), 0, 0);
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
     * What is made of a byte that is typed now. On a closed terminal there are no lines; where it cannot be asked,
     * {@link LineMode#error} says why.
     *
     * @param known an earlier answer, which is given again while nothing has changed
     */
    public LineMode lineMode(LineMode known) {
        try (Scratch scratch = Scratch.take()) {
            int result = descriptor.call(scratch, TCGETATTR, scratch.address(), 0, 0);
            if (result == 0) {
                return known.readFrom(scratch.data());
            }
            return descriptor.isClosed() ? LineMode.NONE : LineMode.failed(result);
        }
    }

    public int setAttributes(Termios termios) {
        attributes.lock();
        try (Scratch scratch = Scratch.take()) {
            int result = descriptor.call(scratch, TCGETATTR, scratch.address(), 0, 0);
            if (result < 0) {
                return result;
            }
            boolean alreadySilent = Termios.isSilent(scratch.data());
            termios.writeTo(scratch.data());
            result = descriptor.call(scratch, TCSETATTR, Linux.TCSANOW(), scratch.address(), 0);
            if (result == 0) {
                silencedByUs = Termios.isSilent(scratch.data()) && (silencedByUs || !alreadySilent);
            }
            return result;
        } finally {
            attributes.unlock();
        }
    }

    /** Whether it is by {@link #setAttributes} that lines are on and the echo is off, as of the last look at the attributes. */
    public boolean isSilencedByUs() {
        return silencedByUs;
    }

    /** Sends SIGINT, SIGQUIT or SIGTSTP to the foreground process group (TIOCSIG); 0 or the negative errno. */
    public int signalForeground(int signal) {
        return descriptor.call(PtsControl.IOCTL_INT, Linux.TIOCSIG(), signal);
    }

    /** Apart, since the way to the first terminal does not need them. */
    private static final class Control {
        static final Downcall TCGETPGRP = new Downcall(Linux.tcgetpgrp$address());
    }

    /**
     * The foreground process group, 0 where there is none, or the negative errno. The number of one that is gone is still
     * told, though it may be another's by now.
     */
    public int foregroundGroup() {
        return descriptor.call(Control.TCGETPGRP, 0, 0);
    }

    /**
     * The session whose controlling terminal it is (TIOCGSID); or the negative errno, ENOTTY where there is none. Not by tcgetsid(3): once
     * that call has given EINVAL, glibc answers the caller's own session for a terminal without one.
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
