/*
 * What the benchmarks compare with: the same system calls in C, one thread, blocking reads and writes.
 *
 *   reference [--heap 8G] spawn N       start /bin/true on a new terminal, read to its end, reap it
 *   reference [--heap 8G] bulk MIB      read what a program writes to a raw terminal
 *   reference [--heap 8G] text MIB      the same in lines of 80 characters, through the terminal's output processing
 *   reference [--heap 8G] echo N        one byte to cat on a raw terminal and back
 *   reference [--heap 8G] feed MIB      write to a program on a raw terminal that reads all of it
 *   reference [--heap 8G] terminals N   that many cats at once, 100 times 64 bytes to each and back, start to all reaped
 *
 * Prints nanoseconds per operation (per MiB for bulk, text and feed; per terminal for terminals) and the CPU time that this
 * process itself took for it, also in nanoseconds. --heap touches so much memory first.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define BUFFER_BYTES (64 * 1024)
#define MIB (1024L * 1024)
#define MESSAGE_BYTES 64
#define MESSAGES 100

extern char **environ;

static char buffer[BUFFER_BYTES];

struct terminal {
    int ptmx;
    pid_t pid;
};

static void require(int good, const char *what)
{
    if (!good) {
        fprintf(stderr, "%s: %s\n", what, strerror(errno));
        exit(1);
    }
}

static void set_up(int ptmx, int raw)
{
    struct winsize size = { .ws_row = 24, .ws_col = 80 };
    struct termios attributes;
    require(ioctl(ptmx, TIOCSWINSZ, &size) == 0, "TIOCSWINSZ");
    require(tcgetattr(ptmx, &attributes) == 0, "tcgetattr");
    attributes.c_iflag |= IUTF8;
    if (raw)
        cfmakeraw(&attributes);
    require(tcsetattr(ptmx, TCSANOW, &attributes) == 0, "tcsetattr");
}

static pid_t spawn(const char *pts, char *const argv[])
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    pid_t pid;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, pts, O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&actions, 0, 1);
    posix_spawn_file_actions_adddup2(&actions, 0, 2);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    sigemptyset(&none);
    memset(&all, 0xff, sizeof all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    errno = posix_spawn(&pid, argv[0], &actions, &attributes, argv, environ);
    require(errno == 0, argv[0]);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

static struct terminal start(int raw, char *const argv[])
{
    struct terminal terminal;
    int unlock = 0, number;
    char pts[32];
    terminal.ptmx = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    require(terminal.ptmx >= 0, "/dev/ptmx");
    require(ioctl(terminal.ptmx, TIOCSPTLCK, &unlock) == 0, "TIOCSPTLCK");
    require(ioctl(terminal.ptmx, TIOCGPTN, &number) == 0, "TIOCGPTN");
    snprintf(pts, sizeof pts, "/dev/pts/%d", number);
    set_up(terminal.ptmx, raw);
    terminal.pid = spawn(pts, argv);
    return terminal;
}

static void end(struct terminal terminal)
{
    int status;
    require(waitpid(terminal.pid, &status, 0) == terminal.pid, "waitpid");
    close(terminal.ptmx);
}

static struct terminal start_shell(const char *format, long number)
{
    char script[256];
    snprintf(script, sizeof script, format, number);
    return start(0, (char *[]){ "/bin/sh", "-c", script, NULL });
}

static long read_to_end(int ptmx)
{
    long total = 0;
    ssize_t count;
    while ((count = read(ptmx, buffer, sizeof buffer)) > 0)
        total += count;
    return total;
}

static void read_exactly(int ptmx, long bytes)
{
    while (bytes > 0) {
        ssize_t count = read(ptmx, buffer, bytes < BUFFER_BYTES ? (size_t)bytes : BUFFER_BYTES);
        require(count > 0, "read");
        bytes -= count;
    }
}

static void run_spawn(long count)
{
    while (count-- > 0) {
        struct terminal terminal = start(0, (char *[]){ "/bin/true", NULL });
        read_to_end(terminal.ptmx);
        end(terminal);
    }
}

static void run_output(const char *script, long mib)
{
    struct terminal terminal = start_shell(script, mib * MIB);
    require(read_to_end(terminal.ptmx) >= mib * MIB, "output incomplete");
    end(terminal);
}

static void run_echo(long count)
{
    struct terminal terminal = start(1, (char *[]){ "/bin/cat", NULL });
    while (count-- > 0) {
        require(write(terminal.ptmx, "x", 1) == 1, "write");
        read_exactly(terminal.ptmx, 1);
    }
    kill(terminal.pid, SIGKILL);
    end(terminal);
}

static void run_feed(long mib)
{
    struct terminal terminal = start_shell("stty raw -echo; printf R; exec head -c %ld >/dev/null", mib * MIB);
    read_exactly(terminal.ptmx, 1);
    for (long left = mib * MIB; left > 0;) {
        ssize_t count = write(terminal.ptmx, buffer, left < BUFFER_BYTES ? (size_t)left : BUFFER_BYTES);
        require(count > 0, "write");
        left -= count;
    }
    read_to_end(terminal.ptmx);
    end(terminal);
}

struct exchange {
    struct terminal terminal;
    int messages, bytes;
};

/* Takes what has come back, and sends the next message when it is all there. Returns 1 at the end. */
static int go_on(struct exchange *exchange)
{
    exchange->bytes += (int)read(exchange->terminal.ptmx, buffer, sizeof buffer);
    if (exchange->bytes < MESSAGE_BYTES)
        return 0;
    exchange->bytes = 0;
    if (++exchange->messages == MESSAGES) {
        close(exchange->terminal.ptmx);
        return 1;
    }
    require(write(exchange->terminal.ptmx, buffer, MESSAGE_BYTES) == MESSAGE_BYTES, "write");
    return 0;
}

static void run_terminals(long count)
{
    struct exchange *exchanges = calloc((size_t)count, sizeof *exchanges);
    struct epoll_event events[256];
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (long i = 0; i < count; i++) {
        struct epoll_event event = { .events = EPOLLIN, .data.ptr = &exchanges[i] };
        exchanges[i].terminal = start(1, (char *[]){ "/bin/cat", NULL });
        require(epoll_ctl(epoll, EPOLL_CTL_ADD, exchanges[i].terminal.ptmx, &event) == 0, "epoll_ctl");
        require(write(exchanges[i].terminal.ptmx, buffer, MESSAGE_BYTES) == MESSAGE_BYTES, "write");
    }
    for (long left = count; left > 0;) {
        int ready = epoll_wait(epoll, events, 256, -1);
        for (int i = 0; i < ready; i++)
            left -= go_on(events[i].data.ptr);
    }
    for (long i = 0; i < count; i++)
        require(waitpid(exchanges[i].terminal.pid, NULL, 0) > 0, "waitpid");
    close(epoll);
    free(exchanges);
}

static void run(const char *workload, long count)
{
    if (strcmp(workload, "spawn") == 0)
        run_spawn(count);
    else if (strcmp(workload, "bulk") == 0)
        run_output("stty raw -echo; exec head -c %ld /dev/zero", count);
    else if (strcmp(workload, "text") == 0)
        run_output("yes $(printf %%079d 0) | head -c %ld", count);
    else if (strcmp(workload, "echo") == 0)
        run_echo(count);
    else if (strcmp(workload, "feed") == 0)
        run_feed(count);
    else if (strcmp(workload, "terminals") == 0)
        run_terminals(count);
    else
        require(0, workload);
}

static double wall_nanos(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e9 + now.tv_nsec;
}

static double cpu_nanos(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e9 + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e3;
}

static void touch_heap(const char *size)
{
    char *unit;
    size_t bytes = strtoul(size, &unit, 10) << (*unit == 'G' ? 30 : 20);
    char *heap = malloc(bytes);
    require(heap != NULL, size);
    for (size_t i = 0; i < bytes; i += 4096)
        ((volatile char *)heap)[i] = 1;
}

int main(int count, char **words)
{
    struct rlimit files;
    double wall, cpu;
    long operations;
    if (count > 2 && strcmp(words[1], "--heap") == 0) {
        touch_heap(words[2]);
        words += 2;
        count -= 2;
    }
    if (count != 3) {
        fprintf(stderr, "usage: reference [--heap SIZE] WORKLOAD COUNT\n");
        return 1;
    }
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    operations = atol(words[2]);
    wall = wall_nanos();
    cpu = cpu_nanos();
    run(words[1], operations);
    printf("%.0f %.0f\n", (wall_nanos() - wall) / (double)operations, (cpu_nanos() - cpu) / (double)operations);
    return 0;
}
