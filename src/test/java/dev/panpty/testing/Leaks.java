package dev.panpty.testing;

import dev.panpty.PtyProcess;
import dev.panpty.Reactor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Compares descriptors, platform threads, children and zombies before and after. Afterwards it polls until nothing is left, since work in
 * the background may take a moment.
 */
public final class Leaks {

    /** Threads of the JVM and its libraries, which come and go by themselves; InnocuousThread frees direct buffers from JDK 26 on. */
    private static final List<String> NOT_OURS = List.of("ForkJoinPool", "VirtualThread-", "CompletableFuture", "surefire", "junit",
            "process reaper", "Common-Cleaner", "InnocuousThread-", "Attach Listener", "Read-Poller", "Write-Poller", "Notification Thread");

    /** What a loop closes when it has been idle for 5 s, whatever the body does. */
    private static final Set<String> IDLE_LOOP = Set.of("anon_inode:[eventpoll]", "anon_inode:[eventfd]");

    private Leaks() {}

    /** Something that may throw. */
    @FunctionalInterface
    public interface Body {
        void run() throws Exception;
    }

    private record Snapshot(Map<Integer, String> descriptors, Set<Thread> threads, Set<String> children) {

        static Snapshot take() throws IOException {
            Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
            threads.removeIf(thread -> NOT_OURS.stream().anyMatch(name -> thread.getName().startsWith(name)));
            return new Snapshot(Descriptors.own(), threads, Children.all());
        }

        /** The resources without their numbers. */
        List<String> kinds() {
            Stream<String> all = Stream.concat(descriptors.values().stream(),
                    Stream.concat(threads.stream().map(Thread::getName), children.stream()));
            return all.map(one -> one.replaceAll("[0-9]+", "N")).sorted().toList();
        }

        List<String> since(Snapshot before) {
            List<String> leaks = new ArrayList<>();
            descriptors.forEach((number, target) -> {
                if (!target.equals(before.descriptors.get(number))) {
                    leaks.add("descriptor " + number + ": " + target);
                }
            });
            before.descriptors.forEach((number, target) -> {
                if (!descriptors.containsKey(number) && !IDLE_LOOP.contains(target)) {
                    leaks.add("closed by the body: descriptor " + number + ": " + target);
                }
            });
            threads.stream().filter(thread -> !before.threads.contains(thread)).forEach(thread -> leaks.add("thread " + thread + List.of(thread.getStackTrace())));
            children.stream().filter(child -> !before.children.contains(child)).forEach(child -> leaks.add("child " + child));
            return leaks;
        }
    }

    /** Runs the body and fails if it leaks. Before that it opens the shared reactor, which it keeps from becoming idle. */
    public static void none(Body body) throws Exception {
        Reactor.Delayed keeping = Reactor.shared().schedule(Duration.ofDays(1), () -> {});
        try {
            try (PtyProcess first = PtyProcess.start("true")) {
                first.waitFor();
            }
            noneAtAll(body);
        } finally {
            keeping.cancel();
        }
    }

    /** {@link #none} that creates nothing before. */
    public static void noneAtAll(Body body) throws Exception {
        Await.until("the JDK has closed its own pipes", () -> !isReaping());
        Snapshot before = Snapshot.take();
        body.run();
        check(() -> Snapshot.take().since(before));
    }

    /** {@link #noneAtAll} that compares only the kinds of resources: the body may replace the shared reactor. */
    public static void noneByKind(Body body) throws Exception {
        List<String> before = Snapshot.take().kinds();
        body.run();
        check(() -> {
            List<String> after = Snapshot.take().kinds();
            return after.equals(before) ? List.of() : List.of("before " + before, "after " + after);
        });
    }

    /** A reaper thread of the JDK closes the pipes of a process, a moment after its waitFor has returned. */
    private static boolean isReaping() {
        return Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().startsWith("process reaper (pid "));
    }

    private static void check(Callable<List<String>> leaks) throws Exception {
        if (!Await.within(Await.DEADLINE, () -> leaks.call().isEmpty())) {
            throw new AssertionError("left behind: " + leaks.call());
        }
    }
}
