/*
 * The reference of the benchmarks: the same system calls in C, one thread, blocking reads and writes of 64 KiB, and epoll for many
 * terminals at once.
 *
 *   reference COUNTERPART [HEAP_GIB]
 *
 * touches HEAP_GIB GiB of memory, then answers each line "WORKLOAD COUNT" of its input with one line of measurements:
 *
 *   spawn N       start /bin/true on a new terminal, read to its end, reap it
 *   bulk MIB      read MIB MiB that a program writes to a raw terminal
 *   text MIB      the same in lines of 80 bytes, through the terminal's output processing
 *   echo N        one byte to a program on a raw terminal and back
 *   feed MIB      write MIB MiB to a program on a raw terminal, which prints the hash of what it read
 *   terminals N   N programs at once, 64 bytes to each and back 100 times or more, from the first start to the last reap
 *
 * "wall" and "cpu" are nanoseconds per operation (a start, a MiB, a round trip); cpu is that of this process alone. "p50" and "p99" are
 * nanoseconds of the single round trips of echo. "memory" is the growth of this process in bytes for each terminal.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
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
#define MIN_MESSAGES 100
#define MESSAGES_OF_ONE 10000
#define FNV_OFFSET 0xcbf29ce484222325u
#define FNV_PRIME 0x100000001b3u

extern char **environ;

static char buffer[BUFFER_BYTES];
static char *counterpart;

struct terminal {
    int ptmx;
    pid_t pid;
};

static struct {
    double wall, cpu, p50, p99, memory;
} measured;

static void require(int good, const char *what)
{
    if (!good) {
        fprintf(stderr, "reference: %s: %s\n", what, strerror(errno));
        exit(1);
    }
}

static double nanos(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1e9 + now.tv_nsec;
}

static void measure_from_here(void)
{
    measured.cpu = nanos(CLOCK_PROCESS_CPUTIME_ID);
    measured.wall = nanos(CLOCK_MONOTONIC);
}

static void measure_to_here(long operations)
{
    measured.wall = (nanos(CLOCK_MONOTONIC) - measured.wall) / (double)operations;
    measured.cpu = (nanos(CLOCK_PROCESS_CPUTIME_ID) - measured.cpu) / (double)operations;
}

static long resident_bytes(void)
{
    long size = 0, pages = 0;
    FILE *statm = fopen("/proc/self/statm", "r");
    require(statm != NULL && fscanf(statm, "%ld %ld", &size, &pages) == 2, "/proc/self/statm");
    fclose(statm);
    return pages * sysconf(_SC_PAGESIZE);
}

static void set_up(int ptmx)
{
    struct winsize size = { .ws_row = 24, .ws_col = 80 };
    struct termios attributes;
    require(ioctl(ptmx, TIOCSWINSZ, &size) == 0, "TIOCSWINSZ");
    require(tcgetattr(ptmx, &attributes) == 0, "tcgetattr");
    attributes.c_iflag |= IUTF8;
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
#if __GLIBC__ > 2 || __GLIBC_MINOR__ >= 34 /* every descriptor is close-on-exec, so before it there is no difference but in time */
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
#endif
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

static struct terminal start(char *const argv[])
{
    struct terminal terminal;
    int unlock = 0, number;
    char pts[32];
    terminal.ptmx = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    require(terminal.ptmx >= 0, "/dev/ptmx");
    require(ioctl(terminal.ptmx, TIOCSPTLCK, &unlock) == 0, "TIOCSPTLCK");
    require(ioctl(terminal.ptmx, TIOCGPTN, &number) == 0, "TIOCGPTN");
    snprintf(pts, sizeof pts, "/dev/pts/%d", number);
    set_up(terminal.ptmx);
    terminal.pid = spawn(pts, argv);
    return terminal;
}

static struct terminal start_counterpart(char *role, long number)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%ld", number);
    return start((char *[]){ counterpart, role, digits, NULL });
}

static void end(struct terminal terminal)
{
    require(waitpid(terminal.pid, NULL, 0) == terminal.pid, "waitpid");
    close(terminal.ptmx);
}

static long read_to_end(int ptmx)
{
    long total = 0;
    ssize_t count;
    while ((count = read(ptmx, buffer, sizeof buffer)) > 0)
        total += count;
    return total;
}

static void read_byte(int ptmx, char expected)
{
    char got;
    require(read(ptmx, &got, 1) == 1 && got == expected, "read");
}

static void run_spawn(long count)
{
    measure_from_here();
    for (long i = 0; i < count; i++) {
        struct terminal terminal = start((char *[]){ "/bin/true", NULL });
        read_to_end(terminal.ptmx);
        end(terminal);
    }
    measure_to_here(count);
}

static void run_output(char *role, long mib)
{
    measure_from_here();
    struct terminal terminal = start_counterpart(role, mib);
    long total = read_to_end(terminal.ptmx);
    require(waitpid(terminal.pid, NULL, 0) == terminal.pid, "waitpid");
    total += read_to_end(terminal.ptmx);     /* output that the hang-up overtook during the last read */
    close(terminal.ptmx);
    measure_to_here(mib);
    require(total >= mib * MIB, "output incomplete");
}

static int compare(const void *one, const void *other)
{
    double difference = *(const double *)one - *(const double *)other;
    return difference < 0 ? -1 : difference > 0;
}

static void run_echo(long count)
{
    double *laps = calloc((size_t)count, sizeof *laps);
    struct terminal terminal = start_counterpart("echo", 0);
    read_byte(terminal.ptmx, 'R');
    measure_from_here();
    for (long i = 0; i < count; i++) {
        double begin = nanos(CLOCK_MONOTONIC);
        require(write(terminal.ptmx, "x", 1) == 1, "write");
        read_byte(terminal.ptmx, 'x');
        laps[i] = nanos(CLOCK_MONOTONIC) - begin;
    }
    measure_to_here(count);
    qsort(laps, (size_t)count, sizeof *laps, compare);
    measured.p50 = laps[count / 2];
    measured.p99 = laps[count * 99 / 100];
    free(laps);
    kill(terminal.pid, SIGKILL);
    end(terminal);
}

/* The bytes of feed: every 64 KiB begin with their own number. */
static void fill(long chunk)
{
    if (chunk == 0)
        for (int i = 0; i < BUFFER_BYTES; i++)
            buffer[i] = (char)(i * 31 + (i >> 8));
    buffer[0] = (char)chunk;
}

static void expect_sum(int ptmx, long chunks)
{
    char got[17] = "", expected[17];
    uint64_t hash = FNV_OFFSET;
    size_t length = 0;
    ssize_t count;
    while (length < 16 && (count = read(ptmx, got + length, 16 - length)) > 0)
        length += (size_t)count;
    for (long chunk = 0; chunk < chunks; chunk++) {
        fill(chunk);
        for (int i = 0; i < BUFFER_BYTES; i++)
            hash = (hash ^ (unsigned char)buffer[i]) * FNV_PRIME;
    }
    snprintf(expected, sizeof expected, "%016lx", (unsigned long)hash);
    require(strcmp(got, expected) == 0, "another content arrived");
}

static void run_feed(long mib)
{
    struct terminal terminal = start_counterpart("sum", mib);
    long chunks = mib * MIB / BUFFER_BYTES;
    read_byte(terminal.ptmx, 'R');
    measure_from_here();
    for (long chunk = 0; chunk < chunks; chunk++) {
        fill(chunk);
        for (long done = 0; done < BUFFER_BYTES;) {
            ssize_t count = write(terminal.ptmx, buffer + done, (size_t)(BUFFER_BYTES - done));
            require(count > 0, "write");
            done += count;
        }
    }
    measure_to_here(mib);
    expect_sum(terminal.ptmx, chunks);
    end(terminal);
}

struct exchange {
    struct terminal terminal;
    long left, bytes;
};

/* The number of messages for each terminal: enough for a measurement. */
static long messages(long terminals)
{
    long each = MESSAGES_OF_ONE / terminals;
    return each < MIN_MESSAGES ? MIN_MESSAGES : each;
}

static void send_message(struct exchange *exchange)
{
    exchange->bytes = 0;
    exchange->left--;
    require(write(exchange->terminal.ptmx, buffer, MESSAGE_BYTES) == MESSAGE_BYTES, "write");
}

/* Reads the echo, and sends the next message when the echo is complete. Returns 1 at the end. */
static int go_on(struct exchange *exchange)
{
    ssize_t count = read(exchange->terminal.ptmx, buffer, sizeof buffer);
    require(count > 0, "read");
    exchange->bytes += count;
    if (exchange->bytes < MESSAGE_BYTES)
        return 0;
    if (exchange->left == 0)
        return 1;
    send_message(exchange);
    return 0;
}

static void run_terminals(long count)
{
    long before = resident_bytes();
    struct exchange *exchanges = calloc((size_t)count, sizeof *exchanges);
    struct epoll_event events[256];
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    measure_from_here();
    for (long i = 0; i < count; i++) {
        struct epoll_event event = { .events = EPOLLIN, .data.ptr = &exchanges[i] };
        exchanges[i].left = messages(count);
        exchanges[i].terminal = start_counterpart("echo", 0);
        read_byte(exchanges[i].terminal.ptmx, 'R');
        require(epoll_ctl(epoll, EPOLL_CTL_ADD, exchanges[i].terminal.ptmx, &event) == 0, "epoll_ctl");
    }
    for (long i = 0; i < count; i++)
        send_message(&exchanges[i]);
    for (long left = count; left > 0;) {
        int ready = epoll_wait(epoll, events, 256, -1);
        for (int i = 0; i < ready; i++)
            left -= go_on(events[i].data.ptr);
    }
    measured.memory = (double)(resident_bytes() - before) / (double)count;
    for (long i = 0; i < count; i++) {
        kill(exchanges[i].terminal.pid, SIGKILL);
        end(exchanges[i].terminal);
    }
    measure_to_here(count * messages(count));
    close(epoll);
    free(exchanges);
}

static void run(const char *workload, long count)
{
    if (strcmp(workload, "spawn") == 0)
        run_spawn(count);
    else if (strcmp(workload, "bulk") == 0)
        run_output("write", count);
    else if (strcmp(workload, "text") == 0)
        run_output("lines", count);
    else if (strcmp(workload, "echo") == 0)
        run_echo(count);
    else if (strcmp(workload, "feed") == 0)
        run_feed(count);
    else if (strcmp(workload, "terminals") == 0)
        run_terminals(count);
    else
        require(0, workload);
}

static void touch_memory(size_t bytes)
{
    char *memory = malloc(bytes);
    require(memory != NULL, "malloc");
    for (size_t i = 0; i < bytes; i += 4096)
        ((volatile char *)memory)[i] = 1;
}

int main(int count, char **words)
{
    struct rlimit files;
    char workload[32];
    long operations;
    require(count > 1, "usage: reference COUNTERPART [HEAP_GIB]");
    counterpart = words[1];
    if (count > 2)
        touch_memory((size_t)atol(words[2]) << 30);
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    while (scanf("%31s %ld", workload, &operations) == 2) {
        memset(&measured, 0, sizeof measured);
        run(workload, operations);
        printf("wall=%.0f cpu=%.0f p50=%.0f p99=%.0f memory=%.0f\n", measured.wall, measured.cpu, measured.p50, measured.p99,
               measured.memory);
        fflush(stdout);
    }
    return 0;
}
