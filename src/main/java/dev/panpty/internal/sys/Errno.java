package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.util.Map;

/** Names and texts of errno values, see errno(3) and strerror(3). Below the API an error is a negative errno; here it gets words. */
public final class Errno {

    private static final Downcall STRERROR = new Downcall(Linux.strerror$address());
    private static final int TEXT_BYTES = 256;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(Linux.E2BIG(), "E2BIG"),
            Map.entry(Linux.EACCES(), "EACCES"),
            Map.entry(Linux.EAGAIN(), "EAGAIN"),
            Map.entry(Linux.EBADF(), "EBADF"),
            Map.entry(Linux.EBUSY(), "EBUSY"),
            Map.entry(Linux.ECHILD(), "ECHILD"),
            Map.entry(Linux.EEXIST(), "EEXIST"),
            Map.entry(Linux.EFAULT(), "EFAULT"),
            Map.entry(Linux.EINTR(), "EINTR"),
            Map.entry(Linux.EINVAL(), "EINVAL"),
            Map.entry(Linux.EIO(), "EIO"),
            Map.entry(Linux.EISDIR(), "EISDIR"),
            Map.entry(Linux.ELIBBAD(), "ELIBBAD"),
            Map.entry(Linux.ELOOP(), "ELOOP"),
            Map.entry(Linux.EMFILE(), "EMFILE"),
            Map.entry(Linux.ENAMETOOLONG(), "ENAMETOOLONG"),
            Map.entry(Linux.ENFILE(), "ENFILE"),
            Map.entry(Linux.ENODEV(), "ENODEV"),
            Map.entry(Linux.ENOENT(), "ENOENT"),
            Map.entry(Linux.ENOEXEC(), "ENOEXEC"),
            Map.entry(Linux.ENOMEM(), "ENOMEM"),
            Map.entry(Linux.ENOSPC(), "ENOSPC"),
            Map.entry(Linux.ENOSYS(), "ENOSYS"),
            Map.entry(Linux.ENOTDIR(), "ENOTDIR"),
            Map.entry(Linux.ENOTTY(), "ENOTTY"),
            Map.entry(Linux.ENXIO(), "ENXIO"),
            Map.entry(Linux.EPERM(), "EPERM"),
            Map.entry(Linux.EPIPE(), "EPIPE"),
            Map.entry(Linux.ERANGE(), "ERANGE"),
            Map.entry(Linux.EROFS(), "EROFS"),
            Map.entry(Linux.ESRCH(), "ESRCH"),
            Map.entry(Linux.ETXTBSY(), "ETXTBSY"));

    private Errno() {}

    /** The number of E2BIG, which a caller may find out before the kernel does. */
    public static int tooBig() {
        return Linux.E2BIG();
    }

    /** The number of EBADF: what a call on a closed descriptor gives. */
    public static int badDescriptor() {
        return Linux.EBADF();
    }

    /** The number of EAGAIN: what pthread_create(3) answers for want of threads, and the JVM does not hand on. */
    public static int again() {
        return Linux.EAGAIN();
    }

    /** The number of EPERM, as TIOCSCTTY answers it for a terminal that another session has. */
    public static int notPermitted() {
        return Linux.EPERM();
    }

    /** The symbolic name, such as {@code ENOENT}; {@code errno 123} for one that nothing here should give. */
    public static String name(int errno) {
        String name = NAMES.get(errno);
        return name != null ? name : "errno " + errno;
    }

    /** The system's text, in the language of the JVM's locale as libc knows it: {@code No such file or directory}. */
    public static String text(int errno) {
        long address = STRERROR.callForPointer(errno, 0, 0, 0, 0, 0);
        return FileNameEncoding.decode(NativeBlock.string(address, TEXT_BYTES));
    }

    /** {@code ENOENT, No such file or directory}. */
    public static String describe(int errno) {
        return name(errno) + ", " + text(errno);
    }
}
