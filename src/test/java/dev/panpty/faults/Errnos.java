package dev.panpty.faults;

import java.util.List;
import java.util.Map;

/** The errnos of each call under ERRORS in its man page, and in that of the driver: tty_ioctl(4), pty(7). */
final class Errnos {

    private static final Map<String, String> OF = Map.ofEntries(
            Map.entry("openat", "EMFILE EACCES EAGAIN EBADF EBUSY EDQUOT EEXIST EFAULT EFBIG EINVAL EIO EISDIR ELOOP ENAMETOOLONG ENFILE"
                    + " ENODEV ENOENT ENOMEM ENOSPC ENOTDIR ENXIO EOPNOTSUPP EOVERFLOW EPERM EROFS ETXTBSY"),
            Map.entry("ioctl", "EIO EBADF EFAULT EINVAL ENOTTY EPERM"),
            Map.entry("ioctl TIOCGPTPEER", "EMFILE EBADF EFAULT EINVAL EIO ENFILE ENOMEM ENOTTY EPERM"),
            Map.entry("fcntl", "EMFILE EACCES EAGAIN EBADF EBUSY EDEADLK EFAULT EINVAL ENOLCK ENOTDIR EPERM"),
            Map.entry("read", "EINVAL EIO EAGAIN EBADF EFAULT EISDIR"),
            Map.entry("write", "EIO EAGAIN EBADF EDESTADDRREQ EDQUOT EFAULT EFBIG EINVAL ENOSPC EPERM EPIPE"),
            Map.entry("close", "EIO EBADF EDQUOT ENOSPC"),
            Map.entry("epoll_create1", "EMFILE EINVAL ENFILE ENOMEM"),
            Map.entry("epoll_ctl", "ENOSPC ENOMEM EBADF EEXIST EINVAL ELOOP ENOENT EPERM"),
            Map.entry("epoll_wait", "EINVAL EBADF EFAULT"),
            Map.entry("epoll_pwait", "EINVAL EBADF EFAULT"),
            Map.entry("eventfd2", "EMFILE EINVAL ENFILE ENODEV ENOMEM"),
            Map.entry("pidfd_open", "EMFILE EINVAL ENFILE ENODEV ENOMEM ESRCH"),
            Map.entry("pidfd_send_signal", "EPERM EBADF EINVAL ESRCH"),
            Map.entry("waitid", "EINVAL EAGAIN ECHILD ESRCH"),
            Map.entry("wait4", "EINVAL ECHILD ESRCH"),
            Map.entry("pipe2", "EMFILE EFAULT EINVAL ENFILE"),
            Map.entry("kill", "EPERM EINVAL ESRCH"),
            Map.entry("poll", "ENOMEM EFAULT EINVAL"),
            Map.entry("ppoll", "ENOMEM EFAULT EINVAL"),
            Map.entry("faccessat", "EACCES EBADF EFAULT EINVAL EIO ELOOP ENAMETOOLONG ENOENT ENOMEM ENOTDIR EPERM EROFS ETXTBSY"),
            Map.entry("faccessat2", "EACCES EBADF EFAULT EINVAL EIO ELOOP ENAMETOOLONG ENOENT ENOMEM ENOTDIR EPERM EROFS ETXTBSY"),
            Map.entry("fchown", "EPERM EBADF EIO EROFS"),
            Map.entry("fchmod", "EPERM EBADF EIO EROFS"),
            Map.entry("mmap", "ENOMEM EACCES EAGAIN EBADF EEXIST EINVAL ENFILE ENODEV EOVERFLOW EPERM ETXTBSY"),
            Map.entry("mprotect", "ENOMEM EACCES EINVAL"),
            Map.entry("munmap", "EINVAL ENOMEM"),
            Map.entry("rt_sigprocmask", "EINVAL EFAULT"),
            Map.entry("prctl", "EINVAL EFAULT EPERM"),
            Map.entry("clone", "EAGAIN EACCES EBUSY EEXIST EINVAL ENOMEM ENOSPC EOPNOTSUPP EPERM EUSERS"),
            // the child's
            Map.entry("rt_sigaction", "EFAULT EINVAL"),
            Map.entry("setsid", "EPERM"),
            Map.entry("dup2", "EBUSY EBADF EMFILE"),
            Map.entry("dup3", "EBUSY EBADF EINVAL EMFILE"),
            Map.entry("close_range", "EINVAL EMFILE ENOMEM"),
            Map.entry("fchdir", "EACCES EBADF"),
            Map.entry("execve", "ENOMEM E2BIG EACCES EAGAIN EFAULT EINVAL EIO EISDIR ELIBBAD ELOOP EMFILE ENAMETOOLONG ENFILE ENOENT"
                    + " ENOEXEC ENOTDIR EPERM ETXTBSY"),
            Map.entry("prlimit64", "EPERM EFAULT EINVAL ESRCH"),
            Map.entry("setpriority", "EACCES EINVAL EPERM ESRCH"),
            Map.entry("setgroups", "EPERM EFAULT EINVAL ENOMEM"),
            Map.entry("setresgid", "EPERM EAGAIN EINVAL"),
            Map.entry("setresuid", "EAGAIN EINVAL EPERM"),
            Map.entry("capset", "EPERM EFAULT EINVAL ESRCH"));

    private Errnos() {}

    /** The most significant first. EINTR is not among them, since any call may give it. */
    static List<String> of(String label) {
        String errnos = OF.getOrDefault(label, OF.get(label.replaceAll(" .*", "")));
        if (errnos == null) {
            throw new AssertionError("no errnos known for " + label);
        }
        return List.of(errnos.split(" "));
    }
}
