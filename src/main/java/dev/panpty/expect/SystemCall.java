package dev.panpty.expect;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The system call in which a process waits, see proc_pid_syscall(5).
 *
 * @param fields number and arguments; "running" alone if it does not wait
 */
record SystemCall(String[] fields) {

    /** Empty if it may not be seen. */
    static Optional<SystemCall> of(long pid) throws IOException {
        try {
            return Optional.of(new SystemCall(Files.readString(Path.of("/proc/" + pid + "/syscall")).strip().split(" ")));
        } catch (NoSuchFileException | AccessDeniedException hidden) {
            return Optional.empty();
        }
    }

    /** Whether the first argument is this one, such as a descriptor. */
    boolean hasFirst(int value) {
        return fields.length > 1 && fields[1].equals("0x" + Integer.toHexString(value));
    }

    /** The third argument; -1 if it does not wait. */
    long third() {
        return fields.length > 3 ? Long.parseUnsignedLong(fields[3].substring(2), 16) : -1;
    }
}
