package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;

/**
 * Operations that need the pts of a terminal, which is opened for each call and closed again. The kernel may refuse to open it: with EBUSY
 * after TIOCEXCL without CAP_SYS_ADMIN, or with EMFILE. Any thread, while no other thread of this JVM types.
 *
 * <p>Two flags of the kernel stop output. A typed VSTOP sets the first. TCOOFF sets both; TCOON clears both if TCOOFF has set them. A typed
 * VSTART clears the first unless the second is set. Nothing is output while the first is set. Setting the second during output may lose a
 * byte, since the kernel counts a byte as output that it could not output; so it is not set while output goes on.
 */
public final class PtsControl {

    static final Downcall IOCTL_INT = new Downcall(Linux.ioctl_int$address());

    private static final int MOST_LINES = 16 * 1024; // more than a terminal holds

    private final Descriptor ptmx;

    PtsControl(Descriptor ptmx) {
        this.ptmx = ptmx;
    }

    /** Opens the pts from the ptmx (TIOCGPTPEER), without a path. */
    Result<Descriptor> open(int flags) {
        int all = Linux.O_RDWR() | Linux.O_NOCTTY() | Linux.O_CLOEXEC() | flags;
        return Descriptor.own(ptmx.call(IOCTL_INT, Linux.TIOCGPTPEER(), all));
    }

    Result<Descriptor> openOwn() {
        return open(Linux.O_NONBLOCK());
    }

    /** Whether the program has unread input; true if the poll fails. An unfinished line does not count. */
    public boolean mayHaveUnreadInput() {
        return pollUnreadInput() != 0;
    }

    /** Greater than 0 if the program has unread input, 0 if not, or the negative errno. */
    public int pollUnreadInput() {
        return pollPts(Linux.POLLIN());
    }

    /**
     * Whether a write(2) to the terminal is in flight or blocked; false if the poll fails. For the kernel a terminal is not writable from
     * the first to the last byte of a write of any process.
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
     * Reads the input that the program has left, if the pts can be opened. The kernel has then processed and echoed all input: a poll(2)
     * that finds nothing has waited for the worker that does so; a poll(2) that finds something has not.
     */
    public void takeUnreadInput() {
        try (Scratch scratch = Scratch.take()) { // first: if it runs out of memory, nothing is held
            Result<Descriptor> pts = openOwn();
            if (!pts.failed()) {
                try (Descriptor held = pts.value()) {
                    readAll(held, scratch);
                }
            }
        }
    }

    /** Reads line by line, as the kernel gives them; an end of the input among them is a read of 0. */
    private static void readAll(Descriptor pts, Scratch scratch) {
        int lines = 0;
        int count = 0;
        while (count >= 0 && lines < MOST_LINES && (pts.poll(Linux.POLLIN()) & Linux.POLLIN()) != 0) {
            count = pts.read(scratch, Scratch.DATA_BYTES);
            lines++;
        }
    }

    /** At least how many bytes of input are unread; without an unfinished line and bytes that the kernel has not processed. */
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
     * Stops output, see tcflow(3), and returns when no write(2) is inside the kernel's output code: FIONREAD takes the lock that a write
     * holds for each piece. 0 or the negative errno.
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

    /** Restarts output, whether a typed VSTOP or TCOOFF has stopped it; 0 or the negative errno. */
    public int resumeOutput() {
        Result<Descriptor> opened = openOwn();
        if (opened.failed()) {
            return opened.error();
        }
        try (Descriptor pts = opened.value()) {
            return isWritable(pts) ? 0 : offAndOn(pts);
        }
    }

    /** True only if output goes on. False if it is stopped, and also if the terminal is full or a program is writing. */
    private static boolean isWritable(Descriptor pts) {
        return (Math.max(pts.poll(Linux.EPOLLOUT()), 0) & Linux.EPOLLOUT()) != 0;
    }

    /** TCOOFF before TCOON: TCOON alone has no effect if a typed VSTOP has stopped output. */
    private static int offAndOn(Descriptor pts) {
        int result = pts.call(Calls.TCFLOW, Linux.TCOOFF(), 0);
        return result < 0 ? result : pts.call(Calls.TCFLOW, Linux.TCOON(), 0);
    }

    /**
     * The effect of a signal character on output: with IXON, output that a typed VSTOP has stopped goes on; and the character is echoed if
     * there is room now.
     *
     * @param stopHeld whether a TCOOFF of ours is in force, which then stays in force
     * @return whether VSTART was typed
     */
    public boolean startAndEcho(Termios now, boolean stopHeld, byte[] echo) {
        boolean starts = (now.input() & Termios.IXON) != 0;
        Result<Descriptor> opened = openOwn();
        if (opened.failed()) {
            return starts && typeStart(now);
        }
        try (Descriptor pts = opened.value()) {
            boolean typed = starts && !isWritable(pts) && start(pts, now, stopHeld);
            if (echo.length > 0) {
                pts.write(echo, 0, echo.length);
            }
            return typed;
        }
    }

    /** Whether it has typed VSTART. */
    private boolean start(Descriptor pts, Termios now, boolean stopHeld) {
        boolean typed = typeStart(now);
        if (typed) {
            pts.poll(Linux.POLLIN()); // waits for the kernel's worker, which takes the byte
        } else if (!stopHeld) {
            offAndOn(pts);
        }
        return typed;
    }

    /** Types VSTART, which the kernel does not pass to the program. It restarts output as the signal character would, and loses none. */
    private boolean typeStart(Termios now) {
        byte start = now.controlCharacter(Termios.VSTART);
        boolean taken = start != 0 && (now.local() & Termios.EXTPROC) == 0;
        return taken && ptmx.write(new byte[] {start}, 0, 1) == 1;
    }

    /** In a class of their own, linked at their first use. */
    private static final class Calls {
        static final Downcall TCFLUSH = new Downcall(Linux.tcflush$address());
        static final Downcall TCFLOW = new Downcall(Linux.tcflow$address());
    }
}
