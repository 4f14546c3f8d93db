package dev.panpty.internal.process;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.loop.Registration;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Scratch;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A descriptor with a side that reads and perhaps one that writes, see {@link EndOfOutput} for what its reads answer. The hang-up of this
 * class is final: a pipe's, or a pts's.
 */
public class Channel implements Registration.Handler, EndOfOutput.Owner {

    /** More than a terminal, and as much as a pipe holds unread. */
    static final int MOST_UNREAD_BYTES = 64 * 1024;

    private static final int EAGAIN = -Errno.EAGAIN;

    private final EventLoop loop;
    private final Descriptor descriptor;
    private final Optional<Child> child;
    private final String name;
    private volatile Registration registration;
    /** Held by each write, and by a caller that keeps writes out for a moment. Innermost of all locks. */
    final ReentrantLock writing = new ReentrantLock();
    /** Whether what is written has to be looked at, by {@link #writeWatched}. Guarded by the writing lock. */
    boolean watched;
    /** Whether what is read has to be looked at, by {@link #readObserved}. Written with the writing lock. */
    volatile boolean observed;
    private final EndOfOutput end;
    private ReadSide reader;
    private Optional<? extends WriteSide> writer = Optional.empty();

    /** @param child whose exit ends what is written to it, if it is a child's */
    public Channel(EventLoop loop, Descriptor descriptor, Optional<Child> child, String name) {
        this.loop = loop;
        this.child = child;
        this.descriptor = descriptor;
        this.name = name;
        registration = new Registration(loop, descriptor, this);
        end = new EndOfOutput(descriptor, this);
    }

    /** To be called once, before anything is armed. */
    public final void attach(ReadSide readSide, Optional<? extends WriteSide> writeSide) {
        reader = readSide;
        writer = writeSide;
    }

    final Optional<Child> child() {
        return child;
    }

    /** Whether there was a child, and it is reaped. */
    public final boolean isChildReaped() {
        return child.isPresent() && child.get().isReaped();
    }

    /** Whether a program can read what is written. The kernel accepts bytes also where none can. */
    boolean hasReader() {
        return true;
    }

    @Override
    public boolean isHangUpFinal() {
        return true;
    }

    /**
     * The leader has exited, and all it wrote is there: keeps others from writing more, as far as that can be done. How many bytes may
     * still come that the leader wrote.
     */
    public long stopOutput() {
        int readable = descriptor.readableBytes(); // others cannot be stopped
        return readable < 0 ? MOST_UNREAD_BYTES : readable;
    }

    @Override
    public void drainInput() {
        // a pipe echoes nothing, nor does a pts
    }

    /** Whether a write(2) of a program is under way, whose bytes are still to come; false where that cannot be seen. */
    public boolean isBeingWritten() {
        return false;
    }

    /** What the answers of its reads mean. */
    public final EndOfOutput end() {
        return end;
    }

    /** {@link Descriptor#read(byte[], int, int)}; one thread at a time, as all that has to do with reading. */
    public final int read(byte[] target, int offset, int length) {
        if (observed) {
            return noted(readObserved(ByteBuffer.wrap(target), offset, length));
        }
        return unobserved(descriptor.read(target, offset, length));
    }

    /** {@link Descriptor#read(Scratch, int)}. */
    public final int read(Scratch target) {
        return observed ? noted(readObserved(target.data(), 0, Scratch.DATA_BYTES))
                : unobserved(descriptor.read(target, Scratch.DATA_BYTES));
    }

    /** {@link Descriptor#write(byte[], int, int)}; EAGAIN if no program could read it. Any thread. */
    public final int write(byte[] source, int offset, int length) {
        return write(ByteBuffer.wrap(source), offset, length);
    }

    /** {@link Descriptor#write(ByteBuffer, int, int)}; EAGAIN if no program could read it. Any thread. */
    public final int write(ByteBuffer source, int offset, int length) {
        writing.lock();
        try {
            if (!beginWrite()) {
                return EAGAIN;
            }
            return watched ? writeWatched(source, offset, length) : descriptor.write(source, offset, length);
        } finally {
            writing.unlock();
        }
    }

    /** {@link Descriptor#write(Scratch, int)}; EAGAIN if no program could read it. Any thread. */
    public final int write(Scratch source, int length) {
        writing.lock();
        try {
            if (!beginWrite()) {
                return EAGAIN;
            }
            return watched ? writeWatched(source.data(), 0, length) : descriptor.write(source, length);
        } finally {
            writing.unlock();
        }
    }

    /** Whether it is to be made. What the kernel makes of it may then delay output, see {@link EndOfOutput#wrote}. */
    private boolean beginWrite() {
        boolean wanted = hasReader();
        if (wanted) {
            end.wrote();
        }
        return wanted;
    }

    /** {@link Descriptor#write(ByteBuffer, int, int)} while {@link #watched}. With the writing lock. */
    int writeWatched(ByteBuffer source, int offset, int length) {
        return descriptor.write(source, offset, length);
    }

    /** {@code read(2)} to this index of any buffer while {@link #observed}. Under no lock of the channel. */
    int readObserved(ByteBuffer target, int offset, int length) {
        return descriptor.read(target, offset, length);
    }

    /** A read that had begun before {@link #observed} was set. */
    private int unobserved(int answer) {
        if (observed && answer > 0) {
            readUnobserved(answer);
        }
        return noted(answer);
    }

    /** So many bytes were read while {@link #observed} was being set. Under no lock of the channel. */
    void readUnobserved(int count) {
        // of no interest, as a rule
    }

    private int noted(int answer) {
        if (answer > 0) {
            end.hasRead();
        }
        return answer;
    }

    /** The reader is ready, soon and on the loop's thread; where there is no memory for the post, the resync does it. */
    public final void readyLater(boolean readable, boolean hungUp) {
        try {
            loop.post(() -> reader.ready(readable, hungUp));
        } catch (OutOfMemoryError missed) {
            loop.resync();
        }
    }

    public final EventLoop loop() {
        return loop;
    }

    public final Descriptor descriptor() {
        return descriptor;
    }

    /** {@link Registration#register}. */
    public final int register() {
        return registration.register();
    }

    /** {@link Registration#once}. */
    public final int once(int events) {
        return registration.once(events);
    }

    /** {@link Registration#edges}. */
    public final void edges(int events) {
        registration.edges(events);
    }

    /** {@link Registration#forgo}. */
    public final void forgo(int events) {
        registration.forgo(events);
    }

    /** Listens to the output by edges, for good. */
    public final void listen() {
        registration.edges(Epoll.IN);
    }

    /** After a hang-up: edges only, for good, since EPOLLHUP stays asserted and a one-shot wait would be told of it at once. */
    public final void listenByEdges() {
        if (!registration.isByEdges()) {
            registration.edges(writer.isPresent() ? Epoll.IN | Epoll.OUT : Epoll.IN);
        }
    }

    /** Another channel has the descriptor from now on, until {@link #takeBack}: this one receives no events. */
    public final void lend() {
        registration.detach();
    }

    /** No other channel has the descriptor any more: what is waited for is to be asked for again. */
    public final void takeBack() {
        registration = new Registration(loop, descriptor, this);
    }

    public final boolean isClosed() {
        return descriptor.isClosed();
    }

    /** Idempotent; no event is told afterwards, except by a call that is under way now. */
    public final void close() {
        registration.close();
        descriptor.close();
    }

    @Override
    public final void ready(int readiness) {
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
    public final void loopFailed(String reason) {
        writer.ifPresent(side -> side.failed(reason));
        reader.failed(reason);
    }

    @Override
    public final String toString() {
        return name;
    }
}
