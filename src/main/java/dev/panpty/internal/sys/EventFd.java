package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;

/** The wake-up of an event loop, see eventfd(2). It lives as long as the loop: a stale wake-up can reach nobody else. */
public final class EventFd {

    private static final Downcall EVENTFD = new Downcall(Linux.eventfd$address());

    private EventFd() {}

    public static Descriptor.Opened open() {
        return Descriptor.own(EVENTFD.call(0, Linux.EFD_CLOEXEC() | Linux.EFD_NONBLOCK()));
    }

    /** Makes the descriptor readable. EAGAIN says that it is more than readable already, EBADF that the loop is gone. */
    public static void signal(Descriptor eventFd) {
        eventFd.writeLong(1);
    }
}
