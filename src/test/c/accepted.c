// Ignores SIGHUP, writes to its terminal, and counts the bytes that write(2) accepts. At the end it writes their number to a temporary
// file and renames that to FILE.
//
//   accepted FILE raw|cooked once BYTES     one write of BYTES bytes; a rest that the kernel does not accept is not written
//   accepted FILE raw|cooked flood BYTES    writes of BYTES bytes, until one fails
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static int report(const char *file, long accepted) {
    char other[4096];
    snprintf(other, sizeof other, "%s.new", file);
    FILE *out = fopen(other, "w");
    if (!out || fprintf(out, "%ld\n", accepted) < 0 || fclose(out) != 0) {
        return 3;
    }
    return rename(other, file) == 0 ? 7 : 4;
}

int main(int count, char **arguments) {
    if (count != 5) {
        return 2;
    }
    signal(SIGHUP, SIG_IGN);
    struct termios termios;
    if (tcgetattr(1, &termios) != 0) {
        return 2;
    }
    if (strcmp(arguments[2], "raw") == 0) {
        cfmakeraw(&termios);
    }
    if (tcsetattr(1, TCSANOW, &termios) != 0) {
        return 2;
    }
    size_t size = strtoul(arguments[4], NULL, 10);
    char *bytes = malloc(size);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = i % 64 == 63 ? '\n' : (char) ('a' + i % 26);
    }
    int once = strcmp(arguments[3], "once") == 0;
    long accepted = 0;
    ssize_t written;
    do {
        written = write(1, bytes, size);
        accepted += written > 0 ? written : 0;
    } while (written >= 0 && !once);
    return report(arguments[1], accepted);
}
