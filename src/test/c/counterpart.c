/*
 * The child program of the benchmarks, the same for every contestant. It makes its terminal raw, except as `lines`; pipes in place of a
 * terminal are left as they are.
 *
 *   counterpart write MIB   writes MIB MiB
 *   counterpart lines MIB   the same in lines of 80 bytes on a cooked terminal: each newline becomes two bytes
 *   counterpart echo        writes "R" when it is ready, then every byte that it reads, until the hang-up
 *   counterpart sum MIB     writes "R" when it is ready, reads MIB MiB, then writes their FNV-1a hash in hexadecimal
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define BUFFER_BYTES (64 * 1024)
#define LINE_BYTES 80
#define MIB (1024L * 1024)
#define FNV_OFFSET 0xcbf29ce484222325u
#define FNV_PRIME 0x100000001b3u

static char buffer[BUFFER_BYTES];

static void require(int good, const char *what)
{
    if (!good) {
        fprintf(stderr, "counterpart: %s: %s\n", what, strerror(errno));
        exit(1);
    }
}

static void write_all(const char *from, long bytes)
{
    while (bytes > 0) {
        ssize_t count = write(1, from, (size_t)bytes);
        require(count > 0, "write");
        from += count;
        bytes -= count;
    }
}

static void make_raw(void)
{
    struct termios attributes;
    if (tcgetattr(0, &attributes) < 0)
        return;
    cfmakeraw(&attributes);
    require(tcsetattr(0, TCSANOW, &attributes) == 0, "tcsetattr");
}

static void produce(long bytes)
{
    for (long left = bytes; left > 0; left -= BUFFER_BYTES)
        write_all(buffer, left < BUFFER_BYTES ? left : BUFFER_BYTES);
}

static void produce_lines(long bytes)
{
    long whole = BUFFER_BYTES - BUFFER_BYTES % LINE_BYTES;
    memset(buffer, '0', sizeof buffer);
    for (long i = LINE_BYTES - 1; i < whole; i += LINE_BYTES)
        buffer[i] = '\n';
    for (long left = bytes; left > 0; left -= whole)
        write_all(buffer, left < whole ? left : whole);
}

static void echo(void)
{
    ssize_t count;
    write_all("R", 1);
    while ((count = read(0, buffer, sizeof buffer)) > 0)
        write_all(buffer, count);
}

static void sum(long bytes)
{
    uint64_t hash = FNV_OFFSET;
    write_all("R", 1);
    while (bytes > 0) {
        ssize_t count = read(0, buffer, sizeof buffer);
        require(count > 0, "read");
        for (ssize_t i = 0; i < count; i++)
            hash = (hash ^ (unsigned char)buffer[i]) * FNV_PRIME;
        bytes -= count;
    }
    printf("%016lx", (unsigned long)hash);
}

int main(int count, char **words)
{
    const char *role = count > 1 ? words[1] : "";
    long bytes = count > 2 ? atol(words[2]) * MIB : 0;
    if (strcmp(role, "lines") == 0) {
        produce_lines(bytes);
        return 0;
    }
    make_raw();
    if (strcmp(role, "write") == 0)
        produce(bytes);
    else if (strcmp(role, "echo") == 0)
        echo();
    else if (strcmp(role, "sum") == 0)
        sum(bytes);
    else
        require(0, "usage: counterpart write|lines|echo|sum [MIB]");
    return 0;
}
