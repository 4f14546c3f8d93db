package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The wake-up of an event loop, see eventfd(2). It lives as long as the loop: a stale wake-up can reach nobody else. */
public final class EventFd {

    private static final Downcall EVENTFD = new Downcall(Linux.eventfd$address());

    private static final MemorySegment ONE = Arena.global().allocate(Long.BYTES, Long.BYTES);

    static {
        Scratch.view(ONE).putLong(0, 1);
    }

    private EventFd() {}

    public static Result<Descriptor> open() {
        return Descriptor.own(EVENTFD.call(0, Linux.EFD_CLOEXEC() | Linux.EFD_NONBLOCK()));
    }

    /** Makes the descriptor readable, for which no memory is needed; false where it cannot be, as once the loop is gone. */
    public static boolean signal(Descriptor eventFd) {
        return eventFd.writeOnce(ONE) > 0;
    }
}
