package dev.panpty.internal.loop;

import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Ptmx;
import java.io.IOException;

/**
 * The ptmx of one process in the loop, with a side that reads and a side that writes.
 *
 * <pre>
 *   live: a read gives data, or EAGAIN
 *   hung up: EIO, nobody holds the pts; but the child may open /dev/tty again, so it is listened to by edges from here on
 *   at its end: EIO after the child was reaped
 * </pre>
 */
final class Terminal extends Watch {

    private final Ptmx ptmx;
    private Side reader;
    private Side writer;

    Terminal(EventLoop loop, Ptmx ptmx) {
        super(loop, ptmx.descriptor());
        this.ptmx = ptmx;
    }

    /** To be called once, before anything is armed. */
    void attach(Side readSide, Side writeSide) {
        reader = readSide;
        writer = writeSide;
    }

    Ptmx ptmx() {
        return ptmx;
    }

    /** Listens to the output by edges, for good; 0 or the negative errno. */
    int listen() {
        return edge(Epoll.IN);
    }

    /** After an EIO: edges only, for good, since EPOLLHUP stays asserted. */
    void listenByEdges() {
        edge(Epoll.IN | Epoll.OUT);
    }

    @Override
    void ready(int readiness) {
        boolean hungUp = (readiness & (Epoll.HUP | Epoll.ERR)) != 0;
        if (hungUp || (readiness & Epoll.IN) != 0) {
            reader.ready(hungUp);
        }
        if (hungUp || (readiness & Epoll.OUT) != 0) {
            writer.ready(hungUp);
        }
    }

    /** An error of this terminal that has a meaning: what was tried, on what, and why not. */
    IOException failure(String call, int error) {
        return new IOException(call + " (" + ptmx + "): " + Errno.describe(-error));
    }
}
