/* Rendered from native-headers/child-setup.txt and native-headers/trampoline.h.in by jextract.sh; do not edit. */
#ifndef PANPTY_TRAMPOLINE_H
#define PANPTY_TRAMPOLINE_H

#include <stdint.h>

/* The steps of a new child, in order. The bit of an optional one in a request's `steps` is 1 << its code. */
enum panpty_step {
    PANPTY_STEP_FORK = 1,              /* make a child process */
    PANPTY_STEP_SESSION = 2,           /* begin a new session */
    PANPTY_STEP_TERMINAL = 3,          /* make the pts the controlling terminal */
    PANPTY_STEP_STDIO = 4,             /* connect standard input, output and error with the pts */
    PANPTY_STEP_DESCRIPTORS = 5,       /* close all other descriptors */
    PANPTY_STEP_SIGNALS = 6,           /* set every signal to its default */
    PANPTY_STEP_UMASK = 7,             /* set the file mode creation mask */
    PANPTY_STEP_LIMITS = 8,            /* set a resource limit */
    PANPTY_STEP_NICENESS = 9,          /* set the niceness */
    PANPTY_STEP_GROUPS = 10,           /* set the supplementary groups */
    PANPTY_STEP_GROUP = 11,            /* set the group id */
    PANPTY_STEP_USER = 12,             /* set the user id */
    PANPTY_STEP_CREDENTIALS = 13,      /* verify the user and group ids */
    PANPTY_STEP_PARENT_DEATH = 14,     /* ask for a signal at the parent's death */
    PANPTY_STEP_DIRECTORY = 15,        /* enter the working directory */
    PANPTY_STEP_MASK = 16,             /* unblock all signals */
    PANPTY_STEP_EXEC = 17,             /* execute the program */
};

/* The texts of the steps, for messages "cannot ...". */
#define PANPTY_TEXT_FORK          "make a child process"
#define PANPTY_TEXT_SESSION       "begin a new session"
#define PANPTY_TEXT_TERMINAL      "make the pts the controlling terminal"
#define PANPTY_TEXT_STDIO         "connect standard input, output and error with the pts"
#define PANPTY_TEXT_DESCRIPTORS   "close all other descriptors"
#define PANPTY_TEXT_SIGNALS       "set every signal to its default"
#define PANPTY_TEXT_UMASK         "set the file mode creation mask"
#define PANPTY_TEXT_LIMITS        "set a resource limit"
#define PANPTY_TEXT_NICENESS      "set the niceness"
#define PANPTY_TEXT_GROUPS        "set the supplementary groups"
#define PANPTY_TEXT_GROUP         "set the group id"
#define PANPTY_TEXT_USER          "set the user id"
#define PANPTY_TEXT_CREDENTIALS   "verify the user and group ids"
#define PANPTY_TEXT_PARENT_DEATH  "ask for a signal at the parent's death"
#define PANPTY_TEXT_DIRECTORY     "enter the working directory"
#define PANPTY_TEXT_MASK          "unblock all signals"
#define PANPTY_TEXT_EXEC          "execute the program"

enum panpty_how {
    PANPTY_CLONE_VFORK = 0,            /* clone(2) in the parent's memory: as fast in a big process as in a small one */
    PANPTY_FORK = 1,                   /* a copy of the parent, as fork(2) makes it: slow in a big process */
};

/* A resource limit as prlimit(2) has it; UINT64_MAX is no limit. */
struct panpty_limit {
    int32_t resource;                  /* RLIMIT_... */
    int32_t reserved;
    uint64_t soft;
    uint64_t hard;
};

/* One start. The caller owns all of it; panpty_spawn keeps no pointer. */
struct panpty_request {
    /* In. */
    uint32_t how;                      /* enum panpty_how */
    uint32_t steps;                    /* the optional steps asked for */
    int32_t without_terminal;          /* 1 if the child is to have no controlling terminal, else 0 */
    int32_t pts;                       /* the child's end, at least 3, opened with O_NOCTTY and O_CLOEXEC */
    int32_t standard_error;            /* what becomes descriptor 2, at least 3; or -1 for the pts */
    uint32_t umask;                    /* for `umask`: 0 to 0777 */
    const struct panpty_limit *limits; /* for `limits`: set in this order */
    uint64_t limit_count;              /* their number */
    int32_t niceness;                  /* for `niceness`: -20 to 19 */
    const uint32_t *groups;            /* for `groups`: supplementary group ids */
    uint64_t group_count;              /* their number */
    uint32_t gid;                      /* for `group` */
    uint32_t uid;                      /* for `user` */
    int32_t parent_death_signal;       /* for `parent_death` */
    int32_t parent_pid;                /* the process that calls panpty_spawn */
    int32_t directory;                 /* opened with O_PATH and O_CLOEXEC, at least 3; -1 for the parent's own */
    const char *const *candidates;     /* paths, tried in this order; ends with NULL */
    char *const *argv;                 /* the program's arguments, argv[0] first; ends with NULL */
    char *const *envp;                 /* its environment; ends with NULL */

    /* Out. */
    int32_t pid;                       /* the child, or -1 */
    int32_t pidfd;                     /* its pidfd, close-on-exec, owned by the caller; -1 where pidfds are not available */
    int32_t failed_step;               /* enum panpty_step, or 0 */
    int32_t error;                     /* the errno of the failure, or 0 */
    int32_t about;                     /* which candidate runs, or which candidate or limit failed, counted from 0 */
};

/*
 * Starts the child. Returns 0 when its program runs, or -1 when a step failed and the child is reaped. Several threads may
 * call it at once, each with its own request. The calling thread blocks all signals until it returns.
 */
int panpty_spawn(struct panpty_request *request);

#endif
