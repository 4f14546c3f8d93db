package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Lets the calling thread itself wait for a descriptor, for a few milliseconds at most. A program that answers at once is then
 * heard without another thread between, and whoever closes the descriptor or interrupts the thread does not wait long for it: this
 * is the one call that blocks between {@link Descriptor#acquire} and its release.
 *
 * <p>Not for virtual threads, which would hold their carrier. Several threads may wait at once: what poll(2) answers is not looked at.
 */
public final class ShortWait {

    private static final Downcall POLL = new Downcall(Linux.poll$address());
    private static final int MILLIS = 5; // beyond a tick of 250 Hz: a shorter time would set a timer anew at each wait
    private static final int ERRNO_BYTES = Math.toIntExact(Linker.Option.captureStateLayout().byteSize());
    private static final int POLLFD_BYTES = Long.BYTES;

    private final Descriptor descriptor;
    private final MemorySegment pollfd;
    private final MemorySegment errno;
    private final ByteBuffer view;

    public ShortWait(Descriptor descriptor) {
        this.descriptor = descriptor;
        MemorySegment memory = Arena.ofAuto().allocate(POLLFD_BYTES + ERRNO_BYTES, Long.BYTES);
        pollfd = memory.asSlice(0, POLLFD_BYTES);
        errno = memory.asSlice(POLLFD_BYTES);
        view = Scratch.view(pollfd).putInt(0, descriptor.number());
    }

    /** Returns when one of these events is there, named as by {@link Epoll}, or a hang-up, or the time is over, or for no reason. */
    public void await(int events) {
        if (descriptor.acquire()) {
            try {
                view.putShort(Integer.BYTES, (short) events);
                POLL.callOnce(errno, pollfd.address(), 1, MILLIS);
            } finally {
                descriptor.release();
            }
        }
    }
}
