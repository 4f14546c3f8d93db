package dev.panpty.internal.spawn;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.Directory;
import dev.panpty.internal.sys.FileNameEncoding;
import java.util.Arrays;

/**
 * Words a failed exec. One errno stands for several causes (ENOENT: the program or its interpreter), so this looks at the files; what
 * it sees decides the wording alone, never whether the start is tried again; but for {@link #judge}.
 */
final class Diagnosis {

    /** How many interpreters of interpreters the kernel follows. */
    private static final int INTERPRETERS = 5;

    private static final byte[] HERE = {'.'};

    private Diagnosis() {}

    /** The failure of {@code posix_spawn}, whose one errno covers everything the child does. */
    static SpawnFailure ofSpawn(int errno, byte[] program, Directory directory, SpawnRequest request) {
        if (errno == Linux.EACCES() && !directory.canExecute(HERE)) {
            return new SpawnFailure(Linux.PANPTY_STEP_DIRECTORY(), errno, text(request.directory().orElse(HERE)));
        }
        SpawnFailure exec = ofExec(errno, program, directory);
        boolean proved = exec.step() == SpawnFailure.INTERPRETER || onlyFromExec(errno)
                || errno == Linux.ENOENT() && directory.find(program) < 0
                || errno == Linux.ENOTDIR() && directory.find(program) < 0
                || errno == Linux.EACCES();
        return proved ? exec : ofChild(SpawnFailure.SPAWN, errno, exec.culprit());
    }

    /** The failure to make a child at all, with what there is too little of. */
    static SpawnFailure ofChild(int step, int errno, String program) {
        String wanting = errno == Linux.EAGAIN() ? " (no more processes or threads, see RLIMIT_NPROC and the cgroup's pids.max)"
                : errno == Linux.ENOMEM() ? " (no more memory, see RLIMIT_AS and the cgroup's memory.max)" : "";
        return new SpawnFailure(step, errno, program + wanting);
    }

    /** The failure of an exec. */
    static SpawnFailure ofExec(int errno, byte[] program, Directory directory) {
        if (errno == Linux.ENOEXEC()) {
            return ofFormat(program, directory);
        }
        boolean missing = errno == Linux.ENOENT() && directory.find(program) == 0;
        boolean forbidden = errno == Linux.EACCES() && directory.canExecute(program) && !isDirectory(program, directory);
        if (missing || forbidden) {
            FileHead head = head(program, directory);
            if (head.isElf()) {
                return ofInterpreter(errno, "the dynamic loader", program, "");
            }
            if (head.interpreter().length > 0) {
                String why = head.hasWindowsLineEnd() ? ", whose lines end in \\r\\n as on Windows" : "";
                return ofInterpreter(errno, FileHead.visible(head.interpreter()), program, why);
            }
            if (head.isInterpreted()) {
                return new SpawnFailure(Linux.PANPTY_STEP_EXEC(), errno, text(program) + ", which " + head.whyNotExecuted());
            }
        }
        return new SpawnFailure(Linux.PANPTY_STEP_EXEC(), errno, text(program));
    }

    /** The kernel knows no format of this file; or of its interpreter, or of that one's. */
    private static SpawnFailure ofFormat(byte[] program, Directory directory) {
        FileHead head = head(program, directory);
        byte[] file = program;
        byte[] script = program;
        for (int followed = 0; head.namesInterpreter() && followed < INTERPRETERS; followed++) {
            script = file;
            file = head.interpreter();
            head = head(file, directory);
        }
        String why = ", which " + head.whyNotExecuted();
        return file == program ? new SpawnFailure(Linux.PANPTY_STEP_EXEC(), Linux.ENOEXEC(), text(program) + why)
                : ofInterpreter(Linux.ENOEXEC(), FileHead.visible(file) + why, script, "");
    }

    private static SpawnFailure ofInterpreter(int errno, String interpreter, byte[] script, String why) {
        return new SpawnFailure(SpawnFailure.INTERPRETER, errno, interpreter + " (the interpreter of " + text(script) + why + ")");
    }

    /** The failure to run a script by the shell: where it is the shell's own, that is its interpreter. */
    static SpawnFailure ofShell(SpawnFailure failure, byte[] script) {
        return failure.step() != Linux.PANPTY_STEP_EXEC() ? failure
                : ofInterpreter(failure.errno(), text(Candidates.SHELL), script, "");
    }

    /** 0 if a file for which the kernel answered ENOEXEC is a script for the shell; else the negative errno that it comes to. */
    static int judge(byte[] program, Directory directory) {
        Directory.Head head = directory.head(program, FileHead.BYTES);
        return head.error() < 0 ? head.error() : new FileHead(head.bytes()).isShellScript() ? 0 : -Linux.ENOEXEC();
    }

    private static FileHead head(byte[] program, Directory directory) {
        return new FileHead(directory.head(program, FileHead.BYTES).bytes());
    }

    private static boolean onlyFromExec(int errno) {
        return errno == Linux.ENOEXEC() || errno == Linux.E2BIG() || errno == Linux.ETXTBSY() || errno == Linux.ELOOP()
                || errno == Linux.EISDIR() || errno == Linux.ELIBBAD() || errno == Linux.ENAMETOOLONG();
    }

    private static boolean isDirectory(byte[] path, Directory directory) {
        byte[] inside = Arrays.copyOf(path, path.length + 2);
        inside[path.length] = '/';
        inside[path.length + 1] = '.';
        return directory.find(inside) == 0;
    }

    /** Bytes as a message shows them. */
    static String text(byte[] bytes) {
        return FileNameEncoding.decode(bytes);
    }
}
