/* exclusive PROGRAM [WORD...]: makes its terminal exclusive (TIOCEXCL: a later open needs CAP_SYS_ADMIN) and executes the program. */
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(int count, char **words)
{
    if (count < 2 || ioctl(0, TIOCEXCL) < 0)
        return 1;
    execvp(words[1], words + 1);
    perror(words[1]);
    return 1;
}
