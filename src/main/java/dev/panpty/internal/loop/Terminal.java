package dev.panpty.internal.loop;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.PtsControl;
import dev.panpty.internal.sys.Termios;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Our end of a terminal.
 *
 * <pre>
 *   live: a read gives data, or EAGAIN
 *   hung up: EIO, nobody holds the pts; but the child may open /dev/tty again, so it is listened to by edges from here on
 *   at its end: EIO after the child was reaped
 * </pre>
 *
 * <p>What opens the pts for a moment keeps writes out meanwhile, here or by the lock of the one writer: we would be taken for a program that
 * reads.
 */
final class Terminal extends Channel {

    private final Ptmx ptmx;
    private final Optional<Child> child;

    /** Of a terminal without a process. */
    Terminal(EventLoop loop, Ptmx ptmx) {
        this(loop, ptmx, Optional.empty());
    }

    Terminal(EventLoop loop, Ptmx ptmx, Optional<Child> child) {
        super(loop, ptmx.descriptor(), ptmx.toString());
        this.ptmx = ptmx;
        this.child = child;
    }

    Ptmx ptmx() {
        return ptmx;
    }

    @Override
    boolean isChildReaped() {
        return child.isPresent() && child.get().isReaped();
    }

    /**
     * Looked up at each write, two system calls at most: from the exit of the child on the kernel has room for 3,584 bytes and more that no
     * program reads, and echoes them. A child that lives may open the terminal again, which raises no event, and reads then.
     */
    @Override
    boolean hasReader() {
        return child.isEmpty() || isHeld() || !child.get().hasExited();
    }

    @Override
    boolean isHangUpFinal(boolean reaped) {
        return reaped;
    }

    /**
     * The kernel echoes what was typed by a worker of its own. While it does so after the program's end, the terminal may claim for half a
     * millisecond that all is read, though what the program wrote last is not. Who reads the input to its end waits for that worker.
     */
    @Override
    void settle() {
        writing.lock();
        try {
            ptmx.takeUnreadInput();
        } finally {
            writing.unlock();
        }
    }

    /** Whatever is there, once output is stopped: some of it may be on its way from the kernel's one buffer to the other. */
    @Override
    long stopOutput() {
        writing.lock();
        try {
            return new PtsControl(ptmx).stopOutput() < 0 ? MOST_UNREAD_BYTES : Long.MAX_VALUE;
        } finally {
            writing.unlock();
        }
    }

    /** Stops what is written to the terminal, or lets it go on; 0 or the negative errno. Any thread. */
    int flow(boolean on) {
        writing.lock();
        try {
            PtsControl pts = new PtsControl(ptmx);
            int result = on ? pts.resumeOutput() : pts.stopOutput();
            watched = result == 0 ? !on : watched;
            return result;
        } finally {
            writing.unlock();
        }
    }

    /**
     * Discards what the program has not read; 0 or the negative errno. Where the kernel refuses that, a half-typed line is erased, so that
     * the next reader does not take it for the start of its own. With the lock of the one writer.
     */
    int discardInput() {
        int result = ptmx.discardInput();
        if (result < 0) {
            eraseLine();
        }
        return result;
    }

    private void eraseLine() {
        Termios.Result now = ptmx.attributes();
        if (now.error() == 0 && (now.termios().local() & Linux.ICANON()) != 0 && now.termios().controlCharacter(Linux.VKILL()) != 0) {
            descriptor().write(new byte[] {now.termios().controlCharacter(Linux.VKILL())}, 0, 1);
        }
    }

    /** What a signal character does to output, see {@link PtsControl#startAndEcho}. Any thread. */
    void startAndEcho(Termios now, byte[] echo) {
        writing.lock();
        try {
            new PtsControl(ptmx).startAndEcho(now, watched, echo);
        } finally {
            writing.unlock();
        }
    }

    /** While our stop is in force: to the kernel VSTART means nothing then, so that the stop is lifted here. */
    @Override
    int writeWatched(ByteBuffer source, int offset, int length) {
        Termios.Result now = ptmx.attributes();
        if (now.error() < 0) {
            return descriptor().write(source, offset, length);
        }
        int count = descriptor().write(source, offset, throughStart(now.termios(), source, offset, length));
        if (count > 0 && starts(now.termios(), source.get(offset + count - 1))) {
            flow(true);
        }
        return count;
    }

    /** How many bytes there are up to the first that starts output: a VSTOP behind it is to be taken after the start. */
    private static int throughStart(Termios now, ByteBuffer source, int offset, int length) {
        for (int i = 0; i < length; i++) {
            if (starts(now, source.get(offset + i))) {
                return i + 1;
            }
        }
        return length;
    }

    private static boolean starts(Termios now, byte typed) {
        boolean isStart = typed != 0 && typed == now.controlCharacter(Linux.VSTART());
        boolean any = (now.input() & Linux.IXANY()) != 0 && typed != now.controlCharacter(Linux.VSTOP());
        return (now.input() & Linux.IXON()) != 0 && (now.local() & Linux.EXTPROC()) == 0 && (isStart || any);
    }
}
