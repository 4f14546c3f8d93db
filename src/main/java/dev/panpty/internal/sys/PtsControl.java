package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;

/**
 * What takes effect at the program's end of a terminal only, which is opened for each call and closed again. That may be refused: with
 * EBUSY after TIOCEXCL, but for CAP_SYS_ADMIN, or with EMFILE. Any thread, while no other of this JVM types.
 *
 * <p>Two flags of the kernel stop output. A typed VSTOP sets the first; TCOOFF sets both, and TCOON, where TCOOFF was, clears both. A typed
 * VSTART clears the first unless the second is set, and nothing is output while the first is. Setting the second in the middle of
 * output may cost a byte, since the kernel takes for output what it could not put out, so that is not done where output goes on.
 */
public final class PtsControl {

    private final Ptmx ptmx;

    public PtsControl(Ptmx ptmx) {
        this.ptmx = ptmx;
    }

    /**
     * Stops output, see tcflow(3), and returns when no write(2) is half-way: FIONREAD takes the lock that a write holds while it
     * hands over a piece. 0 or the negative errno.
     */
    public int stopOutput() {
        Descriptor.Opened opened = ptmx.openOwnPts();
        if (opened.failed()) {
            return opened.error();
        }
        try (Descriptor pts = opened.descriptor()) {
            int result = pts.call(Calls.TCFLOW, Linux.TCOOFF(), 0);
            return result < 0 ? result : Math.min(pts.readableBytes(), 0);
        }
    }

    /** Lets output go on, whatever has stopped it; 0 or the negative errno. */
    public int resumeOutput() {
        Descriptor.Opened opened = ptmx.openOwnPts();
        if (opened.failed()) {
            return opened.error();
        }
        try (Descriptor pts = opened.descriptor()) {
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
        boolean starts = (now.input() & Linux.IXON()) != 0;
        Descriptor.Opened opened = ptmx.openOwnPts();
        if (opened.failed()) {
            if (starts) {
                typeStart(now);
            }
            return;
        }
        try (Descriptor pts = opened.descriptor()) {
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
        byte start = now.controlCharacter(Linux.VSTART());
        boolean taken = start != 0 && (now.local() & Linux.EXTPROC()) == 0;
        return taken && ptmx.descriptor().write(new byte[] {start}, 0, 1) == 1;
    }

    /** Apart, since they are linked at their first use. */
    private static final class Calls {
        static final Downcall TCFLOW = new Downcall(Linux.tcflow$address());
    }
}
