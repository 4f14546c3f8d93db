/*
 * The declarations of Linux and its libc that Panpty needs, for jextract; includes.txt lists the names taken from it.
 *
 * System headers first, then what jextract cannot derive from them: variadic functions with a fixed number of arguments, and
 * sizes and offsets of types that Java only allocates or reads at one place.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pty.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "trampoline.h"

/*
 * Fixed-arity views of variadic functions. On x86-64 and aarch64 Linux an integer or pointer argument travels in the same
 * register whether the callee is variadic or not, so calling these through a fixed signature is what libc expects.
 */
int openat_mode(int directory, const char *path, int flags, unsigned int mode) __asm__("openat");
int fcntl_int(int fd, int command, int argument) __asm__("fcntl");
int ioctl_int(int fd, unsigned long request, int argument) __asm__("ioctl");
int ioctl_ptr(int fd, unsigned long request, void *argument) __asm__("ioctl");
long syscall_long(long number, long first, long second, long third, long fourth, long fifth) __asm__("syscall");

/* Sizes and offsets by name, in place of thousands of generated lines for types that are only passed on. */
enum {
    SIZEOF_POSIX_SPAWN_FILE_ACTIONS = sizeof(posix_spawn_file_actions_t),
    SIZEOF_POSIX_SPAWNATTR = sizeof(posix_spawnattr_t),
    SIZEOF_SIGSET = sizeof(sigset_t),
    SIZEOF_SIGINFO = sizeof(siginfo_t),
    OFFSETOF_SIGINFO_CODE = offsetof(siginfo_t, si_code),
    OFFSETOF_SIGINFO_PID = offsetof(siginfo_t, si_pid),
    OFFSETOF_SIGINFO_STATUS = offsetof(siginfo_t, si_status),
    SIZEOF_SIGACTION = sizeof(struct sigaction),
    OFFSETOF_SIGACTION_HANDLER = offsetof(struct sigaction, sa_handler),
    OFFSETOF_SIGACTION_FLAGS = offsetof(struct sigaction, sa_flags),
    SIZEOF_PASSWD = sizeof(struct passwd),
    OFFSETOF_PASSWD_NAME = offsetof(struct passwd, pw_name),
    OFFSETOF_PASSWD_UID = offsetof(struct passwd, pw_uid),
    OFFSETOF_PASSWD_GID = offsetof(struct passwd, pw_gid),
    OFFSETOF_PASSWD_DIR = offsetof(struct passwd, pw_dir),
    OFFSETOF_PASSWD_SHELL = offsetof(struct passwd, pw_shell),
    SIZEOF_GROUP = sizeof(struct group),
    OFFSETOF_GROUP_GID = offsetof(struct group, gr_gid),
    SIZEOF_STATX = sizeof(struct statx),
    OFFSETOF_STATX_INO = offsetof(struct statx, stx_ino),
    OFFSETOF_STATX_DEV = offsetof(struct statx, stx_dev_major),   /* followed by stx_dev_minor */
    OFFSETOF_STATX_NLINK = offsetof(struct statx, stx_nlink),
    OFFSETOF_TERMIOS_IFLAG = offsetof(struct termios, c_iflag),
    OFFSETOF_TERMIOS_OFLAG = offsetof(struct termios, c_oflag),
    OFFSETOF_TERMIOS_CFLAG = offsetof(struct termios, c_cflag),
    OFFSETOF_TERMIOS_LFLAG = offsetof(struct termios, c_lflag),
    OFFSETOF_TERMIOS_CC = offsetof(struct termios, c_cc),
};
