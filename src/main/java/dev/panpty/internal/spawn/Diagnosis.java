package dev.panpty.internal.spawn;

import dev.panpty.internal.sys.Directory;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.FileNameEncoding;
import dev.panpty.internal.sys.Result;

/**
 * Words a failed exec. One errno stands for several causes (ENOENT: the program or its interpreter), so this looks at the files; what
 * it sees decides the wording alone, never whether the start is tried again; but for {@link #judge}.
 */
final class Diagnosis {

    private static final byte[] HERE = {'.'};

    private Diagnosis() {}

    /** The failure of {@code posix_spawn}, whose one errno covers everything the child does. */
    static SpawnFailure ofSpawn(int errno, byte[] program, Directory directory, SpawnRequest request) {
        if (errno == Errno.EACCES && !directory.isCurrent() && directory.execute(HERE) == -errno) {
            return new SpawnFailure(SpawnFailure.DIRECTORY, errno, text(request.directory().orElse(HERE)));
        }
        FailedExec exec = new FailedExec(errno, program, directory);
        return exec.isProved() || onlyFromExec(errno) ? exec.failure() : ofChild(SpawnFailure.SPAWN, errno, exec.failure().culprit());
    }

    /** The failure to make a child at all, with what there is too little of. */
    static SpawnFailure ofChild(int step, int errno, String program) {
        String wanting = errno == Errno.EAGAIN ? " (no more processes or threads, see RLIMIT_NPROC and the cgroup's pids.max)"
                : errno == Errno.ENOMEM ? " (no more memory, see RLIMIT_AS and the cgroup's memory.max)" : "";
        return new SpawnFailure(step, errno, program + wanting);
    }

    /**
     * The failure of an exec.
     *
     * @param isOthers whether the child was another user by then: what that may not do cannot be seen here
     */
    static SpawnFailure ofExec(int errno, byte[] program, Directory directory, boolean isOthers) {
        return errno == Errno.EACCES && isOthers ? new SpawnFailure(SpawnFailure.EXEC, errno, text(program))
                : new FailedExec(errno, program, directory).failure();
    }

    /** A file that is there, and that the kernel has answered ENOENT or ENOTDIR for. */
    static SpawnFailure ofMissing(byte[] program, Directory directory) {
        FailedExec notThere = new FailedExec(Errno.ENOENT, program, directory);
        FailedExec noDirectory = new FailedExec(Errno.ENOTDIR, program, directory);
        return noDirectory.isProved() ? noDirectory.failure() : notThere.failure();
    }

    /** A name that is in no directory of the search path. */
    static SpawnFailure notFound(SpawnRequest request) {
        return new SpawnFailure(SpawnFailure.EXEC, Errno.ENOENT, text(request.program()));
    }

    /** The failure to run a script by the shell: where it is the shell's own, that is its interpreter. */
    static SpawnFailure ofShell(SpawnFailure failure, byte[] script) {
        return failure.step() != SpawnFailure.EXEC ? failure
                : SpawnFailure.ofInterpreter(failure.errno(), text(Candidates.SHELL), script, "");
    }

    /** 0 if a file for which the kernel answered ENOEXEC is a script for the shell; else the negative errno that it comes to. */
    static int judge(byte[] program, Directory directory) {
        Result<byte[]> head = directory.head(program, FileHead.BYTES);
        return head.failed() ? head.error() : new FileHead(head.value()).isShellScript() ? 0 : -Errno.ENOEXEC;
    }

    private static boolean onlyFromExec(int errno) {
        return errno == Errno.EACCES || errno == Errno.ENOEXEC || errno == Errno.E2BIG || errno == Errno.ETXTBSY
                || errno == Errno.ELOOP || errno == Errno.EISDIR || errno == Errno.ELIBBAD || errno == Errno.ENAMETOOLONG;
    }

    /** Bytes as a message shows them. */
    static String text(byte[] bytes) {
        return FileNameEncoding.decode(bytes);
    }
}
