package dev.panpty.junit;

import dev.panpty.SessionReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Processes that have left the session of a test's program, by setsid(2) or as a daemon, and outlive it. Those with a parent in the session and
 * those that hold the terminal are known by the end of the session. The others have the test's HOME, which is a folder of this test alone, as HOME
 * or {@value #MARK} in the environment with which they were executed, see {@code /proc/PID/environ} in proc(5).
 */
final class Leftovers {

    /** The variable that names the folder where HOME is another. */
    static final String MARK = "PANPTY_HOME";

    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final long POLL_NANOS = Traffic.millis(5);
    private static final ProcessHandle SELF = ProcessHandle.current();

    private Leftovers() {}

    /**
     * Kills those that the end of a session has found.
     *
     * @throws IOException if some are left
     */
    static void kill(List<SessionReport.Member> left) throws IOException {
        List<ProcessHandle> ofTheTest = left.stream().flatMap(member -> ProcessHandle.of(member.pid()).stream()).filter(Leftovers::isYounger).toList();
        kill(() -> ofTheTest.stream().filter(process -> process.isAlive() && process.info().command().isPresent()).toList()); // a zombie has none
    }

    /** A process older than the JVM is a server that was given the terminal, as tmux(1) gives it to one that runs. */
    private static boolean isYounger(ProcessHandle process) {
        Optional<Instant> own = SELF.info().startInstant();
        return !process.equals(SELF) && process.info().startInstant().filter(began -> own.isPresent() && began.isAfter(own.get())).isPresent();
    }

    /**
     * Kills those with the folder in their environment, and those that they make at that time.
     *
     * @throws IOException if some are left, or {@code /proc} is not available
     */
    static void kill(Path home) throws IOException {
        List<byte[]> variables = Stream.of("HOME", MARK).map(name -> ("\0" + name + "=" + home + "\0").getBytes(StandardCharsets.UTF_8)).toList();
        kill(() -> find(variables));
    }

    private static void kill(Supplier<List<ProcessHandle>> find) throws IOException {
        long end = Waits.end(LIMIT);
        for (List<ProcessHandle> found = find.get(); !found.isEmpty(); found = find.get()) {
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
    private static List<ProcessHandle> find(List<byte[]> variables) {
        return ProcessHandle.allProcesses().filter(process -> !process.equals(SELF) && contains(environment(process.pid()), variables)).toList();
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
    private static boolean contains(byte[] environment, List<byte[]> variables) {
        String all = "\0" + new String(environment, StandardCharsets.ISO_8859_1);
        return variables.stream().anyMatch(variable -> all.contains(new String(variable, StandardCharsets.ISO_8859_1)));
    }
}
