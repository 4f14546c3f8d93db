package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;

/**
 * What is done or seen at the pts of a terminal only, which is opened for each call and closed again. That may be refused: with
 * EBUSY after TIOCEXCL, but for CAP_SYS_ADMIN, or with EMFILE. Any thread, while no other of this JVM types.
 *
 * <p>Two flags of the kernel stop output. A typed VSTOP sets the first; TCOOFF sets both, and TCOON, where TCOOFF was, clears both. A typed
 * VSTART clears the first unless the second is set, and nothing is output while the first is. Setting the second in the middle of
 * output may cost a byte, since the kernel takes for output what it could not put out, so that is not done where output goes on.
 */
public final class PtsControl {

    static final Downcall IOCTL_INT = new Downcall(Linux.ioctl_int$address());

    private static final int MOST_LINES = 16 * 1024; // more than a terminal holds

    private final Descriptor ptmx;

    PtsControl(Descriptor ptmx) {
        this.ptmx = ptmx;
    }

    /** By way of the ptmx (TIOCGPTPEER), so that no path is needed. */
    Result<Descriptor> open(int flags) {
        int all = Linux.O_RDWR() | Linux.O_NOCTTY() | Linux.O_CLOEXEC() | flags;
        return Descriptor.own(ptmx.call(IOCTL_INT, Linux.TIOCGPTPEER(), all));
    }

    Result<Descriptor> openOwn() {
        return open(Linux.O_NONBLOCK());
    }

    /** Whether the program has input that it has not read; where that cannot be seen, yes. An unfinished line does not count. */
    public boolean mayHaveUnreadInput() {
        return pollUnreadInput() != 0;
    }

    /** Greater than 0 where the program has input that it has not read, 0 where it has none, or the negative errno. */
    public int pollUnreadInput() {
        return pollPts(Linux.POLLIN());
    }

    /**
     * Whether a write(2) to the terminal is under way, or cannot go on; where that cannot be seen, no. To the kernel a terminal is not
     * writable from the first to the last byte of a write of any process.
     */
    public boolean isBeingWritten() {
        return pollPts(Linux.EPOLLOUT()) == 0;
    }

    private int pollPts(int events) {
        Result<Descriptor> pts = openOwn();
        if (pts.failed()) {
            return pts.error();
        }
        try (Descriptor held = pts.value()) {
            return held.poll(events);
        }
    }

    /**
     * Takes away what the program has left of its input, if that can be done. The kernel has then handed on all input and echoed it: a
     * poll(2) that finds nothing has waited for the worker that does so, one that finds something has not.
     */
    public void takeUnreadInput() {
        try (Scratch scratch = Scratch.take()) { // first: should there be no memory for it, nothing is held
            Result<Descriptor> pts = openOwn();
            if (!pts.failed()) {
                try (Descriptor held = pts.value()) {
                    readAll(held, scratch);
                }
            }
        }
    }

    /** Line by line, as the kernel gives them; an end of the input among them is a read of 0. */
    private static void readAll(Descriptor pts, Scratch scratch) {
        int lines = 0;
        int count = 0;
        while (count >= 0 && lines < MOST_LINES && (pts.poll(Linux.POLLIN()) & Linux.POLLIN()) != 0) {
            count = pts.read(scratch, Scratch.DATA_BYTES);
            lines++;
        }
    }

    /** Bytes of input that the program has not read, at least; an unfinished line and what is on its way are not seen. */
    public int unreadInput() {
        Result<Descriptor> pts = openOwn();
        if (pts.failed()) {
            return 0;
        }
        try (Descriptor held = pts.value()) {
            return Math.max(held.readableBytes(), 0);
        }
    }

    /** Discards input that the program has not read, see tcflush(3); 0 or the negative errno. */
    public int discardInput() {
        Result<Descriptor> pts = openOwn();
        if (pts.failed()) {
            return pts.error();
        }
        try (Descriptor held = pts.value()) {
            return held.call(Calls.TCFLUSH, Linux.TCIFLUSH(), 0);
        }
    }

    /**
     * Stops output, see tcflow(3), and returns when no write(2) is half-way: FIONREAD takes the lock that a write holds while it
     * hands over a piece. 0 or the negative errno.
     */
    public int stopOutput() {
        Result<Descriptor> opened = openOwn();
        if (opened.failed()) {
            return opened.error();
        }
        try (Descriptor pts = opened.value()) {
            int result = pts.call(Calls.TCFLOW, Linux.TCOOFF(), 0);
            return result < 0 ? result : Math.min(pts.readableBytes(), 0);
        }
    }

    /** Lets output go on, whatever has stopped it; 0 or the negative errno. */
    public int resumeOutput() {
        Result<Descriptor> opened = openOwn();
        if (opened.failed()) {
            return opened.error();
        }
        try (Descriptor pts = opened.value()) {
            return isWritable(pts) ? 0 : offAndOn(pts);
        }
    }

    /** Whether output certainly goes on. Not so where it is stopped, but also where the terminal is full or a program just writes. */
    private static boolean isWritable(Descriptor pts) {
        return (Math.max(pts.poll(Linux.EPOLLOUT()), 0) & Linux.EPOLLOUT()) != 0;
    }

    /** Without effect TCOON alone would be, where a typed VSTOP has stopped it. */
    private static int offAndOn(Descriptor pts) {
        int result = pts.call(Calls.TCFLOW, Linux.TCOOFF(), 0);
        return result < 0 ? result : pts.call(Calls.TCFLOW, Linux.TCOON(), 0);
    }

    /**
     * What a signal character does to output: with IXON it goes on where a typed VSTOP has stopped it, and the character is echoed
     * where the kernel takes it at once.
     *
     * @param stopHeld whether a TCOOFF of ours is in force, which then stays so
     */
    public void startAndEcho(Termios now, boolean stopHeld, byte[] echo) {
        boolean starts = (now.input() & Termios.IXON) != 0;
        Result<Descriptor> opened = openOwn();
        if (opened.failed()) {
            if (starts) {
                typeStart(now);
            }
            return;
        }
        try (Descriptor pts = opened.value()) {
            if (starts && !isWritable(pts)) {
                start(pts, now, stopHeld);
            }
            if (echo.length > 0) {
                pts.write(echo, 0, echo.length);
            }
        }
    }

    private void start(Descriptor pts, Termios now, boolean stopHeld) {
        if (typeStart(now)) {
            pts.poll(Linux.POLLIN()); // waits for the kernel's worker, which takes the byte
        } else if (!stopHeld) {
            offAndOn(pts);
        }
    }

    /** Types VSTART, which the kernel takes out of the input. It does what the signal character would, and costs no output. */
    private boolean typeStart(Termios now) {
        byte start = now.controlCharacter(Termios.VSTART);
        boolean taken = start != 0 && (now.local() & Termios.EXTPROC) == 0;
        return taken && ptmx.write(new byte[] {start}, 0, 1) == 1;
    }

    /** Apart, since they are linked at their first use. */
    private static final class Calls {
        static final Downcall TCFLUSH = new Downcall(Linux.tcflush$address());
        static final Downcall TCFLOW = new Downcall(Linux.tcflow$address());
    }
}
