package dev.panpty.internal.loop;

import dev.panpty.internal.sys.Ptmx;
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
        return flow(false) < 0 ? MOST_UNREAD_BYTES : Long.MAX_VALUE;
    }

    /** {@link Ptmx#flow}. Any thread. */
    int flow(boolean on) {
        writing.lock();
        try {
            return ptmx.flow(on);
        } finally {
            writing.unlock();
        }
    }
}
