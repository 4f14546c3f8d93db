package dev.panpty.sshd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The processes of the session that a program on pipes leads, found by the session numbers in {@code /proc/PID/stat}, see proc(5). For one
 * thread, which waits.
 */
final class ProcessSession {

    private static final long POLL_MILLIS = 20;
    private static final long AFTER_KILL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int STATE = 0; // the fields behind the name
    private static final int SESSION = 3;

    private final Process leader;

    ProcessSession(Process leader) {
        this.leader = leader;
    }

    /** SIGTERM, the grace time, SIGKILL; returns when no member is left, a second after the SIGKILL at most. */
    void terminate(Duration grace) {
        long killAt = System.nanoTime() + Math.clamp(TimeUnit.NANOSECONDS.convert(grace), 0, Long.MAX_VALUE / 2);
        try {
            boolean isEmpty = signal(ProcessHandle::destroy, killAt) || signal(ProcessHandle::destroyForcibly, killAt + AFTER_KILL_NANOS);
            if (!isEmpty) {
                ChannelCommand.LOG.log(System.Logger.Level.WARNING, "of the session of " + leader + " are left: " + members());
            }
        } catch (IOException | InterruptedException | ExecutionException failed) {
            ChannelCommand.LOG.log(System.Logger.Level.WARNING, "the session of " + leader + " was not ended", failed);
        }
    }

    /** Signals the members, and those that join later, until none is left: true; or until the deadline. */
    private boolean signal(Consumer<ProcessHandle> signal, long deadline) throws IOException, InterruptedException, ExecutionException {
        List<ProcessHandle> signalled = new ArrayList<>();
        List<ProcessHandle> members = members();
        while (!members.isEmpty() && System.nanoTime() - deadline < 0) {
            members.stream().filter(member -> !signalled.contains(member)).forEach(signal);
            signalled.addAll(members);
            awaitOne(members);
            members = members();
        }
        return members.isEmpty();
    }

    /** Returns when one has ended, or a moment later: a member may join without an event, and of other processes' children the JDK polls. */
    private static void awaitOne(List<ProcessHandle> members) throws InterruptedException, ExecutionException {
        CompletableFuture<?>[] ends = members.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.anyOf(ends).get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException noneHasEnded) {
            // The members are listed again.
        }
    }

    private List<ProcessHandle> members() throws IOException {
        List<ProcessHandle> members = new ArrayList<>();
        if (leader.isAlive()) {
            members.add(leader.toHandle()); // also before setsid(2)
        } else if (ProcessHandle.of(leader.pid()).isPresent()) {
            return members; // the number, and the session's, have passed to another process
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (pid != leader.pid() && isMember(process)) {
                    // The handle has the start time, by which a later process of the number is told apart; read before the second look.
                    ProcessHandle.of(pid).filter(handle -> isMember(process)).ifPresent(members::add);
                }
            }
        }
        return members;
    }

    private boolean isMember(Path process) {
        Optional<String> stat = read(process.resolve("stat"));
        if (stat.isEmpty()) {
            return false;
        }
        String[] fields = stat.get().substring(stat.get().lastIndexOf(')') + 2).split(" ");
        return fields[SESSION].equals(Long.toString(leader.pid())) && !fields[STATE].equals("Z");
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        } catch (IOException exited) {
            return Optional.empty();
        }
    }
}
