package dev.panpty.internal.process;

import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Errno;

/**
 * Whether the output of a channel is at its end, and what a read means that gave no data.
 *
 * <pre>
 *   EAGAIN--> more may come
 *   EIO of a terminal, 0 of a pipe, hang-up not final--> read again where data has come since, else hung up
 *   the same, hang-up final--> read again or later where poll(2) sees no hang-up; once more after input was drained; else the end
 *   another errno--> read again; the third in a row is a fault
 * </pre>
 *
 * <p>By one thread at a time, as reading, but for {@link #wrote}.
 */
public final class EndOfOutput {

    private static final int EIO = -Errno.EIO;
    private static final int EAGAIN = -Errno.EAGAIN;
    private static final int FAULTS_IN_A_ROW = 3;
    private static final int MOST_DRAINS = 16; // a caller that goes on writing to other holders does not put off the end for longer

    private final Descriptor descriptor;
    private final Owner owner;
    private int faults;
    private volatile boolean written;
    private int drains;

    /** The channel. */
    interface Owner {

        /** Whether a hang-up is for good. */
        boolean isHangUpFinal();

        /** Drains the input that the program has not read, and waits until the kernel has echoed it. */
        void drainInput();
    }

    EndOfOutput(Descriptor descriptor, Owner owner) {
        this.descriptor = descriptor;
        this.owner = owner;
    }

    /** A write is about to be made: its echo may hide output that came before the end. Any thread. */
    void wrote() {
        written = true;
    }

    /** A read gave data. */
    void hasRead() {
        faults = 0;
    }

    /**
     * What an answer that is not data means. It counts the faults in a row, and drains the input once where it sees an end. A hang-up is not
     * counted as a fault, however often it comes: a program that lives may let go of its terminal and take it again at any time. What it
     * writes then is another edge.
     */
    public NoData classify(int answer) {
        if (answer == 0 || answer == EIO || answer == EAGAIN || descriptor.isClosed()) {
            faults = 0;
            return answer == EAGAIN && !descriptor.isClosed() ? NoData.YET : classifyHangUp(answer);
        }
        faults++;
        return faults < FAULTS_IN_A_ROW ? NoData.AGAIN : NoData.FAULT;
    }

    private NoData classifyHangUp(int answer) {
        if (descriptor.isClosed()) {
            return NoData.HUNG_UP;
        }
        if (!owner.isHangUpFinal()) { // what has come since is read now: its edge may have been told before
            return unreadBytes() > 0 ? NoData.AGAIN : NoData.HUNG_UP;
        }
        if (!isHangUp(answer)) { // taken again by another process; or it has overtaken what was written before
            return isHeld() ? NoData.YET : NoData.AGAIN;
        }
        return drainedInput() ? NoData.AGAIN : NoData.END;
    }

    /**
     * Whether a read that gave this has seen a hang-up: EIO from a terminal, 0 from a pipe. EIO alone could be a failure of any kind, or
     * have overtaken what was written in the moment before the hang-up. Where poll(2) fails, yes.
     */
    public boolean isHangUp(int answer) {
        if (answer != EIO) {
            return answer == 0;
        }
        int now = descriptor.poll(Epoll.IN);
        boolean nothingLeft = !Readiness.isReadable(now) || Readiness.isError(now);
        return Readiness.isUnknown(now) || Readiness.isHungUp(now) && nothingLeft;
    }

    /** Whether nothing is left to read, and there will be nothing more; false where that cannot be seen without reading. It may drain the input. */
    public boolean isAtEnd() {
        return !descriptor.isClosed() && owner.isHangUpFinal() && pollEnd() > 0;
    }

    /**
     * Whether no process can write any more and nothing is left to read, 1 or 0; or the negative errno. By poll(2), without a read; where it
     * sees the end it drains the input and polls again. The kernel looks for data first, then at the hang-up, and what comes between is seen
     * by the second poll only.
     */
    public int pollEnd() {
        int over = pollTwice();
        return over > 0 && drainedInput() ? pollTwice() : over;
    }

    private int pollTwice() {
        int over = pollOnce();
        return over > 0 ? pollOnce() : over;
    }

    private int pollOnce() {
        int now = descriptor.poll(Epoll.IN);
        if (Readiness.isUnknown(now)) {
            return now;
        }
        return Readiness.isHungUp(now) && !Readiness.isReadable(now) ? 1 : 0;
    }

    /** Whether a read would give something, or an end; true where poll(2) fails, since the read then says it. */
    public boolean isReadable() {
        int now = descriptor.poll(Epoll.IN);
        return Readiness.isUnknown(now) || Readiness.isReadable(now) || Readiness.isHungUp(now);
    }

    /** How many bytes there are to be read at this moment, at least; poll(2) has waited for those that are on their way. */
    public int unreadBytes() {
        return Readiness.isReadable(descriptor.poll(Epoll.IN)) ? Math.max(descriptor.readableBytes(), 0) : 0;
    }

    /** Whether a process holds the other end at this moment, or poll(2) fails. */
    public boolean isHeld() {
        return !Readiness.isHungUp(descriptor.poll(Epoll.IN));
    }

    /** Drains the input if something was written since the last drain, and so can delay output; whether it did. */
    private boolean drainedInput() {
        if (!written || drains == MOST_DRAINS) {
            return false;
        }
        drains++;
        written = false; // first: a write from now on is waited for at the next end
        boolean drained = false;
        try {
            owner.drainInput();
            drained = true;
        } finally {
            if (!drained) {
                written = true;
            }
        }
        return true;
    }
}
