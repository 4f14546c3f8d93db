/*
 * Writes to its terminal, which must be raw, so that the reader can account for every byte.
 *
 *   chatter SEED LIFE_MILLIS EXIT_CODE [FLAGS]
 *
 * It writes numbered lines, "N00000000", "N00000001" and so on, in bursts. It repeats each line of its input as "W<line>". After
 * LIFE_MILLIS, or when it reads the line "Q", it writes the number of numbered lines, "E<number>", and exits. A control character is
 * accepted between the lines of the input; inside a line it gives a line "X".
 *
 *   h, t, i   ignores SIGHUP; SIGTERM; SIGINT, SIGQUIT and SIGTSTP
 *   g         leaves a child that holds the terminal, ignores SIGHUP and writes "#" at any place, until some time after the exit
 *   e         writes the numbered lines to standard error too
 */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define HUNG_UP 99
#define LINE_BYTES 65536
#define HOLDER_ROUNDS 30
#define HOLDER_PAUSE_MILLIS 10

static uint64_t state;
static char line[LINE_BYTES];
static size_t line_length;
static uint32_t numbered;
static int says_errors;

static uint32_t next_random(uint32_t bound)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % bound;
}

static long now_millis(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void say(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, text, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            _exit(HUNG_UP);
        text += written;
        length -= (size_t)written;
    }
}

static void burst(void)
{
    char text[20 * 10 + 1];
    size_t length = 0;
    for (uint32_t count = 1 + next_random(20); count > 0; count--)
        length += (size_t)sprintf(text + length, "N%08x\n", numbered++);
    say(1, text, length);
    if (says_errors)
        say(2, text, length);
}

static void farewell(int code)
{
    char text[12];
    say(1, text, (size_t)sprintf(text, "E%08x\n", numbered));
    _exit(code);
}

/* Handles a complete line. Returns whether it was the last. */
static int repeat(void)
{
    if (line_length == 1 && line[0] == 'Q')
        return 1;
    static char answer[LINE_BYTES + 2];
    answer[0] = 'W';
    memcpy(answer + 1, line, line_length);
    answer[line_length + 1] = '\n';
    say(1, answer, line_length + 2);
    line_length = 0;
    return 0;
}

static int listen_to(const char *bytes, ssize_t count)
{
    for (ssize_t i = 0; i < count; i++) {
        char byte = bytes[i];
        if (byte == '\n') {
            if (repeat())
                return 1;
        } else if (byte < ' ') {
            if (line_length > 0)
                say(1, "X\n", 2);
        } else if (line_length < LINE_BYTES) {
            line[line_length++] = byte;
        }
    }
    return 0;
}

static void leave_holder(void)
{
    pid_t leader = getpid();
    if (fork() != 0)
        return;
    signal(SIGHUP, SIG_IGN);
    for (int rounds = 0; rounds < HOLDER_ROUNDS; ) {
        struct timespec pause = { 0, HOLDER_PAUSE_MILLIS * 1000000L };
        nanosleep(&pause, NULL);
        say(1, "#", 1);
        if (getppid() != leader)
            rounds++;
    }
    _exit(0);
}

int main(int count, char **arguments)
{
    if (count < 4)
        return 2;
    state = strtoull(arguments[1], NULL, 10);
    long end = now_millis() + atol(arguments[2]);
    int code = atoi(arguments[3]);
    const char *flags = count > 4 ? arguments[4] : "";
    if (strchr(flags, 'h'))
        signal(SIGHUP, SIG_IGN);
    if (strchr(flags, 't'))
        signal(SIGTERM, SIG_IGN);
    if (strchr(flags, 'i')) {
        signal(SIGINT, SIG_IGN);
        signal(SIGQUIT, SIG_IGN);
        signal(SIGTSTP, SIG_IGN);
    }
    says_errors = strchr(flags, 'e') != NULL;
    if (strchr(flags, 'g'))
        leave_holder();
    while (now_millis() < end) {
        struct pollfd input = { 0, POLLIN, 0 };
        if (poll(&input, 1, (int)next_random(4)) > 0) {
            char bytes[4096];
            ssize_t got = read(0, bytes, sizeof bytes);
            if (got < 0 && errno != EINTR && errno != EAGAIN)
                _exit(HUNG_UP);
            if (got > 0 && listen_to(bytes, got))
                break;
        }
        burst();
    }
    farewell(code);
}
