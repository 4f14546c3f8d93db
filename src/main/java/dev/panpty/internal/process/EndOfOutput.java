package dev.panpty.internal.process;

import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Errno;

/**
 * Decides what a read(2) without data means, and whether the output of a channel has ended.
 *
 * <pre>
 *   read gave                                       {@link #classify} answers
 *   EAGAIN                                          YET
 *   EIO (terminal) or 0 (pipe), hang-up not final   AGAIN if poll(2) sees data, else HUNG_UP
 *   EIO or 0, hang-up final                         EIO, but poll(2) sees no hang-up or sees data: YET if a process holds the other end,
 *                                                   else AGAIN
 *                                                   else AGAIN if the input had to be drained, since output may follow; else END
 *   another errno                                   AGAIN; the third in a row is FAULT
 *   anything, descriptor closed                     HUNG_UP
 * </pre>
 *
 * <p>Used by the one thread that reads at that time; any thread may call {@link #wrote}.
 */
public final class EndOfOutput {

    private static final int EIO = -Errno.EIO;
    private static final int EAGAIN = -Errno.EAGAIN;
    private static final int FAULTS_IN_A_ROW = 3;
    private static final int MOST_DRAINS = 16; // bounds the wait for echo while a caller goes on writing to other holders

    private final Descriptor descriptor;
    private final Owner owner;
    private int faults;
    private volatile boolean written;
    private int drains;

    /** The channel. */
    interface Owner {

        /** Whether a hang-up is final: no process can open the other end again. */
        boolean isHangUpFinal();

        /** Drains the input that the program has not read, and waits until the kernel has echoed it. */
        void drainInput();
    }

    EndOfOutput(Descriptor descriptor, Owner owner) {
        this.descriptor = descriptor;
        this.owner = owner;
    }

    /** A write follows: while the kernel echoes it, output written before the end may be invisible to a read. Any thread. */
    void wrote() {
        written = true;
    }

    /** A read gave data. */
    void hasRead() {
        faults = 0;
    }

    /**
     * What a read without data means, from its answer: 0 or the negative errno. Counts the faults in a row. Drains the input where it sees
     * an end after a write. A hang-up never counts as a fault: a running program may close its terminal and open it again at any time. What
     * it writes then raises a new edge.
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
        if (!owner.isHangUpFinal()) { // data that has come since is read now: its edge may have been dispatched before
            return unreadBytes() > 0 ? NoData.AGAIN : NoData.HUNG_UP;
        }
        if (!isHangUp(answer)) { // another process has opened it again; or EIO came before data that was written earlier
            return isHeld() ? NoData.YET : NoData.AGAIN;
        }
        return drainedInput() ? NoData.AGAIN : NoData.END;
    }

    /**
     * Whether a read with this answer has seen a hang-up with nothing left to read: 0 from a pipe; EIO from a terminal if poll(2) confirms
     * it. EIO alone can be another failure, or come before data that was written just before the hang-up. True if poll(2) fails.
     */
    public boolean isHangUp(int answer) {
        if (answer != EIO) {
            return answer == 0;
        }
        int now = descriptor.poll(Epoll.IN);
        boolean nothingLeft = !Readiness.isReadable(now) || Readiness.isError(now);
        return Readiness.isUnknown(now) || Readiness.isHungUp(now) && nothingLeft;
    }

    /** Whether nothing is left to read and no more will come; false if that cannot be seen without a read. May drain the input. */
    public boolean isAtEnd() {
        return !descriptor.isClosed() && owner.isHangUpFinal() && pollEnd() > 0;
    }

    /**
     * 1 if no process can write any more and nothing is left to read, else 0; or the negative errno. Uses poll(2), without a read. Where it
     * sees the end it drains the input and polls again. The kernel checks for data first and for the hang-up second: data that comes in
     * between is seen by the second poll only.
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

    /**
     * What a read would meet, by poll(2): AGAIN if it would give data or an error, YET, HUNG_UP, or END. May drain the input, as
     * {@link #classify}.
     */
    public NoData pollOutput() {
        int now = descriptor.poll(Epoll.IN);
        if (Readiness.isUnknown(now) || Readiness.isReadable(now)) {
            return descriptor.isClosed() ? NoData.HUNG_UP : NoData.AGAIN;
        }
        if (!Readiness.isHungUp(now)) {
            return NoData.YET;
        }
        if (!owner.isHangUpFinal()) {
            return NoData.HUNG_UP;
        }
        int over = pollEnd();
        return over > 0 ? NoData.END : over == 0 ? pollOutput() : NoData.AGAIN;
    }

    /** Whether a read would give data or an end; true if poll(2) fails, since the read then gives the error. */
    public boolean isReadable() {
        int now = descriptor.poll(Epoll.IN);
        return Readiness.isUnknown(now) || Readiness.isReadable(now) || Readiness.isHungUp(now);
    }

    /** At least how many bytes can be read now; poll(2) first waits for those that the kernel's worker still moves. */
    public int unreadBytes() {
        return Readiness.isReadable(descriptor.poll(Epoll.IN)) ? Math.max(descriptor.readableBytes(), 0) : 0;
    }

    /** Whether a process holds the other end now; true if poll(2) fails. */
    public boolean isHeld() {
        return !Readiness.isHungUp(descriptor.poll(Epoll.IN));
    }

    /** Drains the input if something was written since the last drain, whose echo can delay output; whether it did. */
    private boolean drainedInput() {
        if (!written || drains == MOST_DRAINS) {
            return false;
        }
        drains++;
        written = false; // first: a write from now on makes the next end drain again
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
