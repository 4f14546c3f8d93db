#!/bin/sh
# The only writer of src/generated: Java bindings by jextract, the C trampoline from its table.
#
#   ./jextract.sh                        write src/generated anew; needs jextract: $JEXTRACT_HOME/bin/jextract, one on the PATH,
#                                        or the pinned build below, downloaded once into the user's cache
#   ./jextract.sh --check                fail unless src/generated belongs to native-headers; needs neither jextract nor a network,
#                                        but awk, grep, sed and the coreutils
#   ./jextract.sh --check --regenerate   also run jextract and compare what it writes, comments aside
set -eu
cd "$(dirname "$0")"
LC_ALL=C
export LC_ALL

PACKAGE=dev.panpty.internal.gen
JAVA_OUT=src/generated/java
C_OUT=src/generated/c
BINDINGS=$JAVA_OUT/dev/panpty/internal/gen/Linux.java
TABLE=native-headers/child-setup.txt

# The pinned build, of openjdk/jextract 91fc954 (2025-11-12) or close to it.
PIN_BASE=https://download.java.net/java/early_access/jextract/25/2
PIN_NAME=openjdk-25-jextract+2-4
PIN_SHA256_X64=d0cc481abc1adb16fb9514e1c5e0bfc08d38c29228bece667fb5054ceaffaa42
PIN_SHA256_AARCH64=0e25e6f6efa042f8758eaec65a873887fd2247fcf2e3e22dcfd7e4179fc8b0ae

# Mechanical changes to jextract's output. The first makes it Java 22: findOrThrow came with 23. The second lets a function's address be
# asked for without the class that describes it, and the third keeps its method handle apart: on the way to the first terminal each
# class costs a third of a millisecond and every newly linked shape about 10, and sys.Downcall calls all functions through one.
SUBSTITUTIONS='s/findOrThrow(\("[A-Za-z0-9_]*"\))/find(\1).orElseThrow()/
/^        public static final MemorySegment ADDR = /{
h
x
s/.* ADDR = //
x
}
/^        return [A-Za-z0-9_]*\.ADDR;$/{
g
s/^/        return /
}
s/^        public static final MethodHandle HANDLE = \(.*\)$/        private static class Link {\
            static final MethodHandle HANDLE = \1\
        }/
s/\.HANDLE;$/.Link.HANDLE;/'

fail() {
    echo "jextract.sh: $*" >&2
    exit 1
}

# Whether two files are the same; says how they differ where there is a diff(1).
same() {
    [ "$(sha256sum <"$1")" = "$(sha256sum <"$2")" ] && return
    command -v diff >/dev/null && diff "$1" "$2" >&2
    return 1
}

# Copies a frame from standard input, with what the table of steps $1 says in place of its lines @CODES@, @TEXTS@, @FIELDS@,
# @ACTIONS@ and @CALLS@.
render_frame() {
    awk '
    function read_row(  word) {
        if (/^ /) { body[steps] = body[steps] $0 "\n"; return }
        word = $1
        sub(/^[a-z]+[ \t]*/, "")
        if (word == "step") name[++steps] = $0
        else if (word == "when") when[steps] = $0
        else if (word == "text") text[steps] = $0
        else if (word == "note") note[steps] = note[steps] " " $0
        else if (word == "field") field[++fields] = $0
        else if (word != "" && word !~ /^#/) { print FILENAME ", line " FNR ": what is " word "?" | "cat >&2"; exit 1 }
    }
    function padded(s, width) { return sprintf("%-" width "s", s) }
    function code(i) { return "PANPTY_STEP_" toupper(name[i]) }
    function parameters(i, request, child) {
        if (body[i] !~ /request/) return body[i] ~ /child/ ? child : ""
        return body[i] ~ /child/ ? request ", " child : request
    }
    function comment(s,  word, words, line, i) {
        words = split(s, word, " ")
        if (length(s) <= 114) { print "/* " s " */"; return }
        print "/*"
        for (i = 1; i <= words; i++) {
            if (length(line word[i]) > 116) { print " *" line; line = "" }
            line = line " " word[i]
        }
        print " *" line "\n */"
    }

    NR == FNR { read_row(); next }
    /^@CODES@$/ {
        for (i = 1; i <= steps; i++) print "    " padded(code(i) " = " i ",", 35) "/* " text[i] " */"
        next
    }
    /^@TEXTS@$/ {
        for (i = 1; i <= steps; i++) print "#define " padded("PANPTY_TEXT_" toupper(name[i]), 26) "\"" text[i] "\""
        next
    }
    /^@FIELDS@$/ {
        for (i = 1; i <= fields; i++) {
            end = index(field[i], ";")
            print "    " padded(substr(field[i], 1, end), 35) "/* " substr(field[i], end + 2) " */"
        }
        next
    }
    /^@ACTIONS@$/ {
        for (i = 1; i <= steps; i++) if (when[i] != "parent") {
            comment(toupper(substr(text[i], 1, 1)) substr(text[i], 2) "." note[i])
            signature = parameters(i, "const struct panpty_request *request", "struct child *child")
            print "static long step_" name[i] "(" (signature == "" ? "void" : signature) ")\n{\n" body[i] "}\n"
        }
        next
    }
    /^@CALLS@$/ {
        for (i = 1; i <= steps; i++) if (when[i] != "parent") {
            call = "step_" name[i] "(" parameters(i, "request", "child") ")"
            condition = when[i] == "asked" ? "asked(request, " code(i) ")" : when[i]
            print "    " padded("case " code(i) ":", 32) "return " (condition == "always" ? call : condition " ? " call " : 0") ";"
        }
        next
    }
    { print }
    ' "$1" -
}

# Writes trampoline.h and trampoline.c into the folder $2, from the table of steps $1.
render_trampoline() {
    render_frame "$1" >"$2/trampoline.h" <<'END'
/* Rendered from native-headers/child-setup.txt by jextract.sh; do not edit. */
#ifndef PANPTY_TRAMPOLINE_H
#define PANPTY_TRAMPOLINE_H

#include <stdint.h>

/* The steps of a new child, in order. The bit of an optional one in a request's `steps` is 1 << its code. */
enum panpty_step {
@CODES@
};

/* What a step does: "cannot ...". */
@TEXTS@

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

/* One start. All of it stays the caller's; nothing is kept. */
struct panpty_request {
    /* In. */
    uint32_t how;                      /* enum panpty_how */
    uint32_t steps;                    /* the optional steps asked for */
@FIELDS@

    /* Out. */
    int32_t pid;                       /* the child, or -1 */
    int32_t pidfd;                     /* its pidfd, close-on-exec, the caller's to close; -1 where there are none */
    int32_t failed_step;               /* enum panpty_step, or 0 */
    int32_t error;                     /* the errno of the failure, or 0 */
    int32_t about;                     /* which candidate runs, or which candidate or limit failed, counted from 0 */
};

/*
 * Starts the child and returns 0 when its program runs, or -1 when a step failed; nothing is then left of the child. May be
 * called from several threads at once, each with its own request. Meanwhile the calling thread handles no signal.
 */
int panpty_spawn(struct panpty_request *request);

#endif
END
    render_frame "$1" >"$2/trampoline.c" <<'END'
/* Rendered from native-headers/child-setup.txt by jextract.sh; do not edit. */
#define _GNU_SOURCE
#include "trampoline.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Newer than some C libraries; the same on every architecture. */
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x1000
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

#define STACK_BYTES (512 * 1024)
#define STACK_GUARD_BYTES (64 * 1024)          /* a page, on every machine */
#define GROUPS_MAX 65536                       /* NGROUPS_MAX of the kernel */
#define SIGNAL_SET_BYTES 8L
#define REAP_TRIES 100

/*
 * What parent and child both see, however the child was made: it lies on top of the child's stack, which is shared memory.
 * Nothing else that the child writes need reach the parent, yet in a clone all of it does: errno is the parent thread's.
 */
struct child {
    const struct panpty_request *request;
    int32_t pipe;                      /* the end that the child's exec or death closes */
    int32_t step;                      /* in hand */
    int32_t error;                     /* the errno it failed with, or 0 */
    int32_t about;
};

/* The kernel's struct sigaction, zero for SIG_DFL; aarch64's ends before the restorer. */
struct kernel_action {
    uint64_t handler, flags, restorer, mask;
};

/* Result of a system call, the negative errno in place of -1. */
static long answer(long result)
{
    return result == -1 ? -errno : result;
}

static int asked(const struct panpty_request *request, int step)
{
    return (request->steps >> step & 1) != 0;
}

static int changes_ids(const struct panpty_request *request)
{
    return asked(request, PANPTY_STEP_GROUP) || asked(request, PANPTY_STEP_USER);
}

static long close_range_of(int first, int last)
{
    return first > last ? 0 : syscall(SYS_close_range, (long)first, (long)last, 0L);
}

/* Closes what /proc/self/fd lists from 3 on, but for two. Positions in it are numbers: a close moves no other entry. */
static long close_listed(int spared, int also_spared)
{
    struct {                           /* linux_dirent64, see getdents(2) */
        uint64_t inode, offset;
        unsigned short length;
        char type, name[];
    } *entry;
    uint64_t buffer[512];
    long bytes;
    int directory = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return -errno;
    while ((bytes = syscall(SYS_getdents64, (long)directory, buffer, sizeof buffer)) > 0) {
        for (long at = 0; at < bytes; at += entry->length) {
            int number = 0;
            entry = (void *)((char *)buffer + at);
            for (const char *digit = entry->name; *digit >= '0' && *digit <= '9'; digit++)
                number = 10 * number + (*digit - '0');
            if (number >= 3 && number != spared && number != also_spared && number != directory)
                close(number);
        }
    }
    bytes = answer(bytes);
    close(directory);
    return bytes;
}

/* A process is in its own group, listed or not. */
static int listed(uint32_t group, const uint32_t *groups, long count)
{
    while (count > 0 && groups[count - 1] != group)
        count--;
    return count > 0 || group == getegid();
}

/* Whether the process is in these groups and no others. Never inlined: only who asks shall pay for its big frame. */
__attribute__((noinline)) static int in_these_groups(const uint32_t *groups, long count)
{
    uint32_t own[GROUPS_MAX];
    long own_count = syscall(SYS_getgroups, (long)GROUPS_MAX, own);
    int same = own_count >= 0;
    for (long i = 0; i < own_count; i++)
        same &= listed(own[i], groups, count);
    for (long i = 0; i < count; i++)
        same &= listed(groups[i], own, own_count);
    return same;
}

/* Whether real, effective and saved id are this one; `number` is SYS_getresuid or SYS_getresgid. */
static int ids_are(long number, uint32_t id)
{
    uint32_t real, effective, saved;
    return syscall(number, &real, &effective, &saved) == 0 && real == id && effective == id && saved == id;
}

/*
 * Returns the errno of a path that cannot be executed. ENOEXEC means that the caller may look at the file, so it is not the answer
 * where the child, with its own rights, may not.
 */
static int execute(const struct panpty_request *request, const char *path)
{
    int file;
    execve(path, request->argv, request->envp);
    if (errno != ENOEXEC)
        return errno;
    file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file < 0)
        return errno;
    close(file);
    return ENOEXEC;
}

@ACTIONS@
static long perform(const struct panpty_request *request, struct child *child)
{
    switch (child->step) {
@CALLS@
    default: return -EINVAL;
    }
}

/* The child: step after step up to the exec, or to the first that fails. */
static int run_child(void *argument)
{
    struct child *child = argument;
    long result = 0;
    while (result >= 0) {
        child->step++;
        result = perform(child->request, child);
    }
    child->error = (int32_t)-result;
    return 127;
}

/*
 * A change of ids in shared memory clears the dumpable flag of all who share it, PR_SET_DUMPABLE in prctl(2), and with it
 * an unprivileged JVM's sight of its own /proc/self. While such a child is on its way to the exec the flag must stay clear:
 * that alone keeps the child's new user from tracing it, and so from writing into the parent. So of several at once the
 * first notes the flag and the last restores it.
 */
static pthread_mutex_t dumpable_lock = PTHREAD_MUTEX_INITIALIZER;
static int dumpable_children, dumpable;

static void keep_dumpable(int change)
{
    pthread_mutex_lock(&dumpable_lock);
    if (dumpable_children == 0)
        dumpable = prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L);
    dumpable_children += change;
    if (dumpable_children == 0)
        prctl(PR_SET_DUMPABLE, (long)dumpable, 0L, 0L, 0L);
    pthread_mutex_unlock(&dumpable_lock);
}

/* Returns 0 when the pipe is closed, or the errno of a read that failed. */
static int await_end(int pipe)
{
    char nothing;
    ssize_t count;
    do
        count = read(pipe, &nothing, 1);
    while (count < 0 && errno == EINTR);
    return count < 0 ? errno : 0;
}

/* Tried again whatever the errno: a zombie would stay for good. */
static void reap(struct panpty_request *request, pid_t pid)
{
    for (int tries = 0; tries < REAP_TRIES && waitpid(pid, NULL, 0) < 0 && errno != ECHILD; tries++)
        ;
    close(request->pidfd);
    request->pidfd = -1;
}

/* Makes the child and waits for its exec or its death, which close the pipe. Returns its pid or a negative errno. */
static long run_in_child(struct panpty_request *request, struct child *child)
{
    int shared = request->how == PANPTY_CLONE_VFORK ? CLONE_VM | CLONE_VFORK : 0;
    int ends[2];
    long pid;
    int failure;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -errno;
    child->pipe = fcntl(ends[1], F_DUPFD_CLOEXEC, 3);          /* at 0 to 2 the terminal would take its place */
    pid = child->pipe < 0 ? -errno : 0;
    close(ends[1]);
    if (pid == 0) {
        if (shared && changes_ids(request))
            keep_dumpable(+1);
        pid = answer(clone(run_child, child, SIGCHLD | CLONE_PIDFD | shared, child, &request->pidfd));
        if (pid == -EINVAL)                                    /* an emulator without CLONE_PIDFD */
            pid = answer(clone(run_child, child, SIGCHLD | shared, child));
        if (pid > 0 && request->pidfd < 0)
            request->pidfd = (int32_t)syscall(SYS_pidfd_open, pid, 0L);
        close(child->pipe);
        failure = pid > 0 ? await_end(ends[0]) : 0;
        if (failure != 0 && !shared) {                         /* a clone has come to its exec or its end by now */
            kill((pid_t)pid, SIGKILL);
            reap(request, (pid_t)pid);
            pid = -failure;
        }
        if (shared && changes_ids(request))
            keep_dumpable(-1);
    }
    close(ends[0]);
    return pid;
}

static void start(struct panpty_request *request)
{
    int kind = MAP_SHARED | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE;
    char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, kind, -1, 0);
    struct child *child = (struct child *)(stack + STACK_BYTES) - 1;
    long pid;
    request->failed_step = PANPTY_STEP_FORK;
    if (stack == MAP_FAILED) {
        request->error = errno;
        return;
    }
    child->request = request;
    child->step = PANPTY_STEP_FORK;
    pid = mprotect(stack, STACK_GUARD_BYTES, PROT_NONE) != 0 ? -errno : run_in_child(request, child);
    if (pid < 0) {
        request->error = (int32_t)-pid;
    } else if (child->error == 0 && child->step == PANPTY_STEP_EXEC) {
        request->failed_step = 0;
        request->pid = (int32_t)pid;
    } else {
        request->failed_step = child->step;
        request->error = child->error != 0 ? child->error : ESRCH;     /* 0: it was killed, perhaps by a sandbox */
        reap(request, (pid_t)pid);
    }
    request->about = child->about;
    munmap(stack, STACK_BYTES);
}

__attribute__((visibility("default"))) int panpty_spawn(struct panpty_request *request)
{
    static const uint64_t every_signal = UINT64_MAX;
    uint64_t mask;
    int saved_errno = errno;
    request->pid = request->pidfd = -1;
    request->failed_step = request->error = request->about = 0;
    if (syscall(SYS_rt_sigprocmask, (long)SIG_BLOCK, &every_signal, &mask, SIGNAL_SET_BYTES) == 0) {
        start(request);
        syscall(SYS_rt_sigprocmask, (long)SIG_SETMASK, &mask, NULL, SIGNAL_SET_BYTES);
    } else {
        request->failed_step = PANPTY_STEP_FORK;
        request->error = errno;
    }
    errno = saved_errno;
    return request->failed_step == 0 ? 0 : -1;
}
END
}

inputs_digest() {
    { cat native-headers/linux.h native-headers/includes.txt "$TABLE"; echo "$SUBSTITUTIONS"; } | sha256sum | cut -d ' ' -f 1
}

# Each file of the bindings says in its third line what follows.
check_untouched() {
    for file in "$1"/*.java; do
        recorded=$(sed -n '3s|^// What follows: sha256 ||p' "$file")
        [ "$recorded" = "$(sed 1,3d "$file" | sha256sum | cut -d ' ' -f 1)" ] || fail "$file was edited: run ./jextract.sh"
    done
}

# Every name of includes.txt must be in the bindings: jextract ignores an unknown one in silence.
check_names() {
    missing=$(sed -n 's/^--include-[a-z]* *//p' native-headers/includes.txt | while read -r name; do
        grep -q -E "[ .]$name(\(| )" "$1"/*.java || printf ' %s' "$name"
    done)
    [ -z "$missing" ] || fail "listed in native-headers/includes.txt but not in the bindings:$missing"
}

find_jextract() {
    if [ -n "${JEXTRACT_HOME:-}" ]; then
        [ -x "$JEXTRACT_HOME/bin/jextract" ] || fail "JEXTRACT_HOME is $JEXTRACT_HOME, but $JEXTRACT_HOME/bin/jextract cannot be run"
        JEXTRACT=$JEXTRACT_HOME/bin/jextract
    elif command -v jextract >/dev/null 2>&1; then
        JEXTRACT=$(command -v jextract)
    else
        download_jextract
    fi
}

download_jextract() {
    case $(uname -m) in
        x86_64) platform=linux-x64 sha256=$PIN_SHA256_X64 ;;
        aarch64) platform=linux-aarch64 sha256=$PIN_SHA256_AARCH64 ;;
        *) fail "there is no pinned jextract for $(uname -m): set JEXTRACT_HOME" ;;
    esac
    cache=${XDG_CACHE_HOME:-$HOME/.cache}/panpty/$PIN_NAME
    JEXTRACT=$cache/jextract-25/bin/jextract
    [ -x "$JEXTRACT" ] && return
    mkdir -p "$cache"
    archive=$cache/$platform.tar.gz
    curl --fail --silent --show-error --location --output "$archive" "$PIN_BASE/${PIN_NAME}_${platform}_bin.tar.gz" ||
        fail "no jextract here and no network to fetch it: set JEXTRACT_HOME to one from https://jdk.java.net/jextract/"
    if ! echo "$sha256  $archive" | sha256sum --check --quiet; then
        rm "$archive"
        fail "what was downloaded is not the pinned build: removed"
    fi
    rm -rf "$cache/unpacking" && mkdir "$cache/unpacking"
    tar -xzf "$archive" -C "$cache/unpacking"
    mv "$cache/unpacking"/* "$cache"
    rm -r "$archive" "$cache/unpacking"
    [ -x "$JEXTRACT" ] || fail "the archive has no $JEXTRACT"
}

# Writes the bindings below the folder $1, with the trampoline's header from $2.
write_bindings() {
    find_jextract
    "$JEXTRACT" --output "$1" --target-package "$PACKAGE" --header-class-name Linux \
        -I native-headers -I "$2" @native-headers/includes.txt native-headers/linux.h
    made_by=$("$JEXTRACT" --version 2>&1 | grep -E '^(jextract|LibClang)' | paste -s -d ' ' -)
    for file in "$1"/dev/panpty/internal/gen/*.java; do
        sed -e 's/[[:space:]]*$//' -e "$SUBSTITUTIONS" "$file" >"$file.new"
        {
            echo "// Written by jextract.sh with $made_by; do not edit."
            echo "// Inputs: sha256 $(inputs_digest)"
            echo "// What follows: sha256 $(sha256sum <"$file.new" | cut -d ' ' -f 1)"
            cat "$file.new"
        } >"$file"
        rm "$file.new"
    done
    check_names "$1/dev/panpty/internal/gen"
}

without_comments() {
    grep -v -E '^ *(//|/\*|\*)' "$1"
}

# Fails unless both folders hold the same bindings, comments aside.
compare_bindings() {
    for file in "$1"/dev/panpty/internal/gen/*.java; do
        name=$(basename "$file")
        without_comments "$file" >"$scratch/fresh"
        without_comments "$JAVA_OUT/dev/panpty/internal/gen/$name" >"$scratch/committed" || fail "not committed: $name"
        same "$scratch/committed" "$scratch/fresh" || fail "jextract writes another $name than the committed one"
    done
}

check=false regenerate=false
for argument in "$@"; do
    case $argument in
        --check) check=true ;;
        --regenerate) regenerate=true ;;
        *) fail "unknown argument $argument; see the head of this script" ;;
    esac
done
$regenerate && ! $check && fail "--regenerate goes with --check"

for tool in awk grep sed sha256sum mktemp; do
    command -v "$tool" >/dev/null || fail "the build needs awk, grep, sed and the coreutils, and there is no $tool here"
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/c" "$scratch/java"
render_trampoline "$TABLE" "$scratch/c"

if $check; then
    recorded=$(sed -n 's|^// Inputs: sha256 ||p' "$BINDINGS")
    [ "$recorded" = "$(inputs_digest)" ] || fail "native-headers and src/generated disagree: run ./jextract.sh"
    check_names "$(dirname "$BINDINGS")"
    check_untouched "$(dirname "$BINDINGS")"
    for file in trampoline.c trampoline.h; do
        same "$C_OUT/$file" "$scratch/c/$file" || fail "$C_OUT/$file is not what $TABLE renders to: run ./jextract.sh"
    done
    if $regenerate; then
        write_bindings "$scratch/java" "$scratch/c"
        compare_bindings "$scratch/java"
    fi
else
    write_bindings "$scratch/java" "$scratch/c"
    rm -rf "$JAVA_OUT" "$C_OUT"
    mkdir -p "$JAVA_OUT" "$C_OUT"
    cp -r "$scratch/java/." "$JAVA_OUT"
    cp "$scratch/c/"* "$C_OUT"
fi
