/*
 * Prints every constant, size and offset that the Java side relies on, as the C compiler of this machine has them, as lines
 * "name value": "struct" for a size, "struct.member" for an offset. LayoutTest compares the bindings with them.
 */
#include "linux.h"

#include <stdio.h>

/* What a C library older than the kernel's headers lacks: the kernel's own. */
#ifndef SYS_close_range
#define SYS_close_range __NR_close_range
#endif
#if __GLIBC__ == 2 && __GLIBC_MINOR__ < 36
#include <linux/wait.h> /* P_PIDFD */
#endif

#define LINE(name, value) printf("%s %lld\n", name, (long long)(value))
#define V(name) LINE(#name, name)
#define S(type, name) LINE(name, sizeof(type))
#define M(name, member) LINE(#name "." #member, offsetof(struct name, member))

static void print_constants(void)
{
    /* fcntl.h, unistd.h, sys/stat.h */
    V(AT_FDCWD); V(AT_EMPTY_PATH); V(AT_STATX_DONT_SYNC); V(STATX_INO); V(STATX_NLINK); V(O_RDONLY); V(O_RDWR); V(O_NOCTTY); V(O_NONBLOCK); V(O_CLOEXEC); V(O_PATH);
    V(F_DUPFD_CLOEXEC); V(F_SETFL); V(F_OK); V(X_OK);
    /* sys/ioctl.h, termios.h */
    V(FIONREAD); V(TCGETS); V(TCSETS); V(TIOCGPTN); V(TIOCGPTPEER); V(TIOCSPTLCK); V(TIOCGSID); V(TIOCGWINSZ); V(TIOCSWINSZ); V(TIOCSIG);
    V(TCIFLUSH); V(TCOOFF); V(TCOON);
    /* spawn.h */
    V(POSIX_SPAWN_SETSIGDEF); V(POSIX_SPAWN_SETSIGMASK); V(POSIX_SPAWN_SETSID);
    /* signal.h, sys/wait.h, sys/syscall.h */
    V(SYS_close_range); V(SYS_pidfd_open); V(SYS_pidfd_send_signal); V(P_PID); V(P_PIDFD); V(WEXITED); V(WNOHANG); V(WNOWAIT); V(CLD_EXITED);
    V(CLD_KILLED); V(CLD_DUMPED); V(SIGCHLD); V(SIGCONT); V(SIGHUP); V(SIGKILL); V(SIGTERM); V(SIGTTIN);
    V(SIGWINCH); V(SA_NOCLDWAIT); V(SIG_BLOCK); V(SIG_SETMASK);
    /* sys/epoll.h, sys/eventfd.h, poll.h */
    V(EPOLL_CLOEXEC); V(EPOLL_CTL_ADD); V(EPOLL_CTL_MOD); V(EPOLL_CTL_DEL); V(EPOLLIN); V(EPOLLOUT); V(EPOLLERR);
    V(EPOLLHUP); V(EPOLLONESHOT); V(EPOLLET); V(EFD_CLOEXEC); V(EFD_NONBLOCK); V(POLLIN); V(POLLNVAL);
    /* sys/mman.h, sys/resource.h, string.h */
    V(MFD_CLOEXEC); V(RLIMIT_NOFILE);
    /* termios.h, the flags and control characters of TerminalAttributes */
    V(IGNBRK); V(BRKINT); V(IGNPAR); V(PARMRK); V(INPCK); V(ISTRIP); V(INLCR); V(IGNCR); V(ICRNL); V(IUCLC);
    V(IXON); V(IXANY); V(IXOFF); V(IMAXBEL); V(IUTF8); V(OPOST); V(OLCUC); V(ONLCR); V(OCRNL); V(ONOCR); V(ONLRET);
    V(NL1); V(CR1); V(CR2); V(TAB1); V(TAB2); V(BS1); V(VT1); V(FF1); V(OFILL); V(OFDEL); V(CSIZE); V(CS5); V(CS6);
    V(CS7); V(CS8); V(CSTOPB); V(CREAD); V(PARENB); V(PARODD); V(HUPCL); V(CLOCAL); V(CMSPAR); V(CRTSCTS); V(ISIG);
    V(ICANON); V(XCASE); V(ECHO); V(ECHOE); V(ECHOK); V(ECHONL); V(NOFLSH); V(TOSTOP); V(ECHOCTL); V(ECHOPRT);
    V(ECHOKE); V(FLUSHO); V(PENDIN); V(IEXTEN); V(EXTPROC); V(VINTR); V(VQUIT); V(VERASE); V(VKILL); V(VEOF);
    V(VTIME); V(VMIN); V(VSWTC); V(VSTART); V(VSTOP); V(VSUSP); V(VEOL); V(VREPRINT); V(VDISCARD); V(VWERASE);
    V(VLNEXT); V(VEOL2);
    /* errno.h */
    V(E2BIG); V(EACCES); V(EAGAIN); V(EBADF); V(EBUSY); V(ECHILD); V(EEXIST); V(EFAULT); V(EINTR); V(EINVAL); V(EIO);
    V(EISDIR); V(ELIBBAD); V(ELOOP); V(EMFILE); V(ENAMETOOLONG); V(ENFILE); V(ENODEV); V(ENOENT); V(ENOEXEC);
    V(ENOMEM); V(ENOSPC); V(ENOSYS); V(ENOTDIR); V(ENOTTY); V(ENXIO); V(EPERM); V(EPIPE); V(ERANGE); V(EROFS);
    V(ESRCH); V(ETXTBSY);
    /* linux.h, sizes and offsets */
    V(SIZEOF_POSIX_SPAWN_FILE_ACTIONS); V(SIZEOF_POSIX_SPAWNATTR); V(SIZEOF_SIGSET); V(SIZEOF_SIGINFO);
    V(OFFSETOF_SIGINFO_CODE); V(OFFSETOF_SIGINFO_PID); V(OFFSETOF_SIGINFO_STATUS); V(SIZEOF_SIGACTION);
    V(OFFSETOF_SIGACTION_HANDLER); V(OFFSETOF_SIGACTION_FLAGS); V(SIZEOF_PASSWD); V(OFFSETOF_PASSWD_NAME);
    V(OFFSETOF_PASSWD_UID); V(OFFSETOF_PASSWD_GID); V(OFFSETOF_PASSWD_DIR); V(OFFSETOF_PASSWD_SHELL);
    V(SIZEOF_GROUP); V(OFFSETOF_GROUP_GID);
    V(SIZEOF_STATX); V(OFFSETOF_STATX_INO); V(OFFSETOF_STATX_DEV); V(OFFSETOF_STATX_NLINK);
    V(OFFSETOF_TERMIOS_IFLAG); V(OFFSETOF_TERMIOS_OFLAG); V(OFFSETOF_TERMIOS_CFLAG); V(OFFSETOF_TERMIOS_LFLAG);
    V(OFFSETOF_TERMIOS_CC);
    /* trampoline.h, rendered from child-setup.txt and trampoline.h.in */
    V(PANPTY_CLONE_VFORK); V(PANPTY_FORK); V(PANPTY_STEP_FORK); V(PANPTY_STEP_SESSION); V(PANPTY_STEP_TERMINAL);
    V(PANPTY_STEP_STDIO); V(PANPTY_STEP_DESCRIPTORS); V(PANPTY_STEP_SIGNALS); V(PANPTY_STEP_UMASK);
    V(PANPTY_STEP_LIMITS); V(PANPTY_STEP_NICENESS); V(PANPTY_STEP_GROUPS); V(PANPTY_STEP_GROUP); V(PANPTY_STEP_USER);
    V(PANPTY_STEP_CREDENTIALS); V(PANPTY_STEP_PARENT_DEATH); V(PANPTY_STEP_DIRECTORY); V(PANPTY_STEP_MASK);
    V(PANPTY_STEP_EXEC);
}

static void print_structs(void)
{
    /* trampoline.h, struct panpty_request */
    S(struct panpty_request, "panpty_request"); M(panpty_request, how); M(panpty_request, steps);
    M(panpty_request, without_terminal); M(panpty_request, pts); M(panpty_request, standard_error); M(panpty_request, umask); M(panpty_request, limits);
    M(panpty_request, limit_count); M(panpty_request, niceness); M(panpty_request, groups);
    M(panpty_request, group_count); M(panpty_request, gid); M(panpty_request, uid);
    M(panpty_request, parent_death_signal); M(panpty_request, parent_pid); M(panpty_request, directory);
    M(panpty_request, candidates); M(panpty_request, argv); M(panpty_request, envp);
    M(panpty_request, pid); M(panpty_request, pidfd); M(panpty_request, failed_step); M(panpty_request, error);
    M(panpty_request, about);
    /* trampoline.h, struct panpty_limit */
    S(struct panpty_limit, "panpty_limit"); M(panpty_limit, resource); M(panpty_limit, reserved);
    M(panpty_limit, soft); M(panpty_limit, hard);
}

/* Not constants of the bindings: they differ between architectures, or sys writes them by hand. */
static void print_by_hand(void)
{
    V(O_DIRECTORY); V(SYS_memfd_create); V(SYS_statx);
    S(struct epoll_event, "epoll_event"); M(epoll_event, events); M(epoll_event, data);
    S(struct winsize, "winsize"); M(winsize, ws_row); M(winsize, ws_col); M(winsize, ws_xpixel); M(winsize, ws_ypixel);
    S(int, "int"); S(long, "long"); S(void *, "pointer"); S(pid_t, "pid_t"); S(uid_t, "uid_t"); S(cc_t, "cc_t");
}

int main(void)
{
    print_constants();
    print_structs();
    print_by_hand();
    return 0;
}
