package dev.panpty.internal.spawn;

import dev.panpty.internal.sys.Directory;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.FileNameEncoding;
import dev.panpty.internal.sys.Result;
import java.util.Arrays;

/**
 * Finds the file for which an exec has failed, see execve(2): the program, the interpreter that its {@code #!} line or its ELF header
 * names, or that interpreter's interpreter. The kernel gives one errno for all of them, so this follows the files in the kernel's order, up
 * to the first that the kernel must have refused. Used by one thread.
 */
final class FailedExec {

    /** How many interpreters the kernel follows. */
    private static final int INTERPRETERS = 5;

    private final int errno;
    private final byte[] program;
    private final Directory directory;
    private final SpawnFailure failure;
    private boolean proved = true;

    // the position of the search
    private byte[] file;
    private byte[] namedBy; // the file that names it; at first the program
    private FileHead naming = FileHead.NONE; // the first bytes of namedBy

    FailedExec(int errno, byte[] program, Directory directory) {
        this.errno = errno;
        this.program = program;
        this.directory = directory;
        file = program;
        namedBy = program;
        failure = search();
    }

    /** The failure, with the file if it was found. */
    SpawnFailure failure() {
        return failure;
    }

    /** Whether a file was found that the kernel must have refused with this errno; else the failure names the program. */
    boolean isProved() {
        return proved;
    }

    private SpawnFailure search() {
        for (int followed = 0; followed <= INTERPRETERS; followed++) {
            if (isRefused()) {
                return ofFile("");
            }
            Result<byte[]> read = directory.head(file, FileHead.BYTES);
            if (read.failed()) {
                return errno == Errno.ENOEXEC ? ofFile(", which may not be read") : unproved();
            }
            FileHead head = new FileHead(read.value());
            if (errno == Errno.ENOEXEC ? !head.namesInterpreter() : head.interpreter().length == 0) {
                return ofLast(head);
            }
            namedBy = file;
            naming = head;
            file = head.interpreter();
        }
        return errno == Errno.ELOOP ? ofProgram(", whose interpreters are scripts, more than the kernel follows") : unproved();
    }

    /** Whether this file alone gives the errno. */
    private boolean isRefused() {
        return directory.execute(file) == -errno || errno == Errno.EACCES && directory.find(inside(file)) == 0;
    }

    /** A path inside it, which exists only if it is a directory: to access(2) a directory may be executed. */
    private static byte[] inside(byte[] path) {
        byte[] inside = Arrays.copyOf(path, path.length + 2);
        inside[path.length] = '/';
        inside[path.length + 1] = '.';
        return inside;
    }

    /** For a file that names no other. */
    private SpawnFailure ofLast(FileHead head) {
        if (errno == Errno.ENOEXEC || head.isInterpreted()) {
            return ofFile(", which " + head.whyNotExecuted());
        }
        if (errno == Errno.ENOENT && head.namesLoader()) {
            namedBy = file;
            return ofInterpreter("the dynamic loader");
        }
        return errno == Errno.ELIBBAD ? ofFile("") : unproved();
    }

    private SpawnFailure unproved() {
        proved = false;
        return ofProgram("");
    }

    private SpawnFailure ofFile(String why) {
        return file == program ? ofProgram(why) : ofInterpreter(FileHead.visible(file) + why);
    }

    private SpawnFailure ofProgram(String why) {
        return new SpawnFailure(SpawnFailure.EXEC, errno, FileNameEncoding.decode(program) + why);
    }

    private SpawnFailure ofInterpreter(String interpreter) {
        String windows = errno == Errno.ENOENT && naming.hasWindowsLineEnd() ? ", whose lines end in \\r\\n as on Windows" : "";
        return SpawnFailure.ofInterpreter(errno, interpreter, namedBy, windows);
    }
}
