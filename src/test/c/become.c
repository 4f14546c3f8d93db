/*
 * become UID COMMAND [ARGUMENT...]
 *
 * Runs the command as this user, in the group of the same number and in no other, whether or not the user database has them.
 * Exit 125: not possible here; standard error has the reason.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CANNOT 125

static int cannot(const char *what)
{
    fprintf(stderr, "become: %s: %s\n", what, strerror(errno));
    return CANNOT;
}

int main(int count, char **words)
{
    errno = EINVAL;
    if (count < 3)
        return cannot("UID COMMAND [ARGUMENT...]");
    unsigned id = (unsigned)strtoul(words[1], NULL, 10);
    if (setgroups(0, NULL) != 0)
        return cannot("setgroups");
    if (setresgid(id, id, id) != 0)
        return cannot("setresgid");
    if (setresuid(id, id, id) != 0)
        return cannot("setresuid");
    execvp(words[2], words + 2);
    return cannot(words[2]);
}
