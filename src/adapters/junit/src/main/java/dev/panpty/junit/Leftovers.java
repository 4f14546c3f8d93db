package dev.panpty.junit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Processes that have left the session of a test's program, by setsid(2) or as a daemon, and outlive it. They have the test's HOME, which is
 * a folder of this test alone, in the environment with which they were executed, see {@code /proc/PID/environ} in proc(5).
 */
final class Leftovers {

    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final long POLL_NANOS = Traffic.millis(5);
    private static final long SELF = ProcessHandle.current().pid();

    private Leftovers() {}

    /**
     * Kills them, and those that they make at that time.
     *
     * @throws IOException if some are left, or {@code /proc} is not available
     */
    static void kill(Path home) throws IOException {
        byte[] variable = ("\0HOME=" + home + "\0").getBytes(StandardCharsets.UTF_8);
        long end = Waits.end(LIMIT);
        for (List<ProcessHandle> found = find(variable); !found.isEmpty(); found = find(variable)) {
            for (ProcessHandle process : found) {
                process.destroyForcibly();
            }
            LockSupport.parkNanos(POLL_NANOS); // the exit of a process that is no child of the JVM can only be polled for
            if (System.nanoTime() - end >= 0) {
                throw new IOException("processes of the test that cannot be killed: " + found.stream().map(Leftovers::name).collect(Collectors.joining(", ")));
            }
        }
    }

    private static String name(ProcessHandle process) {
        return process.pid() + process.info().command().map(command -> " " + command).orElse("");
    }

    /** A handle is taken before the environment is read, so that it is not of a later process with that number. */
    private static List<ProcessHandle> find(byte[] variable) {
        return ProcessHandle.allProcesses().filter(process -> process.pid() != SELF && contains(environment(process.pid()), variable)).toList();
    }

    /** Empty if it has exited, is a kernel thread, or is of another user. */
    private static byte[] environment(long pid) {
        try {
            return Files.readAllBytes(Path.of("/proc", Long.toString(pid), "environ"));
        } catch (IOException notReadable) {
            return new byte[0];
        }
    }

    /** The environment has no NUL in front of its first variable. */
    private static boolean contains(byte[] environment, byte[] variable) {
        return ("\0" + new String(environment, StandardCharsets.ISO_8859_1)).contains(new String(variable, StandardCharsets.ISO_8859_1));
    }
}
