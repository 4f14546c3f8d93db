package dev.panpty.expect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The group of a shell. */
final class ProcessGroup {

    private static final int GROUP = 2; // behind the name in proc_pid_stat(5): state, parent, group

    private ProcessGroup() {}

    /** Whether a child of the process is in the group that the process leads, and has not exited. */
    static boolean hasChildOf(long leader) throws IOException {
        for (ProcessHandle child : ProcessHandle.of(leader).stream().flatMap(ProcessHandle::children).toList()) {
            if (isRunningIn(leader, child.pid())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isRunningIn(long group, long pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return !fields[0].equals("Z") && fields[GROUP].equals(Long.toString(group));
        } catch (NoSuchFileException exited) {
            return false;
        }
    }
}
