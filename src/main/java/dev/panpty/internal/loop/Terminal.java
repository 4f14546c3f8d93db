package dev.panpty.internal.loop;

import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Ptmx;

/**
 * Our end of a terminal.
 *
 * <pre>
 *   live: a read gives data, or EAGAIN
 *   hung up: EIO, nobody holds the pts; but the child may open /dev/tty again, so it is listened to by edges from here on
 *   at its end: EIO after the child was reaped
 * </pre>
 */
final class Terminal extends Channel {

    private final Ptmx ptmx;

    Terminal(EventLoop loop, Ptmx ptmx) {
        super(loop, ptmx.descriptor(), ptmx.toString());
        this.ptmx = ptmx;
    }

    Ptmx ptmx() {
        return ptmx;
    }

    /** EIO alone could be a failure of any kind. */
    @Override
    boolean isHangUp(int answer) {
        return super.isHangUp(answer) && isHungUp();
    }

    /** Whether nobody holds the pts and all is read; where that cannot be seen, yes. */
    private boolean isHungUp() {
        int readiness = descriptor().poll(Epoll.IN);
        return readiness < 0 || (readiness & Epoll.HUP) != 0 && (readiness & Epoll.IN) == 0;
    }

    @Override
    boolean isHangUpFinal(boolean reaped) {
        return reaped;
    }

    /** Whatever is there, once output is stopped: some of it may be on its way from the kernel's one buffer to the other. */
    @Override
    long stopOutput() {
        return ptmx.flow(false) < 0 ? MOST_UNREAD_BYTES : Long.MAX_VALUE;
    }
}
