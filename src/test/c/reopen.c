// Closes a terminal and opens it again, TIMES times, and writes the count, a line, at every EVERY-th time.
//
//   reopen TIMES EVERY [PATH]     its controlling terminal, or the one at the path
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int count, char **arguments) {
    if (count < 3) {
        return 2;
    }
    int times = atoi(arguments[1]);
    int every = atoi(arguments[2]);
    const char *path = count > 3 ? arguments[3] : "/dev/tty";
    for (int i = 1; i <= times; i++) {
        close(0);
        if (i == 1) {
            close(1);
            close(2);
        }
        if (open(path, O_RDWR | O_NOCTTY) != 0) {
            return 3;
        }
        char line[16];
        int length = snprintf(line, sizeof line, "%d\n", i);
        if (i % every == 0 && write(0, line, (size_t) length) != length) {
            return 4;
        }
    }
    return 7;
}
