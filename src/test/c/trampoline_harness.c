/*
 * Runs the trampoline through every step and every failure, by both ways of forking.
 *
 *   trampoline_harness                 every check, one line each; exits with 1 at the first that fails
 *   trampoline_harness clone|fork      the same by one way only
 *   trampoline_harness one clone|fork  a single start with every optional step, for strace -f
 *   trampoline_harness bench [MB [N]]  median microseconds of N starts of /bin/true with MB of touched heap
 *
 * A seccomp filter in a process of its own provokes the failures that the system does not produce by itself. Where there is
 * no seccomp (qemu-user, valgrind in part) or no privilege, the check prints that it is skipped.
 */
#include "trampoline.c"

#include <dirent.h>
#include <poll.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

_Static_assert(sizeof(struct child) % 16 == 0, "the child's stack, which begins below it, is aligned as its calls need");

#define BIT(step) (1u << PANPTY_STEP_##step)
#define NOBODY 65534u

static uint32_t how;
static int checks;
static char folder[PATH_MAX - 16];      /* leaves room for a file name */

/* The current terminal and request: each thread's own. */
static _Thread_local int ptmx = -1, pts = -1;
static _Thread_local char output[1 << 14], *arguments[5];
static _Thread_local const char *candidates[4];
static _Thread_local uint32_t groups[2];
static _Thread_local char pts_name[64];
static char *environment[] = { "PATH=/usr/bin:/bin", "LC_ALL=C", NULL };

/* ---- Checks and their lines ---- */

static pid_t harness;

/* Returns 0, or 1 where the folder has other files. */
static int remove_folder(void)
{
    static const char *names[] = { "denied", "orphan", "loop", "bare", "busy", "private", "unreadable" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder) != 0;
}

/* The process of an isolated check reports a failure by its exit code. */
static _Noreturn void fail(void)
{
    fflush(stdout);
    if (getpid() == harness)
        remove_folder();
    _exit(1);
}

static void line(const char *verdict, const char *format, va_list arguments)
{
    printf("%-6s %-5s ", verdict, how == PANPTY_FORK ? "fork" : "clone");
    vprintf(format, arguments);
    printf("\n");
    fflush(stdout);
}

__attribute__((format(printf, 2, 3))) static void check(int holds, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    line(holds ? "ok" : "FAILED", format, arguments);
    va_end(arguments);
    checks++;
    if (!holds)
        fail();
}

__attribute__((format(printf, 1, 2))) static void skip(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    line("skip", format, arguments);
    va_end(arguments);
}

static int has_seccomp(void)
{
    return prctl(PR_GET_SECCOMP, 0L, 0L, 0L, 0L) >= 0;
}

static int is_valgrind(void)
{
    const char *preload = getenv("LD_PRELOAD");
    return preload != NULL && strstr(preload, "vgpreload") != NULL;
}

/* valgrind ends a process whose exec the kernel refuses although valgrind would not. */
static int under_valgrind(const char *what)
{
    if (!is_valgrind())
        return 0;
    skip("%s: under valgrind", what);
    return 1;
}

/* The repetitions of a start. Under valgrind fewer: it checks memory, which is the same each time, and takes fifty times as long. */
static int times(int many)
{
    return is_valgrind() ? many / 5 : many;
}

/* Runs a check in a process of its own, which may give up rights and install filters. */
static void isolated(void (*body)(void))
{
    int status = -1;
    pid_t pid = fork();
    if (pid == 0) {
        body();
        _exit(0);
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (status != 0) {
        printf("FAILED the process of the last check ended with wait status %d\n", status);
        fail();
    }
}

/* ---- Requests ---- */

static void open_terminal(void)
{
    ptmx = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (ptmx < 0 || unlockpt(ptmx) != 0 || ptsname_r(ptmx, pts_name, sizeof pts_name) != 0)
        check(0, "a terminal can be opened: %s", strerror(errno));
    int low = open(pts_name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    pts = fcntl(low, F_DUPFD_CLOEXEC, 3);
    close(low);
}

static void close_terminal(void)
{
    close(ptmx);
    if (pts >= 0)
        close(pts);
    ptmx = pts = -1;
}

/* A request that runs the first argument with the others, in a new terminal. */
static struct panpty_request request_of(const char *program, const char *first, const char *second)
{
    struct panpty_request request = { .how = how, .directory = -1 };
    open_terminal();
    candidates[0] = program;
    candidates[1] = NULL;
    arguments[0] = "argument-0";
    arguments[1] = (char *)first;
    arguments[2] = (char *)(first == NULL ? NULL : second);
    arguments[3] = NULL;
    request.pts = pts;
    request.candidates = candidates;
    request.argv = arguments;
    request.envp = environment;
    request.pid = request.pidfd = request.failed_step = request.error = 12345;
    return request;
}

static struct panpty_request script(const char *text)
{
    return request_of("/bin/sh", "-c", text);
}

static struct panpty_request as_user(struct panpty_request request, uint32_t id)
{
    groups[0] = id;
    groups[1] = 12;
    request.steps = BIT(GROUPS) | BIT(GROUP) | BIT(USER);
    request.uid = request.gid = id;
    request.groups = groups;
    request.group_count = 2;
    return request;
}

/* Reads into the output until a read fails. Returns the length of the output. */
static size_t gather(size_t length)
{
    ssize_t count;
    while ((count = read(ptmx, output + length, sizeof output - 1 - length)) > 0 || (count < 0 && errno == EINTR))
        length += count > 0 ? (size_t)count : 0;
    return length;
}

/* Starts the request and reads the output until no process holds the pts. Returns the wait status of the child. */
static int run(struct panpty_request *request)
{
    int status = -1;
    int result = panpty_spawn(request);
    if (result != 0 || request->pid <= 0 || request->failed_step != 0 || request->error != 0)
        check(0, "a start that should succeed: step %d, %s", request->failed_step, strerror(request->error));
    close(pts);
    pts = -1;
    size_t length = gather(0);
    while (waitpid(request->pid, &status, 0) < 0 && errno == EINTR)
        ;
    length = gather(length);     /* a read concurrent with the last write and the hang-up may have given the hang-up alone */
    size_t kept = 0;
    for (size_t i = 0; i < length; i++)
        if (output[i] != '\r')
            output[kept++] = output[i];
    output[kept] = '\0';
    close(request->pidfd);
    close_terminal();
    return status;
}

static int says(const char *expected)
{
    if (strstr(output, expected) != NULL)
        return 1;
    printf("expected: %s\nin: %s\n", expected, output);
    return 0;
}

/* Checks that the start fails at this step with this errno and leaves no child. */
static void fails(struct panpty_request *request, int step, int error, const char *what)
{
    errno = 4711;
    int result = panpty_spawn(request);
    int kept = errno;
    if (result != -1 || request->failed_step != step || request->error != error)
        printf("expected: step %d, %s\n", step, strerror(error));
    check(result == -1 && request->failed_step == step && request->error == error,
        "%s: step %d, %s", what, request->failed_step, strerror(request->error));
    if (kept != 4711 || request->pid != -1 || request->pidfd != -1 || waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
        check(0, "a failed start leaves errno, pid and pidfd alone and no zombie");
    close_terminal();
}

/* ---- Provoked failures ---- */

struct filter_row {                    /* struct sock_filter, see bpf(4) and seccomp(2) */
    uint16_t code;
    uint8_t yes, no;
    uint32_t value;
};

#define ANY INT64_C(-1)
#define KILLED 0x80000000u
#define ERRNO(error) (0x00050000u | (error))

/* From now on the system call has this seccomp action; unless `argument` is ANY, only if its first argument has that value. */
static int provoke(long number, int64_t argument, uint32_t action)
{
    struct filter_row rows[] = {
        { 0x20, 0, 0, 0 },                                    /* load the number */
        { 0x15, 0, 3, (uint32_t)number },
        { 0x20, 0, 0, 16 },                                   /* load the first argument */
        { 0x15, 0, 1, (uint32_t)argument },
        { 0x06, 0, 0, action },
        { 0x06, 0, 0, 0x7fff0000u },                          /* allow */
    };
    struct {
        uint16_t length;
        struct filter_row *rows;
    } filter = { 6, rows };
    if (argument == ANY)
        rows[3] = rows[4];                                    /* no comparison */
    prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
    return prctl(PR_SET_SECCOMP, 2L, &filter, 0L, 0L) == 0;
}

static struct {
    const char *what;
    long number;
    int64_t argument;
    uint32_t action, steps;
    int step, error;
} provoked[] = {
    { "clone refused", SYS_clone, ANY, ERRNO(EAGAIN), 0, PANPTY_STEP_FORK, EAGAIN },
    { "pipe2 refused", SYS_pipe2, ANY, ERRNO(EMFILE), 0, PANPTY_STEP_FORK, EMFILE },
    { "mprotect refused", SYS_mprotect, ANY, ERRNO(ENOMEM), 0, PANPTY_STEP_FORK, ENOMEM },
    { "setsid refused", SYS_setsid, ANY, ERRNO(EPERM), 0, PANPTY_STEP_SESSION, EPERM },
    { "killed in setsid", SYS_setsid, ANY, KILLED, 0, PANPTY_STEP_SESSION, ESRCH },
#ifdef SYS_dup2
    { "dup2 refused", SYS_dup2, ANY, ERRNO(EMFILE), 0, PANPTY_STEP_STDIO, EMFILE },
#else
    { "dup3 refused", SYS_dup3, ANY, ERRNO(EMFILE), 0, PANPTY_STEP_STDIO, EMFILE },
#endif
    { "sigaction refused", SYS_rt_sigaction, 33, ERRNO(EPERM), 0, PANPTY_STEP_SIGNALS, EPERM },
    { "prlimit refused", SYS_prlimit64, ANY, ERRNO(EPERM), BIT(LIMITS), PANPTY_STEP_LIMITS, EPERM },
    { "setpriority refused", SYS_setpriority, ANY, ERRNO(EACCES), BIT(NICENESS), PANPTY_STEP_NICENESS, EACCES },
    { "setgroups refused", SYS_setgroups, ANY, ERRNO(EINVAL), BIT(GROUPS), PANPTY_STEP_GROUPS, EINVAL },
    { "setresgid refused", SYS_setresgid, ANY, ERRNO(EPERM), BIT(GROUP), PANPTY_STEP_GROUP, EPERM },
    { "setresuid refused", SYS_setresuid, ANY, ERRNO(EAGAIN), BIT(USER), PANPTY_STEP_USER, EAGAIN },
    { "setresuid does nothing", SYS_setresuid, ANY, ERRNO(0), BIT(USER), PANPTY_STEP_USER, EPERM },
    { "the way back to uid 0 is open", SYS_setresuid, UINT32_MAX, ERRNO(0), BIT(USER), PANPTY_STEP_USER, EPERM },
    { "capset refused", SYS_capset, ANY, ERRNO(EPERM), BIT(USER), PANPTY_STEP_USER, EPERM },
    { "setresgid does nothing", SYS_setresgid, ANY, ERRNO(0), BIT(GROUP), PANPTY_STEP_CREDENTIALS, EPERM },
    { "PR_SET_PDEATHSIG refused", SYS_prctl, PR_SET_PDEATHSIG, ERRNO(EINVAL), BIT(PARENT_DEATH),
        PANPTY_STEP_PARENT_DEATH, EINVAL },
    { "fchdir refused", SYS_fchdir, ANY, ERRNO(EACCES), BIT(DIRECTORY), PANPTY_STEP_DIRECTORY, EACCES },
    { "rt_sigprocmask refused", SYS_rt_sigprocmask, SIG_SETMASK, ERRNO(EINVAL), 0, PANPTY_STEP_MASK, EINVAL },
    { "execve refused", SYS_execve, ANY, ERRNO(EPERM), 0, PANPTY_STEP_EXEC, EPERM },
};
static size_t provocation;

static void check_provoked_once(void)
{
    static const struct panpty_limit limit = { .resource = RLIMIT_CORE };
    long number = provoked[provocation].number;
    if ((number == SYS_rt_sigaction || number == SYS_rt_sigprocmask || number == SYS_execve)
        && under_valgrind(provoked[provocation].what))
        return;                                               /* it emulates the first two itself */
    struct panpty_request request = as_user(request_of("/bin/true", NULL, NULL), getuid() == NOBODY ? 1000 : NOBODY);
    request.steps = provoked[provocation].steps;
    if (request.steps & BIT(DIRECTORY))
        request.directory = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    request.limits = &limit;
    request.limit_count = 1;
    request.parent_pid = getpid();
    if (provoke(number, provoked[provocation].argument, provoked[provocation].action))
        fails(&request, provoked[provocation].step, provoked[provocation].error, provoked[provocation].what);
    else
        skip("%s: no seccomp here", provoked[provocation].what);
}

static void check_provoked(void)
{
    for (provocation = 0; provocation < sizeof provoked / sizeof *provoked; provocation++)
        isolated(check_provoked_once);
}

/* ---- The steps ---- */

static void check_session(void)
{
    struct panpty_request request = script("read -r pid name state parent group session tty foreground rest </proc/self/stat; "
        "echo $((pid == $$)) $((group == $$)) $((session == $$)) $((foreground == $$)) $((tty != 0)) $((parent)); tty");
    char expected[100];
    snprintf(expected, sizeof expected, "1 1 1 1 1 %d\n%s\n", (int)getpid(), pts_name);
    check(run(&request) == 0 && says(expected), "leads a session on its terminal");
    check(request.about == 0 && request.pidfd >= 0, "has a pidfd");
}

static void check_descriptors(void)
{
    const char *list = "for f in /proc/$$/fd/*; do [ -e $f ] && echo ${f##*/}; done; echo end";
    int strays[] = { dup(1), fcntl(1, F_DUPFD, 100), fcntl(1, F_DUPFD, 700) };
    struct panpty_request request = script(list);
    check(run(&request) == 0 && says("0\n1\n2\nend\n"), "nothing open but 0, 1 and 2");
    for (int high = 0; high < 2; high++) {                    /* the directory below and above the pipe */
        request = script(list);
        int low = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), directory = fcntl(low, F_DUPFD_CLOEXEC, high ? 300 : 3);
        close(low);
        request.directory = directory;
        check(run(&request) == 0 && says("0\n1\n2\nend\n"), "nothing else open, directory %s the pipe", high ? "above" : "below");
        close(directory);
    }
    for (size_t i = 0; i < sizeof strays / sizeof *strays; i++)
        close(strays[i]);
}

static uint32_t close_range_answer;

static void check_descriptors_listed(void)
{
    if (provoke(SYS_close_range, ANY, ERRNO(close_range_answer))) {
        for (int i = 0; i < 500; i++)                         /* more than one getdents64 */
            if (dup(1) < 0)
                check(0, "dup");
        check_descriptors();
    } else {
        skip("/proc/self/fd in place of close_range: no seccomp here");
    }
}

static void check_descriptors_unlisted(void)
{
    struct panpty_request request = request_of("/bin/true", NULL, NULL);
    if (provoke(SYS_close_range, ANY, ERRNO(ENOSYS)) && provoke(SYS_getdents64, ANY, ERRNO(EIO)))
        fails(&request, PANPTY_STEP_DESCRIPTORS, EIO, "neither close_range nor /proc/self/fd");
    else
        skip("neither close_range nor /proc/self/fd: no seccomp here");
}

static uint64_t mask_now(void)
{
    uint64_t mask = 0;
    syscall(SYS_rt_sigprocmask, (long)SIG_SETMASK, NULL, &mask, SIGNAL_SET_BYTES);
    return mask;
}

static void check_signals(void)
{
    static const uint64_t every_signal = UINT64_MAX;
    struct kernel_action action = { 1, 0, 0, 0 };             /* ignored */
    for (long signal = 1; signal <= 64; signal++)
        if (signal != SIGCHLD)
            syscall(SYS_rt_sigaction, signal, &action, NULL, SIGNAL_SET_BYTES);
    syscall(SYS_rt_sigprocmask, (long)SIG_SETMASK, &every_signal, NULL, SIGNAL_SET_BYTES);
    uint64_t mask = mask_now();
    struct panpty_request request = request_of("/bin/cat", "/proc/self/status", NULL);
    check(run(&request) == 0 && says("SigPnd:\t0000000000000000") && says("SigBlk:\t0000000000000000")
        && says("SigIgn:\t0000000000000000") && says("SigCgt:\t0000000000000000"), "no signal blocked or ignored");
    syscall(SYS_rt_sigaction, (long)SIGUSR1, NULL, &action, SIGNAL_SET_BYTES);
    check(mask_now() == mask && action.handler == 1, "the parent's mask and dispositions are as before");
}

static void check_settings(void)
{
    struct panpty_limit limits[] = { { RLIMIT_CPU, 0, 50, 60 }, { RLIMIT_CORE, 0, 0, UINT64_MAX } };
    struct panpty_request request = script("umask; nice; ulimit -St; ulimit -Ht; ulimit -Sc");
    struct rlimit core;
    getrlimit(RLIMIT_CORE, &core);
    limits[1].hard = core.rlim_max;
    request.steps = BIT(UMASK) | BIT(NICENESS) | BIT(LIMITS);
    request.umask = 0137;
    request.niceness = 7;
    request.limits = limits;
    request.limit_count = 2;
    int niceness = getpriority(PRIO_PROCESS, 0);
    check(run(&request) == 0 && says("0137\n7\n50\n60\n0\n"), "umask, niceness and limits");
    check(getpriority(PRIO_PROCESS, 0) == niceness, "the parent's niceness is as before");

    request = request_of("/bin/true", NULL, NULL);
    limits[1].soft = 2;
    limits[1].hard = 1;
    request.steps = BIT(LIMITS);
    request.limits = limits;
    request.limit_count = 2;
    fails(&request, PANPTY_STEP_LIMITS, EINVAL, "a soft limit above the hard");
    check(request.about == 1, "which limit it was");

    request = request_of("/bin/true", NULL, NULL);
    int null = request.pts = open("/dev/null", O_RDWR | O_CLOEXEC);
    fails(&request, PANPTY_STEP_TERMINAL, ENOTTY, "not a terminal");
    close(null);
}

static void check_directory(void)
{
    struct panpty_request request = script("pwd");
    int directory = request.directory = open("/usr/bin", O_PATH | O_DIRECTORY | O_CLOEXEC);
    check(run(&request) == 0 && says("/usr/bin\n"), "runs in the directory");
    request = request_of("./true", NULL, NULL);
    request.directory = directory;
    check(run(&request) == 0, "a relative program is relative to the child's directory");
    close(directory);
    request = request_of("./true", NULL, NULL);
    directory = request.directory = open("/etc/passwd", O_PATH | O_CLOEXEC);
    fails(&request, PANPTY_STEP_DIRECTORY, ENOTDIR, "a file as directory");
    close(directory);
}

/* ---- The exec ---- */

/* The path of a new file in the folder. */
static const char *file(const char *name, const char *text, mode_t mode)
{
    static char paths[8][PATH_MAX];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    int number = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (number < 0 || write(number, text, strlen(text)) < 0 || fchmod(number, mode) != 0 || close(number) != 0)
        check(0, "%s: %s", path, strerror(errno));
    return path;
}

static struct panpty_request candidates_of(const char *first, const char *second, const char *third)
{
    struct panpty_request request = request_of(first, NULL, NULL);
    candidates[1] = second;
    candidates[2] = second == NULL ? NULL : third;
    candidates[3] = NULL;
    return request;
}

static void check_candidates(void)
{
    const char *denied = file("denied", "#!/bin/sh\n", 0600);
    const char *orphan = file("orphan", "#!/nonexistent/interpreter\n", 0700);
    char loop[PATH_MAX];
    snprintf(loop, sizeof loop, "%s/loop", folder);
    if (symlink(loop, loop) != 0 && errno != EEXIST)
        check(0, "symlink");

    struct panpty_request request = candidates_of("/nonexistent/true", "/etc/passwd/true", "/bin/true");
    check(run(&request) == 0 && request.about == 2, "ENOENT and ENOTDIR go on to the candidate that runs");
    request = candidates_of(denied, "/bin/true", NULL);
    check(run(&request) == 0 && request.about == 1, "EACCES goes on");
    request = candidates_of("/bin", "/bin/true", NULL);
    check(run(&request) == 0 && request.about == 1, "a directory is passed over");
    request = candidates_of("/nonexistent/1", denied, "/nonexistent/2");
    fails(&request, PANPTY_STEP_EXEC, EACCES, "EACCES is remembered");
    check(request.about == 1, "and which candidate it was");
    request = candidates_of("/nonexistent/1", "/nonexistent/2", "/etc/passwd/3");
    fails(&request, PANPTY_STEP_EXEC, ENOENT, "none is there");
    check(request.about == 1, "ENOENT is about the last that is not there");
    request = candidates_of("/etc/passwd/true", NULL, NULL);
    fails(&request, PANPTY_STEP_EXEC, ENOTDIR, "the only one is below a file");
    request = candidates_of(NULL, NULL, NULL);
    fails(&request, PANPTY_STEP_EXEC, ENOENT, "no candidate");
    request = candidates_of("/nonexistent/1", loop, "/bin/true");
    fails(&request, PANPTY_STEP_EXEC, ELOOP, "another errno is the end");
    check(request.about == 1, "and it is about that candidate");
    if (!under_valgrind("no interpreter")) {
        request = candidates_of(orphan, NULL, NULL);
        fails(&request, PANPTY_STEP_EXEC, ENOENT, "no interpreter");
    }
}

/* Executable by all and readable by root alone. */
static void check_unreadable(void)
{
    const char *bare = file("unreadable", "echo\n", 0711);
    if (getuid() != 0) {
        skip("a script that may not be read: not root");
        return;
    }
    chmod(folder, 0711);
    struct panpty_request request = candidates_of(bare, NULL, NULL);
    request.steps = BIT(GROUPS) | BIT(GROUP) | BIT(USER);
    request.groups = groups;
    request.group_count = 0;
    request.gid = request.uid = NOBODY;
    fails(&request, PANPTY_STEP_EXEC, EACCES, "a script without #! that the child may not read");
}

static void check_scripts(void)
{
    const char *bare = file("bare", "echo \"$0 of $#: $1\"\n", 0700);
    struct panpty_request request;
    if (!under_valgrind("a script without #!")) {
        request = request_of(bare, NULL, NULL);
        fails(&request, PANPTY_STEP_EXEC, ENOEXEC, "a script without #!");
        request = candidates_of("/nonexistent/1", bare, "/bin/true");
        fails(&request, PANPTY_STEP_EXEC, ENOEXEC, "a script without #! among candidates");
        check(request.about == 1, "and which candidate it was");
        isolated(check_unreadable);
    }

    if (under_valgrind("open for writing elsewhere"))
        return;
    const char *busy = file("busy", "#!/bin/sh\n", 0700);
    int writer = open(busy, O_WRONLY | O_CLOEXEC);
    request = request_of(busy, NULL, NULL);
    if (panpty_spawn(&request) == 0) {                        /* Linux 6.11 and 6.12 allow it */
        waitpid(request.pid, NULL, 0);
        close(request.pidfd);
        close_terminal();
        skip("open for writing elsewhere: this kernel does not mind");
    } else {
        fails(&request, PANPTY_STEP_EXEC, ETXTBSY, "open for writing elsewhere");
    }
    close(writer);
}

/* ---- Credentials ---- */

static int dumpable_now(void)
{
    return prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L);
}

static void check_other_user(void)
{
    struct panpty_request request = as_user(request_of("/bin/cat", "/proc/self/status", NULL), NOBODY);
    prctl(PR_SET_DUMPABLE, 1L, 0L, 0L, 0L);
    check(run(&request) == 0 && says("Uid:\t65534\t65534\t65534\t65534\n") && says("Gid:\t65534\t65534\t65534\t65534\n")
        && says("Groups:\t12 65534") && says("CapPrm:\t0000000000000000"), "runs as another user");
    check(getuid() == 0 && getegid() == 0 && dumpable_now() == 1, "the parent's ids and dumpable flag are as before");
    for (int step = PANPTY_STEP_GROUP; step <= PANPTY_STEP_USER; step++) {
        request = as_user(request_of("/bin/true", NULL, NULL), NOBODY);
        request.steps = 1u << step;
        check(run(&request) == 0 && dumpable_now() == 1, "another %s only", step == PANPTY_STEP_USER ? "user" : "group");
    }
    request = as_user(request_of("/bin/true", NULL, NULL), 0);
    check(run(&request) == 0, "root as root");
    chmod(folder, 0700);
    request = as_user(request_of("/bin/true", NULL, NULL), NOBODY);
    int directory = request.directory = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    fails(&request, PANPTY_STEP_DIRECTORY, EACCES, "a directory that the other user may not enter");
    close(directory);
    request = as_user(request_of(NULL, NULL, NULL), NOBODY);
    candidates[0] = file("private", "#!/bin/sh\n", 0700);
    fails(&request, PANPTY_STEP_EXEC, EACCES, "a program that the other user may not execute");
    check(dumpable_now() == 1, "the dumpable flag is as before, also after failures");
    prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
    request = as_user(request_of("/bin/true", NULL, NULL), NOBODY);
    check(run(&request) == 0 && dumpable_now() == 0, "a cleared dumpable flag stays clear");
}

/* An unprivileged process that keeps the capability to change its user; its child must not have it. */
static void check_capabilities(void)
{
    uint32_t version[2] = { 0x20080522, 0 }, sets[6] = { 1u << 6 | 1u << 7, 1u << 6 | 1u << 7, 1u << 6 | 1u << 7 };
    prctl(PR_SET_KEEPCAPS, 1L, 0L, 0L, 0L);
    if (syscall(SYS_setresuid, 1000L, 1000L, 1000L) != 0 || syscall(SYS_capset, version, sets) != 0
        || prctl(47, 2L, 6L, 0L, 0L) != 0 || prctl(47, 2L, 7L, 0L, 0L) != 0) {           /* PR_CAP_AMBIENT_RAISE */
        skip("capabilities without uid 0: %s", strerror(errno));
        return;
    }
    prctl(PR_SET_DUMPABLE, 1L, 0L, 0L, 0L);
    struct panpty_request request = as_user(request_of("/bin/cat", "/proc/self/status", NULL), NOBODY);
    check(run(&request) == 0 && says("Uid:\t65534\t65534\t65534\t65534\n") && says("CapInh:\t0000000000000000")
        && says("CapPrm:\t0000000000000000") && says("CapAmb:\t0000000000000000"), "another user inherits no capability");
    check(dumpable_now() == 1, "and the parent, unprivileged, keeps its dumpable flag");
    request = as_user(request_of("/bin/cat", "/proc/self/status", NULL), 1000);
    check(run(&request) == 0 && says("CapPrm:\t00000000000000c0"), "the same user keeps what it has");
}

static void check_unprivileged(void)
{
    static const uint32_t own[] = { 12, NOBODY }, others[] = { 12, 13 };
    const long id = NOBODY;
    int was_root = getuid() == 0;
    if (was_root && (syscall(SYS_setgroups, 1L, own) != 0 || syscall(SYS_setresgid, id, id, id) != 0
        || syscall(SYS_setresuid, id, id, id) != 0))
        check(0, "becoming nobody: %s", strerror(errno));
    struct panpty_request request = request_of("/bin/true", NULL, NULL);
    request.steps = BIT(GROUP) | BIT(USER);
    request.uid = getuid();
    request.gid = getgid();
    check(run(&request) == 0, "one's own user and group");
    if (was_root) {
        request = as_user(request_of("/bin/cat", "/proc/self/status", NULL), NOBODY);
        check(run(&request) == 0 && says("Groups:\t12"), "one's own groups, whether or not they list the group itself");
        request = as_user(request_of("/bin/true", NULL, NULL), NOBODY);
        request.groups = others;
        fails(&request, PANPTY_STEP_GROUPS, EPERM, "other groups");
        request = as_user(request_of("/bin/true", NULL, NULL), NOBODY);
        request.group_count = 0;
        fails(&request, PANPTY_STEP_GROUPS, EPERM, "fewer groups");
    }
    request = request_of("/bin/true", NULL, NULL);
    request.steps = BIT(USER);
    fails(&request, PANPTY_STEP_USER, EPERM, "another user");
    request = request_of("/bin/true", NULL, NULL);
    request.steps = BIT(GROUP);
    fails(&request, PANPTY_STEP_GROUP, EPERM, "another group");
    request = request_of("/bin/true", NULL, NULL);
    request.steps = BIT(NICENESS);
    request.niceness = -5;
    fails(&request, PANPTY_STEP_NICENESS, EACCES, "a better niceness");
    struct panpty_limit limit = { RLIMIT_NOFILE, 0, 1 << 20, UINT64_MAX };
    request = request_of("/bin/true", NULL, NULL);
    request.steps = BIT(LIMITS);
    request.limits = &limit;
    request.limit_count = 1;
    fails(&request, PANPTY_STEP_LIMITS, EPERM, "a limit above the hard limit");
    struct rlimit none = { 0, 0 };
    request = request_of("/bin/true", NULL, NULL);
    if (setrlimit(RLIMIT_NPROC, &none) == 0)
        fails(&request, PANPTY_STEP_FORK, EAGAIN, "no more processes");
}

/* ---- The parent's death ---- */

static void check_parent_death(void)
{
    int status = 0;
    struct panpty_request request = request_of("/bin/sleep", "100", NULL);
    request.steps = BIT(PARENT_DEATH);
    request.parent_death_signal = SIGUSR1;
    request.parent_pid = getpid() + 1;
    fails(&request, PANPTY_STEP_PARENT_DEATH, ESRCH, "another parent than expected");
    request = request_of("/bin/sleep", "100", NULL);
    request.steps = BIT(PARENT_DEATH);
    request.parent_death_signal = 65;
    request.parent_pid = getpid();
    fails(&request, PANPTY_STEP_PARENT_DEATH, EINVAL, "no signal of that number");

    request = request_of("/bin/sleep", "100", NULL);
    if (getuid() == 0)
        request = as_user(request, NOBODY);
    request.steps |= BIT(PARENT_DEATH);
    request.parent_death_signal = SIGUSR1;
    prctl(36 /* PR_SET_CHILD_SUBREAPER */, 1L, 0L, 0L, 0L);
    pid_t between = fork();
    if (between == 0) {
        request.parent_pid = getpid();
        _exit(panpty_spawn(&request) != 0);
    }
    if (waitpid(between, &status, 0) != between || status != 0)
        check(0, "a start by a process that then ends");
    close(pts);
    struct pollfd hang_up = { ptmx, 0, 0 };
    check(poll(&hang_up, 1, 10000) == 1 && (hang_up.revents & POLLHUP) != 0, "the child does not outlive its parent");
    if (waitpid(-1, &status, 0) > 0)
        check(WIFSIGNALED(status) && WTERMSIG(status) == SIGUSR1, "and the signal was the one asked for");
}

/* ---- The parent's circumstances ---- */

static void close_some(int which)
{
    for (int fd = 0; fd <= 2; fd++)
        if (which >> fd & 1)
            close(fd);
}

static void check_closed_stdio(void)
{
    int log = fcntl(1, F_DUPFD_CLOEXEC, 200);
    for (int which = 1; which <= 7; which++) {
        struct panpty_request request = script("echo here");
        close_some(which);
        int ran = run(&request) == 0 && strcmp(output, "here\n") == 0;
        for (int fd = 0; fd <= 2; fd++)
            dup2(log, fd);
        request = request_of("/nonexistent", NULL, NULL);
        close_some(which);
        int failed = panpty_spawn(&request) == -1 && request.failed_step == PANPTY_STEP_EXEC && request.error == ENOENT;
        for (int fd = 0; fd <= 2; fd++)
            dup2(log, fd);
        close_terminal();
        check(ran && failed, "host without%s%s%s", which & 1 ? " 0" : "", which & 2 ? " 1" : "", which & 4 ? " 2" : "");
    }
}

static void check_full_table(void)
{
    struct panpty_request request = request_of("/bin/true", NULL, NULL);
    struct rlimit few = { 20, 20 };
    int last = 0;
    setrlimit(RLIMIT_NOFILE, &few);
    for (int next; (next = dup(1)) >= 0; )
        last = next;
    for (int freed = 0; freed < 3; freed++) {
        int result = panpty_spawn(&request);
        check(result == -1 && request.failed_step == PANPTY_STEP_FORK && request.error == EMFILE,
            "EMFILE with %d descriptors free", freed);
        close(last--);
    }
    check(run(&request) == 0, "a start with 3 descriptors free");
}

static volatile sig_atomic_t alarms, strays;
static pid_t stormed;

static void on_alarm(int signal)
{
    (void)signal;
    alarms++;
    if (getpid() != stormed)
        strays++;
}

static void check_signal_storm(void)
{
    struct sigaction action = { .sa_handler = on_alarm };
    struct itimerval often = { { 0, 200 }, { 0, 200 } };
    stormed = getpid();
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    int good = 0;
    for (int i = 0; i < times(100); i++) {
        struct panpty_request request = request_of(i % 2 ? "/bin/true" : "/nonexistent", NULL, NULL);
        if (i % 2)
            good += run(&request) == 0;
        else
            good += panpty_spawn(&request) == -1 && request.failed_step == PANPTY_STEP_EXEC && request.error == ENOENT;
        close_terminal();
    }
    check(good == times(100) && alarms > 0 && strays == 0, "%d starts with an alarm every 200 us; no handler runs in a child",
        times(100));
}

static void *start_many(void *argument)
{
    long good = 0, user = (long)argument;
    for (int i = 0; i < times(50); i++) {
        struct panpty_request request = request_of(i % 3 ? "/bin/true" : "/nonexistent", NULL, NULL);
        if (user > 0)
            request = as_user(request, (uint32_t)user);
        if (i % 3)
            good += run(&request) == 0;
        else
            good += panpty_spawn(&request) == -1 && request.failed_step == PANPTY_STEP_EXEC && request.error == ENOENT;
        close_terminal();
    }
    return (void *)good;
}

static void check_threads(void)
{
    if (!has_seccomp()) {
        skip("starts from 4 threads: qemu-user 7.2 forks with locks of its own held");
        return;
    }
    pthread_t threads[4];
    long good = 0, users[4] = { 0, NOBODY, 1000, NOBODY };
    void *result;
    prctl(PR_SET_DUMPABLE, 1L, 0L, 0L, 0L);
    for (int i = 0; i < 4; i++)
        if (pthread_create(&threads[i], NULL, start_many, (void *)(getuid() == 0 ? users[i] : 0L)) != 0)
            check(0, "pthread_create");
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], &result);
        good += (long)result;
    }
    int all = 4 * times(50);
    check(good == all && dumpable_now() == 1, "%d starts from 4 threads, %ld right; the dumpable flag is as before", all, good);
}

/* ---- What is left ---- */

static int entries(const char *path)
{
    int count = 0;
    DIR *directory = opendir(path);
    while (directory != NULL && readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

static int mappings(void)
{
    int count = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    for (int c; maps != NULL && (c = getc(maps)) != EOF; )
        count += c == '\n';
    fclose(maps);
    return count;
}

static void check_leaks(void)
{
    int descriptors = entries("/proc/self/fd"), maps = mappings();
    for (int i = 0; i < 60; i++) {
        struct panpty_request request = request_of(i % 2 ? "/bin/true" : "/nonexistent", NULL, NULL);
        if (i % 2)
            run(&request);
        else
            panpty_spawn(&request);
        close_terminal();
    }
    int childless = waitpid(-1, NULL, 0) == -1 && errno == ECHILD;
    check(entries("/proc/self/fd") == descriptors && mappings() < maps + 10 && childless,
        "60 starts leave no descriptor, mapping or child");
}

static void check_all(void)
{
    check_session();
    check_descriptors();
    close_range_answer = ENOSYS;
    isolated(check_descriptors_listed);
    close_range_answer = EPERM;
    isolated(check_descriptors_listed);
    isolated(check_descriptors_unlisted);
    isolated(check_signals);
    check_settings();
    check_directory();
    check_candidates();
    check_scripts();
    if (getuid() == 0) {
        isolated(check_other_user);
        isolated(check_capabilities);
    } else {
        skip("another user: not root");
    }
    isolated(check_unprivileged);
    isolated(check_parent_death);
    isolated(check_closed_stdio);
    isolated(check_full_table);
    isolated(check_signal_storm);
    isolated(check_threads);
    check_provoked();
    check_leaks();
}

/* ---- Not checks ---- */

static void start_one(void)
{
    static const struct panpty_limit limit = { .resource = RLIMIT_CORE };
    static uint32_t own[GROUPS_MAX];
    struct panpty_request request = as_user(request_of("/bin/true", NULL, NULL), NOBODY);
    if (getuid() != 0) {                                      /* steps that need no privilege */
        request.uid = getuid();
        request.gid = getgid();
        request.groups = own;
        request.group_count = (uint32_t)getgroups(GROUPS_MAX, own);
    }
    request.steps |= BIT(UMASK) | BIT(LIMITS) | BIT(NICENESS) | BIT(PARENT_DEATH);
    request.umask = 022;
    request.limits = &limit;
    request.limit_count = 1;
    request.niceness = 1;
    request.parent_death_signal = SIGTERM;
    request.parent_pid = getpid();
    request.directory = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    check(run(&request) == 0, "one start with every step");
}

static double now_micros(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static int by_value(const void *one, const void *other)
{
    double difference = *(const double *)one - *(const double *)other;
    return (difference > 0) - (difference < 0);
}

static double one_posix_spawn(void)
{
    struct panpty_request request = request_of("/bin/true", NULL, NULL);
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    sigset_t signals;
    pid_t pid;
    double start = now_micros();
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&actions);
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_addopen(&actions, 0, pts_name, O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&actions, 0, 1);
    posix_spawn_file_actions_adddup2(&actions, 0, 2);
    if (posix_spawn(&pid, candidates[0], &actions, &attributes, request.argv, request.envp) != 0)
        check(0, "posix_spawn");
    double micros = now_micros() - start;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    waitpid(pid, NULL, 0);
    close_terminal();
    return micros;
}

static double one_start(uint32_t way)
{
    how = way;
    struct panpty_request request = request_of("/bin/true", NULL, NULL);
    double start = now_micros();
    if (panpty_spawn(&request) != 0)
        check(0, "a start");
    double micros = now_micros() - start;
    waitpid(request.pid, NULL, 0);
    close(request.pidfd);
    close_terminal();
    return micros;
}

static void bench(size_t megabytes, int rounds)
{
    const char *names[] = { "posix_spawn", "clone", "fork" };
    double *times[3];
    char *heap = malloc(megabytes << 20);
    memset(heap, 1, megabytes << 20);
    for (int way = 0; way < 3; way++)
        times[way] = malloc((size_t)rounds * sizeof(double));
    for (int i = 0; i < rounds; i++) {
        times[0][i] = one_posix_spawn();
        times[1][i] = one_start(PANPTY_CLONE_VFORK);
        times[2][i] = one_start(PANPTY_FORK);
    }
    for (int way = 0; way < 3; way++) {
        qsort(times[way], (size_t)rounds, sizeof(double), by_value);
        printf("%-12s p10 %7.1f  median %7.1f  p90 %7.1f us\n", names[way], times[way][rounds / 10], times[way][rounds / 2],
            times[way][rounds * 9 / 10]);
        free(times[way]);
    }
    free(heap);
}

static void make_folder(void)
{
    const char *temporary = getenv("TMPDIR");
    int length = snprintf(folder, sizeof folder, "%s/trampoline-XXXXXX", temporary != NULL ? temporary : "/tmp");
    if (length >= (int)sizeof folder || mkdtemp(folder) == NULL || chmod(folder, 0755) != 0)
        check(0, "%s: %s", folder, strerror(errno));
}

int main(int count, char **words)
{
    int clone_only = count > 1 && strcmp(words[count - 1], "clone") == 0;
    int fork_only = count > 1 && strcmp(words[count - 1], "fork") == 0;
    if (count > 1 && strcmp(words[1], "bench") == 0) {
        bench(count > 2 ? strtoul(words[2], NULL, 10) : 0, count > 3 ? atoi(words[3]) : 300);
        return 0;
    }
    int spare = open("/dev/null", O_RDWR);
    while (spare >= 0 && spare <= 2)                          /* the parent may have closed 0, 1 or 2 */
        spare = dup(spare);
    close(spare);
    signal(SIGHUP, SIG_IGN);
    harness = getpid();
    make_folder();
    for (how = PANPTY_CLONE_VFORK; how <= PANPTY_FORK; how++) {
        if (how == PANPTY_FORK ? clone_only : fork_only)
            continue;
        if (count > 1 && strcmp(words[1], "one") == 0)
            start_one();
        else
            check_all();
    }
    return remove_folder();
}
