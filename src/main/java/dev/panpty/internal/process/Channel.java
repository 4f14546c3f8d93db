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
 * A descriptor with a side that reads it and perhaps one that writes it. {@link EndOfOutput} says what a read without data means. For a
 * pipe and a pts, which this class is used for, a hang-up is final; for a ptmx see {@link PtmxChannel}.
 */
public class Channel implements Registration.Handler, EndOfOutput.Owner {

    /** As much as a pipe holds unread, and more than a terminal does. */
    static final int MOST_UNREAD_BYTES = 64 * 1024;

    private static final int EAGAIN = -Errno.EAGAIN;

    private final EventLoop loop;
    private final Descriptor descriptor;
    private final Optional<Child> child;
    private final String name;
    private volatile Registration registration;
    /** Held by each write, and by a caller that keeps writes out for a short time. Innermost of all locks. */
    final ReentrantLock writing = new ReentrantLock();
    /** Whether writes go through {@link #writeWatched}, which checks the bytes. Guarded by the writing lock. */
    boolean watched;
    /** Whether reads go through {@link #readObserved}, which checks the bytes. Written with the writing lock. */
    volatile boolean observed;
    private final EndOfOutput end;
    private ReadSide reader;
    private Optional<? extends WriteSide> writer = Optional.empty();

    /** @param child the child that reads what is written, if any: after its exit nothing is written */
    public Channel(EventLoop loop, Descriptor descriptor, Optional<Child> child, String name) {
        this.loop = loop;
        this.child = child;
        this.descriptor = descriptor;
        this.name = name;
        registration = new Registration(loop, descriptor, this);
        end = new EndOfOutput(descriptor, this);
    }

    /** To be called once, before any event is asked for. */
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

    /** Whether a program can read what is written. The kernel accepts bytes also if none can. */
    boolean hasReader() {
        return true;
    }

    @Override
    public boolean isHangUpFinal() {
        return true;
    }

    /**
     * The leader has exited, and the kernel has all it wrote: stops output of other processes if possible. Returns how many bytes at most
     * are still to be read of what the leader wrote.
     */
    public long stopOutput() {
        int readable = descriptor.readableBytes(); // a pipe's other writers cannot be stopped
        return readable < 0 ? MOST_UNREAD_BYTES : readable;
    }

    @Override
    public void drainInput() {
        // neither a pipe nor a pts echoes
    }

    /** Whether a write(2) of a program is in flight, whose bytes are not all readable yet; false if that is not known. */
    public boolean isBeingWritten() {
        return false;
    }

    /** Decides what a read without data means. */
    public final EndOfOutput end() {
        return end;
    }

    /** {@link Descriptor#read(byte[], int, int)}. One thread at a time, as for every method that reads. */
    public final int read(byte[] target, int offset, int length) {
        if (observed) {
            return noted(readObserved(ByteBuffer.wrap(target), offset, length));
        }
        return unobserved(descriptor.read(target, offset, length));
    }

    /** {@link Descriptor#read(Scratch, int)}, as much as fits. */
    public final int read(Scratch target) {
        return read(target, 0, Scratch.DATA_BYTES);
    }

    /** {@link Descriptor#read(Scratch, int, int)}. */
    public final int read(Scratch target, int offset, int length) {
        return observed ? noted(readObserved(target.data(), offset, length)) : unobserved(descriptor.read(target, offset, length));
    }

    /** {@link Descriptor#write(byte[], int, int)}; EAGAIN if no program could read it. Any thread. */
    public final int write(byte[] source, int offset, int length) {
        return write(ByteBuffer.wrap(source), offset, length, false);
    }

    /** {@link Descriptor#write(ByteBuffer, int, int)}; EAGAIN if no program could read it. Any thread. */
    public final int write(ByteBuffer source, int offset, int length, boolean secret) {
        writing.lock();
        try {
            if (!beginWrite()) {
                return EAGAIN;
            }
            return watched ? writeWatched(source, offset, length, secret) : descriptor.write(source, offset, length);
        } finally {
            writing.unlock();
        }
    }

    /** {@link Descriptor#write(Scratch, int)}; EAGAIN if no program could read it. Any thread. */
    public final int write(Scratch source, int length, boolean secret) {
        writing.lock();
        try {
            if (!beginWrite()) {
                return EAGAIN;
            }
            return watched ? writeWatched(source.data(), 0, length, secret) : descriptor.write(source, length);
        } finally {
            writing.unlock();
        }
    }

    /** Whether the write is to be made. Its echo may delay output, see {@link EndOfOutput#wrote}. */
    private boolean beginWrite() {
        boolean wanted = hasReader();
        if (wanted) {
            end.wrote();
        }
        return wanted;
    }

    /** {@link Descriptor#write(ByteBuffer, int, int)} while {@link #watched}. With the writing lock. */
    int writeWatched(ByteBuffer source, int offset, int length, boolean secret) {
        return descriptor.write(source, offset, length);
    }

    /** {@code read(2)} into the buffer from this index on, while {@link #observed}. Under no lock of the channel. */
    int readObserved(ByteBuffer target, int offset, int length) {
        return descriptor.read(target, offset, length);
    }

    /** Reports a read that began before {@link #observed} was set. */
    private int unobserved(int answer) {
        if (observed && answer > 0) {
            readUnobserved(answer);
        }
        return noted(answer);
    }

    /** So many bytes were read while {@link #observed} was being set. Under no lock of the channel. */
    void readUnobserved(int count) {
        // only a ptmx observes its output
    }

    private int noted(int answer) {
        if (answer > 0) {
            end.hasRead();
        }
        return answer;
    }

    /** Posts a call of the reader's ready to the loop; out of memory for the post, the resync does it. */
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

    /** Listens to the output by edges until the channel is closed. */
    public final void listen() {
        registration.edges(Epoll.IN);
    }

    /** After a hang-up: edges from now on, since EPOLLHUP stays asserted and would end each one-shot wait at once. */
    public final void listenByEdges() {
        if (!registration.isByEdges()) {
            registration.edges(writer.isPresent() ? Epoll.IN | Epoll.OUT : Epoll.IN);
        }
    }

    /** Another channel uses the descriptor until {@link #takeBack}: this one receives no events. */
    public final void lend() {
        registration.detach();
    }

    /** No other channel uses the descriptor any more: waiters have to ask for events again. */
    public final void takeBack() {
        registration = new Registration(loop, descriptor, this);
    }

    public final boolean isClosed() {
        return descriptor.isClosed();
    }

    /** Idempotent. No event is dispatched afterwards, except by a call that is in flight now. */
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
        // not at a hang-up: the kernel has no more room then than before, and every retry would raise the hang-up again
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
