package dev.panpty.internal.spawn;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.spawn.SpawnResult.Failed;
import dev.panpty.internal.sys.Directory;
import dev.panpty.internal.sys.FileNameEncoding;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Words a failed exec. One errno stands for several causes (ENOENT: the program or its interpreter), so this looks at the files; what
 * it sees decides the wording alone, never whether the start is tried again.
 */
final class Diagnosis {

    /** The kernel itself looks at no more of a script, see BINPRM_BUF_SIZE in its sources. */
    private static final int HEAD_BYTES = 256;

    private static final byte[] HERE = {'.'};

    private Diagnosis() {}

    /** The failure of {@code posix_spawn}, whose one errno covers everything the child does. */
    static Failed ofSpawn(int errno, byte[] program, Directory directory, SpawnRequest request) {
        if (errno == Linux.EACCES() && !directory.canExecute(HERE)) {
            return new Failed(Linux.PANPTY_STEP_DIRECTORY(), errno, text(request.directory().orElse(HERE)));
        }
        Failed exec = ofExec(errno, program, directory);
        boolean proved = exec.step() == SpawnResult.INTERPRETER || onlyFromExec(errno)
                || errno == Linux.ENOENT() && directory.find(program) < 0
                || errno == Linux.ENOTDIR() && directory.find(program) < 0
                || errno == Linux.EACCES();
        return proved ? exec : ofChild(SpawnResult.SPAWN, errno, exec.culprit());
    }

    /** The failure to make a child at all, with what there is too little of. */
    static Failed ofChild(int step, int errno, String program) {
        String wanting = errno == Linux.EAGAIN() ? " (no more processes or threads, see RLIMIT_NPROC and the cgroup's pids.max)"
                : errno == Linux.ENOMEM() ? " (no more memory, see RLIMIT_AS and the cgroup's memory.max)" : "";
        return new Failed(step, errno, program + wanting);
    }

    /** The failure of an exec. */
    static Failed ofExec(int errno, byte[] program, Directory directory) {
        String path = text(program);
        boolean missing = errno == Linux.ENOENT() && directory.find(program) == 0;
        boolean forbidden = errno == Linux.EACCES() && directory.canExecute(program) && !isDirectory(program, directory);
        if (missing || forbidden) {
            String interpreter = interpreter(directory.head(program, HEAD_BYTES));
            if (!interpreter.isEmpty()) {
                return new Failed(SpawnResult.INTERPRETER, errno, interpreter + " (the interpreter of " + path + ")");
            }
        }
        return new Failed(Linux.PANPTY_STEP_EXEC(), errno, path);
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

    /** What executes this file: the program after {@code #!}, the dynamic loader of an ELF file, or empty. */
    private static String interpreter(byte[] head) {
        if (head.length > 2 && head[0] == '#' && head[1] == '!') {
            String line = new String(head, 2, head.length - 2, StandardCharsets.ISO_8859_1).lines().findFirst().orElse("");
            String[] words = line.strip().split("[ \t]", 2);
            return text(words[0].getBytes(StandardCharsets.ISO_8859_1));
        }
        boolean elf = head.length > 4 && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F';
        return elf ? "the dynamic loader" : "";
    }

    /** Bytes as a message shows them. */
    static String text(byte[] bytes) {
        return FileNameEncoding.decode(bytes);
    }
}
