/*
 * refuse ERRNO CALL[,CALL...] COMMAND [ARGUMENT...]
 *
 * Runs the command under a seccomp(2) filter that fails these system calls with this errno, as the sandbox of a container runtime does for
 * calls that it does not know or does not allow. Exit 125: not possible here; standard error has the reason.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "an architecture that the library does not know"
#endif

#define CANNOT 125
#define MAX_CALLS 16

/* A name and its number. */
struct named {
    const char *name;
    uint32_t number;
};

#define UNKNOWN UINT32_MAX

/* By number where some headers lack the name; these numbers are the same on every architecture. */
static const struct named calls[] = {
    { "clone3", 435 },
    { "close_range", 436 },
    { "epoll_create1", SYS_epoll_create1 },
    { "epoll_ctl", SYS_epoll_ctl },
    { "eventfd2", SYS_eventfd2 },
    { "memfd_create", SYS_memfd_create },
    { "pidfd_open", 434 },
    { "pidfd_send_signal", 424 },
    { "waitid", SYS_waitid },
    { NULL, UNKNOWN },
};

static const struct named errors[] = {
    { "ENOSYS", ENOSYS },
    { "EPERM", EPERM },
    { NULL, UNKNOWN },
};

static uint32_t number_of(const struct named *table, const char *name)
{
    while (table->name != NULL && strcmp(table->name, name) != 0)
        table++;
    return table->number;
}

static int cannot(const char *what)
{
    fprintf(stderr, "refuse: %s: %s\n", what, strerror(errno));
    return CANNOT;
}

int main(int count, char **words)
{
    struct sock_filter filter[2 * MAX_CALLS + 5], *next = filter;
    uint32_t error;
    errno = EINVAL;
    if (count < 4)
        return cannot("ERRNO CALL[,CALL...] COMMAND [ARGUMENT...]");
    error = number_of(errors, words[1]);
    if (error == UNKNOWN)
        return cannot(words[1]);
    /* Another architecture has other numbers: its calls pass. */
    *next++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    *next++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    *next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    *next++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (char *name = strtok(words[2], ","); name != NULL; name = strtok(NULL, ",")) {
        uint32_t number = number_of(calls, name);
        if (number == UNKNOWN || next == filter + 2 * MAX_CALLS + 4)
            return cannot(name);
        *next++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1);
        *next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error);
    }
    *next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = { .len = (unsigned short)(next - filter), .filter = filter };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0)
        return cannot("PR_SET_NO_NEW_PRIVS");
    if (prctl(PR_SET_SECCOMP, (long)SECCOMP_MODE_FILTER, &program, 0L, 0L) != 0)
        return cannot("PR_SET_SECCOMP");
    execvp(words[3], words + 3);
    return cannot(words[3]);
}
