/*
 * Reads commands from its terminal, one a line, and answers each. No answer contains a newline, so that the answers are the same on a raw
 * terminal and a cooked one.
 *
 *   e N   reads N more bytes and a newline, and writes the bytes back as they come
 *   p N   writes N letters
 *   w N   writes N letters to standard error
 *   q     answers nothing, whatever follows
 *   s     (24x80), the window size
 *   f     (argv0 directory umask niceness open-files uid gid $MODEL)
 *   i N   ignores the signal N from now on: (i)
 *   c N   catches it: (c), and (N) whenever it comes
 *   d N   restores its default action: (d)
 *   z     (z), then reads nothing until SIGUSR2 comes: (Z)
 *   o     (o), then closes its terminal until SIGUSR1 comes, and opens it again: (O)
 *   h     (h), after starting a child that ignores signals and holds the terminal until the hang-up
 *   x N   exits with N
 *
 * The answer to a control character in place of a command is its number, <3>, and to the end of the input <eof>. The first output is
 * (ready). At a hang-up it waits for the SIGHUP, or exits with 9 if it ignores or catches that.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_HUNG_UP = 9, EXIT_CONFUSED = 99, MAX_SIGNAL = 64 };

static volatile sig_atomic_t came[MAX_SIGNAL + 1];
static sigset_t caught; /* blocked except while waiting, so that no write is interrupted */
static bool sleeping;
static bool detached;

static char input[8192]; /* longer than a line: a read ends at the end of the line */
static size_t input_at, input_end;

static void note(int number)
{
    came[number] = 1;
}

static void hung_up(void)
{
    struct sigaction action;
    sigaction(SIGHUP, NULL, &action);
    if (action.sa_handler != SIG_DFL)
        _exit(EXIT_HUNG_UP);
    for (;;)
        pause();
}

static void put(int fd, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t done = write(fd, bytes, count);
        if (done < 0)
            hung_up();
        bytes += done;
        count -= (size_t) done;
    }
}

__attribute__((format(printf, 1, 2))) static void answer(const char *format, ...)
{
    char text[8192];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    put(1, text, (size_t) length);
}

static void letters(int fd, size_t count)
{
    char text[1000];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char) ('a' + i % 25); /* 1000 is a multiple of 25: every piece begins with "a" */
    for (; count > 0; count -= count < sizeof text ? count : sizeof text)
        put(fd, text, count < sizeof text ? count : sizeof text);
}

static void open_again(void)
{
    if (open("/dev/tty", O_RDWR) != 0 || dup(0) != 1 || dup(0) != 2)
        _exit(EXIT_HUNG_UP);
    detached = false;
    answer("(O)");
}

static void report_signals(void)
{
    for (int number = 1; number <= MAX_SIGNAL; number++) {
        if (!came[number] || (detached && number != SIGUSR1))
            continue;
        came[number] = 0;
        if (number == SIGUSR1 && detached) {
            open_again();
        } else if (number == SIGUSR2 && sleeping) {
            sleeping = false;
            answer("(Z)");
        } else {
            answer("(%d)", number);
        }
    }
}

/* Waits until there is input that it may read. */
static void await_input(void)
{
    sigset_t none;
    sigemptyset(&none);
    for (;;) {
        struct pollfd terminal = {.fd = 0, .events = POLLIN};
        int ready = ppoll(&terminal, sleeping || detached ? 0 : 1, NULL, &none);
        report_signals();
        if (ready > 0)
            return;
    }
}

static int next_byte(void)
{
    while (input_at == input_end) {
        await_input();
        ssize_t count = read(0, input, sizeof input);
        if (count > 0) {
            input_at = 0;
            input_end = (size_t) count;
        } else {
            struct pollfd terminal = {.fd = 0};
            if (count < 0 || (poll(&terminal, 1, 0) > 0 && terminal.revents & POLLHUP))
                hung_up();
            answer("<eof>");
        }
    }
    return (unsigned char) input[input_at++];
}

static void give_back(size_t count)
{
    while (count > 0) {
        char first = (char) next_byte();
        put(1, &first, 1);
        count--;
        size_t more = input_end - input_at < count ? input_end - input_at : count;
        put(1, input + input_at, more);
        input_at += more;
        count -= more;
    }
    next_byte();
}

static void dispose(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    sigaction(number, &action, NULL);
    (handler == note ? sigaddset : sigdelset)(&caught, number);
    sigprocmask(SIG_SETMASK, &caught, NULL);
}

static void leave_holder(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL); /* or a signal could end the child before it ignores them */
    if (fork() != 0) {
        sigprocmask(SIG_SETMASK, &caught, NULL);
        answer("(h)");
        return;
    }
    for (int number = 1; number <= MAX_SIGNAL; number++)
        signal(number, SIG_IGN);
    struct pollfd terminal = {.fd = 0};
    while (poll(&terminal, 1, -1) < 0 || !(terminal.revents & POLLHUP))
        continue;
    _exit(0);
}

static void tell_facts(const char *name)
{
    char directory[4096];
    struct rlimit files;
    mode_t mask = umask(0);
    umask(mask);
    getrlimit(RLIMIT_NOFILE, &files);
    const char *variable = getenv("MODEL");
    answer("(%s %s %03o %d %lu %u %u %s)", name, getcwd(directory, sizeof directory), mask, getpriority(PRIO_PROCESS, 0),
        (unsigned long) files.rlim_cur, getuid(), getgid(), variable ? variable : "");
}

static void tell_size(void)
{
    struct winsize size;
    if (ioctl(0, TIOCGWINSZ, &size) < 0)
        hung_up();
    answer("(%dx%d)", size.ws_row, size.ws_col);
}

static void close_terminal(void)
{
    answer("(o)");
    detached = true;
    close(0);
    close(1);
    close(2);
}

static void obey(const char *name, char command, unsigned long number)
{
    switch (command) {
    case 'e': give_back(number); break;
    case 'p': letters(1, number); break;
    case 'w': letters(2, number); break;
    case 'q': break;
    case 's': tell_size(); break;
    case 'f': tell_facts(name); break;
    case 'i': dispose((int) number, SIG_IGN); answer("(i)"); break;
    case 'c': dispose((int) number, note); answer("(c)"); break;
    case 'd': dispose((int) number, SIG_DFL); answer("(d)"); break;
    case 'z': sleeping = true; answer("(z)"); break;
    case 'o': close_terminal(); break;
    case 'h': leave_holder(); break;
    case 'x': _exit((int) number);
    default: _exit(EXIT_CONFUSED);
    }
}

int main(int count, char **words)
{
    const struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    sigemptyset(&caught);
    dispose(SIGUSR1, note);
    dispose(SIGUSR2, note);
    answer("(ready)");
    for (;;) {
        char line[64] = "";
        size_t length = 0;
        int byte = next_byte();
        if (byte < ' ') {
            answer("<%d>", byte);
            continue;
        }
        for (; byte != '\n'; byte = next_byte()) {
            if (length < sizeof line - 1)
                line[length++] = (char) byte;
        }
        obey(count > 0 ? words[0] : "", line[0], strtoul(line + 1, NULL, 10));
    }
}
