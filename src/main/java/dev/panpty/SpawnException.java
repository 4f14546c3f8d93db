package dev.panpty;

import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Limits;
import java.io.IOException;

/**
 * A program could not be started: it has not run, and nothing is left of the attempt. The exception has the step that failed, the errno and
 * what the error is about, so that "No such file or directory" always comes with the file. Immutable, for any thread.
 */
public final class SpawnException extends IOException {

    private static final long serialVersionUID = 1;

    /**
     * What was being done. Up to {@link #EXEC} these are the steps of a new child, in the order in which the trampoline takes them.
     * {@code posix_spawn} does the same but reports only the errno: the step is then one that a check of the files has proved, else
     * {@link #SPAWN}.
     */
    public enum Step {
        /** {@code fork} or {@code clone}. */
        FORK("make a child process"),
        /** {@code setsid}. */
        SESSION("begin a new session"),
        /** {@code TIOCSCTTY}. */
        TERMINAL("make the pts the controlling terminal"),
        /** {@code dup2} to 0, 1 and 2. */
        STDIO("connect standard input, output and error with the pts"),
        /** {@code close_range}. */
        DESCRIPTORS("close all other descriptors"),
        /** {@code sigaction}. */
        SIGNALS("set every signal to its default"),
        /** {@code umask}. */
        UMASK("set the file mode creation mask"),
        /** {@code prlimit}. */
        LIMITS("set a resource limit"),
        /** {@code setpriority}. */
        NICENESS("set the niceness"),
        /** {@code setgroups}. */
        GROUPS("set the supplementary groups"),
        /** {@code setresgid}. */
        GROUP("set the group id"),
        /** {@code setresuid}. */
        USER("set the user id"),
        /** {@code getresuid} and {@code getresgid} afterwards. */
        CREDENTIALS("verify the user and group ids"),
        /** {@code PR_SET_PDEATHSIG}. */
        PARENT_DEATH("ask for a signal at the parent's death"),
        /** Entering the working directory. */
        DIRECTORY("enter the working directory"),
        /** {@code sigprocmask}. */
        MASK("unblock all signals"),
        /** {@code execve} of the program. */
        EXEC("execute the program"),
        /** Opening the reactor, or registering with it. */
        REACTOR("watch the process"),
        /** Making the terminal. */
        OPEN_TERMINAL("open a terminal"),
        /** Opening the child's end of it. */
        PTS("open the child's end of the terminal"),
        /** The program exists, but not the interpreter that its first line names. */
        INTERPRETER("execute the interpreter"),
        /** {@code posix_spawnp}; which of its steps is not known. */
        SPAWN("start the program"),
        /** {@code pidfd_open}: no start fails here, since it is retried until it succeeds. */
        PIDFD("hold on to the new process"),
        /** The trampoline is needed and not available, or a forced strategy does not support the request. */
        STRATEGY("find a way to start the program");

        private final String text;

        Step(String text) {
            this.text = text;
        }

        /** The step of a code of the layers below. */
        static Step of(int code) {
            return values()[code - 1];
        }

        String text() {
            return text;
        }
    }

    /** EMFILE, for the case that the bindings cannot be loaded; the same on x86-64 and aarch64. */
    private static final int EMFILE = 24;

    /** What failed. */
    private final Step step;

    /** The error number, or 0. */
    private final int errno;

    /** Its name, or empty. */
    private final String errnoName;

    /** What it is about. */
    private final String culprit;

    SpawnException(Step step, int errno, String culprit) {
        this(step, errno, errno == 0 ? "" : Errno.name(errno), culprit + numbers(step, errno),
                errno == 0 ? "" : ": " + Errno.describe(errno));
    }

    /** Before native code can be called: without a descriptor the JVM cannot load strerror(3). */
    static SpawnException noDescriptorToBegin(IOException cause) {
        SpawnException exception =
                new SpawnException(Step.REACTOR, EMFILE, "EMFILE", "no descriptor left", ": EMFILE, " + cause.getMessage());
        exception.initCause(cause);
        return exception;
    }

    /** The terminal that was given to a start is closed. */
    static SpawnException terminalClosed(String ptsName) {
        return new SpawnException(Step.OPEN_TERMINAL, Errno.EBADF, ptsName + ", which is closed");
    }

    /** The JVM cannot start a thread of the library, or is out of memory for it. */
    static SpawnException noThread(OutOfMemoryError cause) {
        SpawnException exception = new SpawnException(Step.REACTOR, Errno.EAGAIN, "a thread: " + cause.getMessage());
        exception.initCause(cause);
        return exception;
    }

    /** The number in use and the limit of the resource that has run out; when opening a terminal, also those of terminals. */
    private static String numbers(Step step, int errno) {
        return step == Step.OPEN_TERMINAL && errno == EMFILE ? " (" + PtyLimits.current() + ")" : Limits.numbers(errno);
    }

    private SpawnException(Step step, int errno, String errnoName, String culprit, String description) {
        super("cannot " + step.text + ": " + culprit + description);
        this.step = step;
        this.errno = errno;
        this.errnoName = errnoName;
        this.culprit = culprit;
    }

    /**
     * What was being done when it failed.
     *
     * @return the step
     */
    public Step step() {
        return step;
    }

    /**
     * The error number, see errno(3).
     *
     * @return a positive number, or 0 if no system call failed
     */
    public int errno() {
        return errno;
    }

    /**
     * The error's name.
     *
     * @return such as {@code ENOENT}; empty if no system call failed
     */
    public String errnoName() {
        return errnoName;
    }

    /**
     * What the error is about.
     *
     * @return a path, a name or a reason
     */
    public String culprit() {
        return culprit;
    }
}
