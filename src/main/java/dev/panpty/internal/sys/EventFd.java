package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;

/** The wake-up of an event loop, see eventfd(2). It lives as long as the loop: a stale wake-up can reach nobody else. */
public final class EventFd {

    private static final Downcall EVENTFD = new Downcall(Linux.eventfd$address());

    private EventFd() {}

    public static Descriptor.Opened open() {
        return Descriptor.own(EVENTFD.call(0, Linux.EFD_CLOEXEC() | Linux.EFD_NONBLOCK()));
    }

    /** Makes the descriptor readable; 0 or the negative errno, EBADF once the loop is gone. */
    public static int signal(Descriptor eventFd) {
        return Math.min(eventFd.writeLong(1), 0);
    }
}
