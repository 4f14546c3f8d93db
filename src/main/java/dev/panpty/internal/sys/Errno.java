package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.util.Map;

/**
 * Numbers, names and texts of errno values, see errno(3) and strerror(3). The constants are positive, as in errno.h; below the API an
 * error is a negative errno, so a result is compared with {@code -Errno.EAGAIN}.
 */
public final class Errno {

    public static final int E2BIG = Linux.E2BIG();
    public static final int EACCES = Linux.EACCES();
    public static final int EAGAIN = Linux.EAGAIN();
    public static final int EBADF = Linux.EBADF();
    public static final int EBUSY = Linux.EBUSY();
    public static final int ECHILD = Linux.ECHILD();
    public static final int EEXIST = Linux.EEXIST();
    public static final int EFAULT = Linux.EFAULT();
    public static final int EINTR = Linux.EINTR();
    public static final int EINVAL = Linux.EINVAL();
    public static final int EIO = Linux.EIO();
    public static final int EISDIR = Linux.EISDIR();
    public static final int ELIBBAD = Linux.ELIBBAD();
    public static final int ELOOP = Linux.ELOOP();
    public static final int EMFILE = Linux.EMFILE();
    public static final int ENAMETOOLONG = Linux.ENAMETOOLONG();
    public static final int ENFILE = Linux.ENFILE();
    public static final int ENODEV = Linux.ENODEV();
    public static final int ENOENT = Linux.ENOENT();
    public static final int ENOEXEC = Linux.ENOEXEC();
    public static final int ENOMEM = Linux.ENOMEM();
    public static final int ENOSPC = Linux.ENOSPC();
    public static final int ENOSYS = Linux.ENOSYS();
    public static final int ENOTDIR = Linux.ENOTDIR();
    public static final int ENOTTY = Linux.ENOTTY();
    public static final int ENXIO = Linux.ENXIO();
    public static final int EPERM = Linux.EPERM();
    public static final int EPIPE = Linux.EPIPE();
    public static final int ERANGE = Linux.ERANGE();
    public static final int EROFS = Linux.EROFS();
    public static final int ESRCH = Linux.ESRCH();
    public static final int ETXTBSY = Linux.ETXTBSY();

    private static final Downcall STRERROR = new Downcall(Linux.strerror$address());
    private static final int TEXT_BYTES = 256;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(E2BIG, "E2BIG"),
            Map.entry(EACCES, "EACCES"),
            Map.entry(EAGAIN, "EAGAIN"),
            Map.entry(EBADF, "EBADF"),
            Map.entry(EBUSY, "EBUSY"),
            Map.entry(ECHILD, "ECHILD"),
            Map.entry(EEXIST, "EEXIST"),
            Map.entry(EFAULT, "EFAULT"),
            Map.entry(EINTR, "EINTR"),
            Map.entry(EINVAL, "EINVAL"),
            Map.entry(EIO, "EIO"),
            Map.entry(EISDIR, "EISDIR"),
            Map.entry(ELIBBAD, "ELIBBAD"),
            Map.entry(ELOOP, "ELOOP"),
            Map.entry(EMFILE, "EMFILE"),
            Map.entry(ENAMETOOLONG, "ENAMETOOLONG"),
            Map.entry(ENFILE, "ENFILE"),
            Map.entry(ENODEV, "ENODEV"),
            Map.entry(ENOENT, "ENOENT"),
            Map.entry(ENOEXEC, "ENOEXEC"),
            Map.entry(ENOMEM, "ENOMEM"),
            Map.entry(ENOSPC, "ENOSPC"),
            Map.entry(ENOSYS, "ENOSYS"),
            Map.entry(ENOTDIR, "ENOTDIR"),
            Map.entry(ENOTTY, "ENOTTY"),
            Map.entry(ENXIO, "ENXIO"),
            Map.entry(EPERM, "EPERM"),
            Map.entry(EPIPE, "EPIPE"),
            Map.entry(ERANGE, "ERANGE"),
            Map.entry(EROFS, "EROFS"),
            Map.entry(ESRCH, "ESRCH"),
            Map.entry(ETXTBSY, "ETXTBSY"));

    private Errno() {}

    /** The symbolic name, such as {@code ENOENT}; {@code errno 123} for one that is not listed here. */
    public static String name(int errno) {
        String name = NAMES.get(errno);
        return name != null ? name : "errno " + errno;
    }

    /** The text of strerror(3), in the language of libc's locale, such as {@code No such file or directory}. */
    public static String text(int errno) {
        long address = STRERROR.callRaw(errno, 0, 0, 0, 0, 0);
        return FileNameEncoding.decode(NativeBlock.string(address, TEXT_BYTES));
    }

    /** {@code ENOENT, No such file or directory}. */
    public static String describe(int errno) {
        return name(errno) + ", " + text(errno);
    }
}
