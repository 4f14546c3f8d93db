package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The wake-up of an event loop, see eventfd(2). It is open as long as the loop runs, so a late wake-up reaches no other descriptor. */
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

    /** Makes the descriptor readable; allocates nothing. False if it fails, as after the loop has closed it. */
    public static boolean signal(Descriptor eventFd) {
        return eventFd.writeOnce(ONE) > 0;
    }
}
