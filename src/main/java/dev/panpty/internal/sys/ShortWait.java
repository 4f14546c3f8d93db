package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A wait of the calling thread for a descriptor, for a few milliseconds at most: a program that answers at once is then read without a
 * switch to another thread. This is the only call that blocks between {@link Descriptor#acquire} and its release, so closing the descriptor
 * is delayed, and an interrupt of the thread is noticed, by that time at most.
 *
 * <p>Not for virtual threads, which would pin their carrier. Several threads may wait at once, since the answer of poll(2) is not read.
 */
public final class ShortWait {

    private static final Downcall POLL = new Downcall(Linux.poll$address());
    private static final int MILLIS = 5; // longer than a tick of 250 Hz: a shorter time-out would set a timer at each wait
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

    /** Returns at one of these events, with the constants of {@link Epoll}, at a hang-up, or when the time is over; may return early. */
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
