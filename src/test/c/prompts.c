/*
 * prompts KIND ROUNDS MILLIS
 *
 * Asks for two passwords, ROUNDS times, and prints after each round which it got. Between two steps it sleeps, every other time, for up to
 * MILLIS. The kinds:
 *
 *   readpassphrase  as readpassphrase(3) of libbsd: echo off, prompt, answer, newline, echo on
 *   getpass         getpass(3) of the C library, without any sleep
 *   early           the prompt before the echo is off, as bash(1) does, and the newline after it is on again
 *   textless        no prompt: echo off, answer, newline, echo on
 *   once            echo stays off from the first prompt to the second answer, as by stty(1) around read(1p)
 */
#define _DEFAULT_SOURCE
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define LENGTH 64

static long millis;

static void rest(void)
{
    if (millis > 0 && rand() % 2 == 0)
        usleep((useconds_t)(rand() % (millis * 1000)));
}

static void say(int terminal, const char *text)
{
    if (write(terminal, text, strlen(text)) < 0)
        exit(2);
    rest();
}

static void set(int terminal, const struct termios *mode)
{
    if (tcsetattr(terminal, TCSAFLUSH, mode) < 0)
        exit(3);
    rest();
}

static struct termios silent(const struct termios *mode)
{
    struct termios changed = *mode;
    changed.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    return changed;
}

/* Byte by byte, as readpassphrase does. */
static void answer(int terminal, char *target)
{
    size_t length = 0;
    char next;
    while (read(terminal, &next, 1) == 1 && next != '\n' && next != '\r')
        if (length < LENGTH - 1)
            target[length++] = next;
    target[length] = '\0';
    rest();
}

static void ask(int terminal, const char *kind, const char *prompt, char *target)
{
    struct termios before, off;
    if (strcmp(kind, "getpass") == 0) {
        const char *got = getpass(prompt);
        snprintf(target, LENGTH, "%s", got == NULL ? "" : got);
        return;
    }
    if (tcgetattr(terminal, &before) < 0)
        exit(4);
    off = silent(&before);
    if (strcmp(kind, "early") == 0)
        say(terminal, prompt);
    set(terminal, &off);
    if (strcmp(kind, "readpassphrase") == 0)
        say(terminal, prompt);
    answer(terminal, target);
    if (strcmp(kind, "early") != 0)
        say(terminal, "\n");
    set(terminal, &before);
    if (strcmp(kind, "early") == 0)
        say(terminal, "\n");
}

static void ask_once(int terminal, char *first, char *second)
{
    struct termios before, off;
    if (tcgetattr(terminal, &before) < 0)
        exit(4);
    off = silent(&before);
    set(terminal, &off);
    say(terminal, "First: ");
    answer(terminal, first);
    say(terminal, "\n");
    say(terminal, "Second: ");
    answer(terminal, second);
    say(terminal, "\n");
    set(terminal, &before);
}

int main(int count, char **words)
{
    char first[LENGTH], second[LENGTH];
    int terminal = open("/dev/tty", O_RDWR);
    if (count != 4 || terminal < 0)
        return 1;
    millis = atol(words[3]);
    srand((unsigned)time(NULL) ^ (unsigned)getpid());
    for (long round = 0; round < atol(words[2]); round++) {
        if (strcmp(words[1], "once") == 0) {
            ask_once(terminal, first, second);
        } else {
            ask(terminal, words[1], "First: ", first);
            ask(terminal, words[1], "Second: ", second);
        }
        printf("got <%s> <%s>\n", first, second);
        fflush(stdout);
        getchar(); /* a byte of input requests the next round */
    }
    return 0;
}
