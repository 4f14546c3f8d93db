/*
 * tracer PID: seizes a process that is not its child, see ptrace(2), and lets it run. It prints (seized), or (refused) and the reason. Then
 * it reads commands, a letter each, and answers each:
 *
 *   w     waits until the process has died, and takes its status as its tracer: (waited)
 *   g     continues it after a signal-delivery-stop, as a debugger does: (gone on)
 *
 * At the end of its input it exits and does not wait for the process.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *answer) {
    printf("(%s)\n", answer);
    fflush(stdout);
}

int main(int count, char **arguments) {
    if (count != 2) {
        return 2;
    }
    pid_t process = (pid_t)atol(arguments[1]);
    if (ptrace(PTRACE_SEIZE, process, 0, 0) < 0) {
        printf("(refused) %s\n", strerror(errno));
        return 1;
    }
    say("seized");
    for (int command = getchar(); command != EOF; command = getchar()) {
        int status = 0;
        if (command == 'w') {
            do {
                if (waitpid(process, &status, __WALL) < 0) {
                    return 3;
                }
            } while (WIFSTOPPED(status));
            say("waited");
        } else if (command == 'g') {
            waitpid(process, &status, __WALL);
            ptrace(PTRACE_CONT, process, 0, WSTOPSIG(status));
            say("gone on");
        }
    }
    return 0;
}
