package dev.panpty.internal.spawn;

import dev.panpty.internal.sys.Directory;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.FileNameEncoding;
import dev.panpty.internal.sys.Result;

/**
 * Describes a failed exec. One errno has several causes (ENOENT: the program or its interpreter), so this checks the files. What it finds
 * decides the message only, never whether the start is retried; {@link #judge} is the exception.
 */
final class Diagnosis {

    private static final byte[] HERE = {'.'};

    private Diagnosis() {}

    /** The failure of {@code posix_spawn}, whose errno can come from any step of the child. */
    static SpawnFailure ofSpawn(int errno, byte[] program, Directory directory, SpawnRequest request) {
        if (errno == Errno.EACCES && !directory.isCurrent() && directory.execute(HERE) == -errno) {
            return new SpawnFailure(SpawnFailure.DIRECTORY, errno, text(request.directory().orElse(HERE)));
        }
        FailedExec exec = new FailedExec(errno, program, directory);
        return exec.isProved() || onlyFromExec(errno) ? exec.failure() : ofChild(SpawnFailure.SPAWN, errno, exec.failure().culprit());
    }

    /** The failure to make a child, with the limit that may have been reached. */
    static SpawnFailure ofChild(int step, int errno, String program) {
        String limit = errno == Errno.EAGAIN ? " (no more processes or threads, see RLIMIT_NPROC and the cgroup's pids.max)"
                : errno == Errno.ENOMEM ? " (no more memory, see RLIMIT_AS and the cgroup's memory.max)" : "";
        return new SpawnFailure(step, errno, program + limit);
    }

    /**
     * The failure of an exec.
     *
     * @param isOthers whether the child was another user by then, whose permissions cannot be checked here
     */
    static SpawnFailure ofExec(int errno, byte[] program, Directory directory, boolean isOthers) {
        return errno == Errno.EACCES && isOthers ? new SpawnFailure(SpawnFailure.EXEC, errno, text(program))
                : new FailedExec(errno, program, directory).failure();
    }

    /** The failure for a file that exists and for which the kernel has given ENOENT or ENOTDIR. */
    static SpawnFailure ofMissing(byte[] program, Directory directory) {
        FailedExec notThere = new FailedExec(Errno.ENOENT, program, directory);
        FailedExec noDirectory = new FailedExec(Errno.ENOTDIR, program, directory);
        return noDirectory.isProved() ? noDirectory.failure() : notThere.failure();
    }

    /** The failure for a name that is in no directory of the search path. */
    static SpawnFailure notFound(SpawnRequest request) {
        return new SpawnFailure(SpawnFailure.EXEC, Errno.ENOENT, text(request.program()));
    }

    /** The failure to run a script by the shell: a failed exec of the shell is reported as one of the script's interpreter. */
    static SpawnFailure ofShell(SpawnFailure failure, byte[] script) {
        return failure.step() != SpawnFailure.EXEC ? failure
                : SpawnFailure.ofInterpreter(failure.errno(), text(Candidates.SHELL), script, "");
    }

    /** 0 if a file for which the kernel gave ENOEXEC is a script for the shell; else the negative errno to report. */
    static int judge(byte[] program, Directory directory) {
        Result<byte[]> head = directory.head(program, FileHead.BYTES);
        return head.failed() ? head.error() : new FileHead(head.value()).isShellScript() ? 0 : -Errno.ENOEXEC;
    }

    private static boolean onlyFromExec(int errno) {
        return errno == Errno.EACCES || errno == Errno.ENOEXEC || errno == Errno.E2BIG || errno == Errno.ETXTBSY
                || errno == Errno.ELOOP || errno == Errno.EISDIR || errno == Errno.ELIBBAD || errno == Errno.ENAMETOOLONG;
    }

    /** The bytes as text for a message. */
    static String text(byte[] bytes) {
        return FileNameEncoding.decode(bytes);
    }
}
