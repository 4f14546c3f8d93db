package dev.panpty.junit;

import dev.panpty.PtyProcessBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * The programs of one test, one invocation of it where it has several. For any thread.
 *
 * <pre>
 *   open --end--> ended: start is refused, as by a thread that outlives its test
 * </pre>
 */
final class TestSession {

    private static final Set<String> INHERITED = Set.of("PATH", "USER", "LOGNAME", "TMPDIR");

    private final Options options;
    private final String className;
    private final String name;
    private final Recordings recordings;
    private final ReentrantLock lock = new ReentrantLock();

    // All below is read and written under the lock.
    private final List<TestTerminal> terminals = new ArrayList<>();
    private Optional<Path> home = Optional.empty();
    private Optional<TestTerminal> first = Optional.empty();
    private boolean hasFailed;
    private boolean ended;

    TestSession(Options options, String className, String name) {
        this.options = options;
        this.className = className;
        this.name = name;
        recordings = new Recordings(className, name);
    }

    Options options() {
        return options;
    }

    String className() {
        return className;
    }

    String name() {
        return name;
    }

    Recordings recordings() {
        return recordings;
    }

    Path home() {
        lock.lock();
        try {
            requireOpen();
            if (home.isEmpty()) {
                home = Optional.of(Files.createTempDirectory("panpty-home").toRealPath());
            }
            return home.get();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot make a folder for HOME", failed);
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        if (ended) {
            throw new IllegalStateException("the test " + name + " has ended");
        }
    }

    PtyProcessBuilder builder(List<String> command) {
        PtyProcessBuilder builder = new PtyProcessBuilder(command).windowSize(options.size());
        Map<String, String> environment = builder.environment();
        Map<String, String> inherited = Map.copyOf(environment);
        environment.keySet().removeIf(variable -> !INHERITED.contains(variable));
        environment.putAll(Map.of("TERM", "xterm-256color", "LANG", "C.UTF-8", "SHELL", "/bin/sh", "TZ", "UTC", "HOME", home().toString()));
        for (String variable : options.environment()) {
            int equals = variable.indexOf('=');
            if (equals >= 0) {
                environment.put(variable.substring(0, equals), variable.substring(equals + 1));
            } else if (inherited.containsKey(variable)) {
                environment.put(variable, inherited.get(variable));
            }
        }
        if (!home().toString().equals(environment.get("HOME"))) {
            environment.put(Leftovers.MARK, home().toString());
        }
        return builder;
    }

    TestTerminal start(PtyProcessBuilder builder) throws IOException {
        lock.lock();
        try {
            requireOpen();
            TestTerminal terminal = new TestTerminal(new Started(this, builder));
            terminals.add(terminal);
            return terminal;
        } finally {
            lock.unlock();
        }
    }

    /** The program that the annotation names; the same one at each call. */
    TestTerminal first() throws IOException {
        lock.lock();
        try {
            if (first.isEmpty()) {
                first = Optional.of(start(builder(options.command())));
            }
            return first.get();
        } finally {
            lock.unlock();
        }
    }

    private static boolean isFailure(Throwable thrown) {
        return !(thrown instanceof TestAbortedException);
    }

    /** Adds the terminals that the failure does not show. */
    void show(Throwable thrown) {
        lock.lock();
        try {
            for (TestTerminal terminal : terminals) {
                boolean isShown = thrown instanceof TerminalFailure failure && failure.shows(terminal.report());
                if (isFailure(thrown) && !isShown && !isSuppressed(thrown, terminal)) {
                    thrown.addSuppressed(new TerminalAtFailure(terminal.report()));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Of a part of the test. */
    void failed(Throwable thrown) {
        lock.lock();
        try {
            hasFailed |= isFailure(thrown);
        } finally {
            lock.unlock();
        }
        show(thrown);
    }

    /** As by JUnit's time limit, which keeps the failure of the wait that it has interrupted. */
    private static boolean isSuppressed(Throwable thrown, TestTerminal terminal) {
        return Stream.of(thrown.getSuppressed()).anyMatch(failure -> failure instanceof TerminalFailure shown && shown.shows(terminal.report()));
    }

    /**
     * Ends all programs and deletes HOME. Returns when no process of the test is left; an interrupt does not shorten it.
     *
     * @throws IOException if some cannot be ended
     */
    void end(Optional<Throwable> thrown) throws IOException {
        List<TestTerminal> open;
        boolean isRed;
        lock.lock();
        try {
            ended = true;
            isRed = hasFailed || thrown.filter(TestSession::isFailure).isPresent();
            open = List.copyOf(terminals).reversed();
        } finally {
            lock.unlock();
        }
        try {
            CompletableFuture.runAsync(() -> end(open), Thread::startVirtualThread).join();
            recordings.end(isRed);
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof IOException ending) {
                throw ending;
            }
            throw failed;
        }
    }

    private void end(List<TestTerminal> open) {
        List<Exception> failures = new ArrayList<>();
        for (TestTerminal terminal : open) {
            attempt(failures, terminal::close);
        }
        Optional<Path> used = home; // not written any more: the session has ended
        used.ifPresent(folder -> {
            attempt(failures, () -> Leftovers.kill(folder));
            attempt(failures, () -> delete(folder));
        });
        if (!failures.isEmpty()) {
            IOException failure = new IOException("the programs of " + name + " cannot be ended: " + failures.getFirst().getMessage());
            failures.forEach(failure::addSuppressed);
            throw new CompletionException(failure);
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /** What fails does not keep the other steps from being taken. */
    private static void attempt(List<Exception> failures, Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException failed) {
            failures.add(failed);
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------")); // a program may have made it read-only
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
