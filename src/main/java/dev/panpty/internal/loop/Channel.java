package dev.panpty.internal.loop;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Epoll;
import java.util.Optional;

/**
 * A descriptor with a side that reads and perhaps one that writes, and what the answers of its reads mean. As it stands it is one whose
 * hang-up is final: a pipe, or a program's end of a terminal.
 */
class Channel extends Watch {

    private static final int EIO = -Linux.EIO();

    private final String name;
    private OutputSide reader;
    private Optional<? extends InputSide> writer = Optional.empty();

    Channel(EventLoop loop, Descriptor descriptor, String name) {
        super(loop, descriptor);
        this.name = name;
    }

    /** To be called once, before anything is armed. */
    final void attach(OutputSide readSide, Optional<? extends InputSide> writeSide) {
        reader = readSide;
        writer = writeSide;
    }

    /** Whether a hang-up is for good; the child is reaped or not. */
    boolean isHangUpFinal(boolean reaped) {
        return true;
    }

    /** Keeps others from writing more, as far as that can be done: the leader has exited, and all it wrote is there. */
    void stopOutput() {
        // a pipe holds 64 KiB at most, and others cannot be stopped
    }

    /** How many bytes may still come after the leader's exit that it wrote itself. */
    long mostAtExit() {
        return Math.max(descriptor().readableBytes(), 0);
    }

    /** Whether nobody can write any more and nothing is left to read; it is looked at, not read. */
    final boolean isOver() {
        int readiness = descriptor().poll(Epoll.IN);
        return readiness > 0 && (readiness & Epoll.HUP) != 0 && (readiness & Epoll.IN) == 0;
    }

    /** Whether a read that gave this has seen a hang-up: EIO from a terminal, 0 from a pipe. */
    final boolean isHangUp(int answer) {
        return answer == EIO || answer == 0;
    }

    /** Whether a read that gave this has seen the end. */
    final boolean isEnd(int answer, boolean reaped) {
        return isHangUp(answer) && isHangUpFinal(reaped);
    }

    /** Listens to the output by edges, for good; 0 or the negative errno. */
    final int listen() {
        return edge(Epoll.IN);
    }

    /** After a hang-up: edges only, for good, since EPOLLHUP stays asserted and arming once would be told of it at once. */
    final void listenByEdges() {
        edgeInsteadOfOnce(writer.isPresent() ? Epoll.IN | Epoll.OUT : Epoll.IN);
    }

    @Override
    final void ready(int readiness) {
        boolean hungUp = (readiness & (Epoll.HUP | Epoll.ERR)) != 0;
        if (hungUp) {
            listenByEdges();
        }
        boolean readable = (readiness & (Epoll.IN | Epoll.ERR)) != 0;
        if (hungUp || readable) {
            reader.ready(readable, hungUp);
        }
        // not at a hang-up: the kernel takes no more then than it took before, and every try is told as a hang-up again
        if (writer.isPresent() && (readiness & Epoll.OUT) != 0) {
            writer.get().ready();
        }
    }

    @Override
    public final String toString() {
        return name;
    }
}
