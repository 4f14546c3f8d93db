/* Rendered from native-headers/child-setup.txt and native-headers/trampoline.c.in by jextract.sh; do not edit. */
#define _GNU_SOURCE
#include "trampoline.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Newer than some C libraries; the same on every architecture. */
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x1000
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

#define STACK_BYTES (512 * 1024)
#define STACK_GUARD_BYTES (64 * 1024)          /* a page, on every machine */
#define GROUPS_MAX 65536                       /* NGROUPS_MAX of the kernel */
#define SIGNAL_SET_BYTES 8L
#define REAP_TRIES 100

/*
 * Memory that parent and child share, however the child was made: it is at the top of the child's stack, a shared mapping.
 * The parent needs nothing else that the child writes. A clone writes to all of the parent's memory: errno is the parent
 * thread's. Aligned to 16 bytes as the stack below it must be; clone(2) of glibc aligns the stack itself only from 2.34 on.
 */
struct child {
    _Alignas(16) const struct panpty_request *request;
    int32_t pipe;                      /* the end that the child's exec or death closes */
    int32_t step;                      /* the current one */
    int32_t error;                     /* the errno it failed with, or 0 */
    int32_t about;
};

/* The kernel's struct sigaction, zero for SIG_DFL; aarch64's ends before the restorer. */
struct kernel_action {
    uint64_t handler, flags, restorer, mask;
};

/* Result of a system call, the negative errno in place of -1. */
static long answer(long result)
{
    return result == -1 ? -errno : result;
}

static int asked(const struct panpty_request *request, int step)
{
    return (request->steps >> step & 1) != 0;
}

static int changes_ids(const struct panpty_request *request)
{
    return asked(request, PANPTY_STEP_GROUP) || asked(request, PANPTY_STEP_USER);
}

static long close_range_of(int first, int last)
{
    return first > last ? 0 : syscall(SYS_close_range, (long)first, (long)last, 0L);
}

/* Closes what /proc/self/fd lists from 3 on, except two. A position in it is a number: a close moves no other entry. */
static long close_listed(int spared, int also_spared)
{
    struct {                           /* linux_dirent64, see getdents(2) */
        uint64_t inode, offset;
        unsigned short length;
        char type, name[];
    } *entry;
    uint64_t buffer[512];
    long bytes;
    int directory = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return -errno;
    while ((bytes = syscall(SYS_getdents64, (long)directory, buffer, sizeof buffer)) > 0) {
        for (long at = 0; at < bytes; at += entry->length) {
            int number = 0;
            entry = (void *)((char *)buffer + at);
            for (const char *digit = entry->name; *digit >= '0' && *digit <= '9'; digit++)
                number = 10 * number + (*digit - '0');
            if (number >= 3 && number != spared && number != also_spared && number != directory)
                close(number);
        }
    }
    bytes = answer(bytes);
    close(directory);
    return bytes;
}

/* A process is in its own group, listed or not. */
static int listed(uint32_t group, const uint32_t *groups, long count)
{
    while (count > 0 && groups[count - 1] != group)
        count--;
    return count > 0 || group == getegid();
}

/* Whether the process is in these groups and no others. Never inlined: only its caller pays for the big stack frame. */
__attribute__((noinline)) static int in_these_groups(const uint32_t *groups, long count)
{
    uint32_t own[GROUPS_MAX];
    long own_count = syscall(SYS_getgroups, (long)GROUPS_MAX, own);
    int same = own_count >= 0;
    for (long i = 0; i < own_count; i++)
        same &= listed(own[i], groups, count);
    for (long i = 0; i < count; i++)
        same &= listed(groups[i], own, own_count);
    return same;
}

/* Whether real, effective and saved id are this one; `number` is SYS_getresuid or SYS_getresgid. */
static int ids_are(long number, uint32_t id)
{
    uint32_t real, effective, saved;
    return syscall(number, &real, &effective, &saved) == 0 && real == id && effective == id && saved == id;
}

/*
 * Returns the errno of a path that cannot be executed. After ENOEXEC the caller reads the file, so the child does not return it
 * where its own credentials do not permit that read.
 */
static int execute(const struct panpty_request *request, const char *path)
{
    int file;
    execve(path, request->argv, request->envp);
    if (errno != ENOEXEC)
        return errno;
    file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file < 0)
        return errno;
    close(file);
    return ENOEXEC;
}

/*
 * Begin a new session. setsid(2): leader of a session and of a process group, both named by its pid, and without a
 * terminal.
 */
static long step_session(void)
{
    return answer(setsid());
}

/* Make the pts the controlling terminal. TIOCSCTTY, ioctl_tty(2); its foreground process group is then the child's. */
static long step_terminal(const struct panpty_request *request)
{
    return answer(ioctl(request->pts, TIOCSCTTY, 0L));
}

/*
 * Connect standard input, output and error with the pts. dup2(2); the copies stay open over the exec. Standard error
 * may be another descriptor, such as a pipe.
 */
static long step_stdio(const struct panpty_request *request)
{
    for (int fd = 0; fd <= 2; fd++)
        if (dup2(fd == 2 && request->standard_error >= 0 ? request->standard_error : request->pts, fd) < 0)
            return -errno;
    return 0;
}

/*
 * Close all other descriptors. close_range(2) where the kernel has it and a sandbox lets it through, else
 * /proc/self/fd. Two descriptors stay open until the exec closes them: the pipe to the parent, and the directory that
 * a later step enters.
 */
static long step_descriptors(const struct panpty_request *request, struct child *child)
{
    int low = child->pipe, high = request->directory < 0 ? low : request->directory;
    if (low > high) {
        high = low;
        low = request->directory;
    }
    if (close_range_of(3, low - 1) == 0 && close_range_of(low + 1, high - 1) == 0
        && close_range_of(high + 1, INT_MAX) == 0)
        return 0;
    return close_listed(low, high);
}

/*
 * Set every signal to its default. rt_sigaction(2) itself: the C library reserves 32 and 33. An ignored signal would
 * survive the exec. A handler must not run here once the mask is empty. EINVAL is the result for KILL and STOP, and
 * for signals that an emulator reserves.
 */
static long step_signals(void)
{
    static const struct kernel_action action_default;
    for (long signal = 1; signal <= 64; signal++) {
        long result = answer(syscall(SYS_rt_sigaction, signal, &action_default, NULL, SIGNAL_SET_BYTES));
        if (result < 0 && result != -EINVAL)
            return result;
    }
    return 0;
}

/* Set the file mode creation mask. umask(2), which cannot fail. */
static long step_umask(const struct panpty_request *request)
{
    umask(request->umask);
    return 0;
}

/* Set a resource limit. prlimit(2): 64 bits wide in every C library. */
static long step_limits(const struct panpty_request *request, struct child *child)
{
    for (uint64_t i = 0; i < request->limit_count; i++) {
        const struct panpty_limit *limit = &request->limits[i];
        child->about = (int32_t)i;
        if (syscall(SYS_prlimit64, 0L, (long)limit->resource, &limit->soft, NULL) != 0)
            return -errno;
    }
    return 0;
}

/* Set the niceness. setpriority(2); before the credentials, since only the privileged may lower it. */
static long step_niceness(const struct panpty_request *request)
{
    return answer(setpriority(PRIO_PROCESS, 0, request->niceness));
}

/*
 * Set the supplementary groups. setgroups(2) itself: the C library's function would signal the parent's threads to do
 * the same. A process that is in these groups already needs no privilege.
 */
static long step_groups(const struct panpty_request *request)
{
    long result = answer(syscall(SYS_setgroups, (long)request->group_count, request->groups));
    return result == -EPERM && in_these_groups(request->groups, (long)request->group_count) ? 0 : result;
}

/*
 * Set the group id. setresgid(2) itself: real, effective and saved; before the change of user, which takes the
 * privilege away.
 */
static long step_group(const struct panpty_request *request)
{
    return answer(syscall(SYS_setresgid, (long)request->gid, (long)request->gid, (long)request->gid));
}

/*
 * Set the user id. setresuid(2) itself: real, effective and saved. Capabilities are dropped too: the kernel does so
 * only for a change from 0, see capabilities(7). Last it verifies that the child cannot become 0 again.
 */
static long step_user(const struct panpty_request *request)
{
    uint32_t version_3[2] = { 0x20080522, 0 }, no_capabilities[6] = { 0 };
    const long uid = request->uid;
    if (ids_are(SYS_getresuid, request->uid))
        return 0;
    if (syscall(SYS_setresuid, uid, uid, uid) != 0)
        return -errno;
    if (uid == 0)
        return 0;
    if (syscall(SYS_capset, version_3, no_capabilities) != 0)
        return -errno;
    return syscall(SYS_setresuid, -1L, 0L, -1L) == 0 ? -EPERM : 0;
}

/*
 * Verify the user and group ids. A program must never run with more privilege than was asked for, whatever the calls
 * above returned.
 */
static long step_credentials(const struct panpty_request *request)
{
    if (asked(request, PANPTY_STEP_USER) && !ids_are(SYS_getresuid, request->uid))
        return -EPERM;
    return asked(request, PANPTY_STEP_GROUP) && !ids_are(SYS_getresgid, request->gid) ? -EPERM : 0;
}

/*
 * Ask for a signal at the parent's death. PR_SET_PDEATHSIG, prctl(2): after the credentials, whose change clears it.
 * If the parent died before the call, getppid(2) gives another process. The signal is sent when the thread that called
 * panpty_spawn ends.
 */
static long step_parent_death(const struct panpty_request *request)
{
    if (syscall(SYS_prctl, (long)PR_SET_PDEATHSIG, (long)request->parent_death_signal, 0L, 0L, 0L) != 0)
        return -errno;
    return getppid() == request->parent_pid ? 0 : -ESRCH;
}

/* Enter the working directory. fchdir(2), with the permissions of the program's user. */
static long step_directory(const struct panpty_request *request)
{
    return answer(fchdir(request->directory));
}

/* Unblock all signals. rt_sigprocmask(2) itself, for 32 and 33; last, so that a signal finds the default action. */
static long step_mask(void)
{
    static const uint64_t no_signals;
    return answer(syscall(SYS_rt_sigprocmask, (long)SIG_SETMASK, &no_signals, NULL, SIGNAL_SET_BYTES));
}

/*
 * Execute the program. Candidate after candidate as execvp(3) does: it skips a file that does not exist, and one that
 * may not be executed, whose EACCES it remembers. Any other errno ends the search. The caller decides about ENOEXEC.
 */
static long step_exec(const struct panpty_request *request, struct child *child)
{
    int error = 0, about = 0;
    for (int i = 0; request->candidates[i] != NULL; i++) {
        child->about = i;
        int failure = execute(request, request->candidates[i]);
        if (failure != EACCES && failure != ENOENT && failure != ENOTDIR)
            return -failure;
        if (error == 0 || (error != EACCES && failure != ENOTDIR)) {
            error = failure;
            about = i;
        }
    }
    child->about = about;
    return error == 0 ? -ENOENT : -error;
}

static long perform(const struct panpty_request *request, struct child *child)
{
    switch (child->step) {
    case PANPTY_STEP_SESSION:       return step_session();
    case PANPTY_STEP_TERMINAL:      return !request->without_terminal ? step_terminal(request) : 0;
    case PANPTY_STEP_STDIO:         return step_stdio(request);
    case PANPTY_STEP_DESCRIPTORS:   return step_descriptors(request, child);
    case PANPTY_STEP_SIGNALS:       return step_signals();
    case PANPTY_STEP_UMASK:         return asked(request, PANPTY_STEP_UMASK) ? step_umask(request) : 0;
    case PANPTY_STEP_LIMITS:        return asked(request, PANPTY_STEP_LIMITS) ? step_limits(request, child) : 0;
    case PANPTY_STEP_NICENESS:      return asked(request, PANPTY_STEP_NICENESS) ? step_niceness(request) : 0;
    case PANPTY_STEP_GROUPS:        return asked(request, PANPTY_STEP_GROUPS) ? step_groups(request) : 0;
    case PANPTY_STEP_GROUP:         return asked(request, PANPTY_STEP_GROUP) ? step_group(request) : 0;
    case PANPTY_STEP_USER:          return asked(request, PANPTY_STEP_USER) ? step_user(request) : 0;
    case PANPTY_STEP_CREDENTIALS:   return changes_ids(request) ? step_credentials(request) : 0;
    case PANPTY_STEP_PARENT_DEATH:  return asked(request, PANPTY_STEP_PARENT_DEATH) ? step_parent_death(request) : 0;
    case PANPTY_STEP_DIRECTORY:     return request->directory >= 0 ? step_directory(request) : 0;
    case PANPTY_STEP_MASK:          return step_mask();
    case PANPTY_STEP_EXEC:          return step_exec(request, child);
    default: return -EINVAL;
    }
}

/* The child: step after step up to the exec, or to the first step that fails. */
static int run_child(void *argument)
{
    struct child *child = argument;
    long result = 0;
    while (result >= 0) {
        child->step++;
        result = perform(child->request, child);
    }
    child->error = (int32_t)-result;
    return 127;
}

/*
 * A change of ids in shared memory clears the dumpable flag of all processes that share it, PR_SET_DUMPABLE in prctl(2). An
 * unprivileged JVM then cannot read its own /proc/self. Until the exec of such a child the flag must stay clear: that alone
 * keeps the child's new user from tracing the child, and so from writing into the parent. With several children in flight
 * the first saves the flag and the last restores it.
 */
static pthread_mutex_t dumpable_lock = PTHREAD_MUTEX_INITIALIZER;
static int dumpable_children, dumpable;

static void keep_dumpable(int change)
{
    pthread_mutex_lock(&dumpable_lock);
    if (dumpable_children == 0)
        dumpable = prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L);
    dumpable_children += change;
    if (dumpable_children == 0)
        prctl(PR_SET_DUMPABLE, (long)dumpable, 0L, 0L, 0L);
    pthread_mutex_unlock(&dumpable_lock);
}

/* Returns 0 when the pipe is closed, or the errno of a read that failed. */
static int await_end(int pipe)
{
    char nothing;
    ssize_t count;
    do
        count = read(pipe, &nothing, 1);
    while (count < 0 && errno == EINTR);
    return count < 0 ? errno : 0;
}

/* Retries whatever the errno: otherwise a zombie would stay. */
static void reap(struct panpty_request *request, pid_t pid)
{
    for (int tries = 0; tries < REAP_TRIES && waitpid(pid, NULL, 0) < 0 && errno != ECHILD; tries++)
        ;
    close(request->pidfd);
    request->pidfd = -1;
}

/* Makes the child and waits for its exec or its death, which close the pipe. Returns its pid or a negative errno. */
static long run_in_child(struct panpty_request *request, struct child *child)
{
    int shared = request->how == PANPTY_CLONE_VFORK ? CLONE_VM | CLONE_VFORK : 0;
    int ends[2];
    long pid;
    int failure;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -errno;
    child->pipe = fcntl(ends[1], F_DUPFD_CLOEXEC, 3);          /* the stdio step would replace it at 0 to 2 */
    pid = child->pipe < 0 ? -errno : 0;
    close(ends[1]);
    if (pid == 0) {
        if (shared && changes_ids(request))
            keep_dumpable(+1);
        pid = answer(clone(run_child, child, SIGCHLD | CLONE_PIDFD | shared, child, &request->pidfd));
        if (pid == -EINVAL)                                    /* an emulator without CLONE_PIDFD */
            pid = answer(clone(run_child, child, SIGCHLD | shared, child));
        if (pid > 0 && request->pidfd < 0)
            request->pidfd = (int32_t)syscall(SYS_pidfd_open, pid, 0L);
        close(child->pipe);
        failure = pid > 0 ? await_end(ends[0]) : 0;
        if (failure != 0 && !shared) {                         /* a clone has called exec or exited by now */
            kill((pid_t)pid, SIGKILL);
            reap(request, (pid_t)pid);
            pid = -failure;
        }
        if (shared && changes_ids(request))
            keep_dumpable(-1);
    }
    close(ends[0]);
    return pid;
}

static void start(struct panpty_request *request)
{
    int kind = MAP_SHARED | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE;
    char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, kind, -1, 0);
    struct child *child = (struct child *)(stack + STACK_BYTES) - 1;
    long pid;
    request->failed_step = PANPTY_STEP_FORK;
    if (stack == MAP_FAILED) {
        request->error = errno;
        return;
    }
    child->request = request;
    child->step = PANPTY_STEP_FORK;
    pid = mprotect(stack, STACK_GUARD_BYTES, PROT_NONE) != 0 ? -errno : run_in_child(request, child);
    if (pid < 0) {
        request->error = (int32_t)-pid;
    } else if (child->error == 0 && child->step == PANPTY_STEP_EXEC) {
        request->failed_step = 0;
        request->pid = (int32_t)pid;
    } else {
        request->failed_step = child->step;
        request->error = child->error != 0 ? child->error : ESRCH;     /* 0: the child was killed, perhaps by a sandbox */
        reap(request, (pid_t)pid);
    }
    request->about = child->about;
    munmap(stack, STACK_BYTES);
}

__attribute__((visibility("default"))) int panpty_spawn(struct panpty_request *request)
{
    static const uint64_t every_signal = UINT64_MAX;
    uint64_t mask;
    int saved_errno = errno;
    request->pid = request->pidfd = -1;
    request->failed_step = request->error = request->about = 0;
    if (syscall(SYS_rt_sigprocmask, (long)SIG_BLOCK, &every_signal, &mask, SIGNAL_SET_BYTES) == 0) {
        start(request);
        syscall(SYS_rt_sigprocmask, (long)SIG_SETMASK, &mask, NULL, SIGNAL_SET_BYTES);
    } else {
        request->failed_step = PANPTY_STEP_FORK;
        request->error = errno;
    }
    errno = saved_errno;
    return request->failed_step == 0 ? 0 : -1;
}
