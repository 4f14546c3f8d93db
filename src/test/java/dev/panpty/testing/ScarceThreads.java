package dev.panpty.testing;

import static dev.panpty.testing.FullHost.check;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.Signal;
import dev.panpty.SpawnException.Step;
import dev.panpty.SpawnException;
import dev.panpty.SpawnStrategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** JVMs whose user may have no more processes or threads, see RLIMIT_NPROC in getrlimit(2). */
public final class ScarceThreads {

    private ScarceThreads() {}

    /** Takes all threads that the limit permits; each runs until it is given back. */
    private static final class Taken implements AutoCloseable {

        private static final String NAME = "taken";

        private final Deque<CountDownLatch> ends = new ArrayDeque<>();
        private final Deque<Thread> threads = new ArrayDeque<>();

        Taken() {
            Class<?> loadedNow = FailedToStart.class; // loads it now, while there are threads
            check(loadedNow != null, "no class");
            for (;;) {
                CountDownLatch end = new CountDownLatch(1);
                Thread thread = new Thread(() -> awaitEnd(end), NAME);
                try {
                    thread.start();
                } catch (OutOfMemoryError full) {
                    return;
                }
                ends.push(end);
                threads.push(thread);
            }
        }

        private static void awaitEnd(CountDownLatch end) {
            try {
                end.await();
            } catch (InterruptedException nobodyDoes) {
                throw new AssertionError(nobodyDoes);
            }
        }

        int count() {
            return ends.size();
        }

        void giveBackOne() throws Exception {
            giveBack(1);
        }

        /** Returns when they are available again: join returns a moment before the kernel has freed a thread. */
        private void giveBack(int count) throws Exception {
            for (int i = 0; i < count; i++) {
                ends.pop().countDown();
                threads.pop().join();
            }
            Await.until("the threads are gone", () -> tasks() == count());
        }

        /** Counts the kernel threads with the name of these: the JVM may start threads of its own at any time. */
        private static long tasks() throws IOException {
            try (Stream<Path> tasks = Files.list(Proc.path("self", "task"))) {
                return tasks.filter(Taken::isTaken).count();
            }
        }

        private static boolean isTaken(Path task) {
            try {
                return Files.readString(task.resolve("comm")).equals(NAME + "\n");
            } catch (IOException gone) {
                return false;
            }
        }

        @Override
        public void close() {
            try {
                giveBack(count());
            } catch (Exception failed) {
                throw new AssertionError(failed);
            }
        }
    }

    /** The exception of a failed start. */
    private record FailedToStart(Step step, String errno, String message) {

        /** Starts and waits; empty after a success. */
        static List<FailedToStart> now(Callable<PtyProcess> start) throws Exception {
            try (PtyProcess process = start.call()) {
                check(process.waitFor() == 0, process);
                return List.of();
            } catch (SpawnException failed) {
                return List.of(new FailedToStart(failed.step(), failed.errnoName(), failed.getMessage()));
            }
        }
    }

    /** No free thread at the first use of the library; then they come back one by one. */
    public static final class AtFirst implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Throwable {
            Set<Step> steps = EnumSet.noneOf(Step.class);
            try (Taken taken = new Taken()) {
                List<FailedToStart> failed = FailedToStart.now(() -> PtyProcess.start("true"));
                for (int i = 0; i < 10 && !failed.isEmpty(); i++) {
                    check(failed.getFirst().errno().equals("EAGAIN"), failed);
                    steps.add(failed.getFirst().step());
                    taken.giveBackOne();
                    failed = FailedToStart.now(() -> PtyProcess.start("true"));
                }
                check(failed.isEmpty(), failed);
                check(steps.contains(Step.REACTOR), steps);
            }
            RealUse.all();
        }
    }

    /** No free thread for another child. */
    public static final class Later implements ForkedJvm.Body {

        private static final int TIMES = 20;

        @Override
        public void run(String[] arguments) throws Throwable {
            Leaks.none(() -> {
                RealUse.all();
                try (Taken taken = new Taken()) {
                    for (int i = 0; i < TIMES; i++) {
                        refused(() -> PtyProcess.start("true"));
                    }
                    taken.giveBackOne();
                    check(FailedToStart.now(() -> PtyProcess.start("true")).isEmpty(), "no process was available");
                }
                RealUse.all();
            });
        }

        private static void refused(Callable<PtyProcess> start) throws Exception {
            FailedToStart failed = FailedToStart.now(start).getFirst();
            boolean forked = SpawnStrategy.valueOf(Way.forced().orElseThrow().name()) != SpawnStrategy.POSIX_SPAWN;
            check(failed.step() == (forked ? Step.FORK : Step.SPAWN), failed);
            check(failed.errno().equals("EAGAIN") && failed.message().contains("RLIMIT_NPROC"), failed);
        }
    }

    /** No free thread for the parent of children with a parent-death signal. */
    public static final class ForTheLastingParent implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Throwable {
            PtyProcessBuilder builder = new PtyProcessBuilder("true").parentDeathSignal(Signal.KILL);
            RealUse.all();
            try (Taken taken = new Taken()) {
                check(taken.count() > 0, "no limit");
                FailedToStart failed = FailedToStart.now(builder::start).getFirst();
                check(failed.step() == Step.FORK && failed.errno().equals("EAGAIN"), failed);
            }
            check(FailedToStart.now(builder::start).isEmpty(), "it fails with threads too");
        }
    }

    /** No free carrier for virtual threads while processes exit: waits return, and the futures complete when threads are available again. */
    public static final class AtTheExit implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Throwable {
            try (PtyProcess first = PtyProcess.start("cat"); PtyProcess second = PtyProcess.start("cat")) {
                List<CompletableFuture<?>> futures = List.of(first.onExit(), first.onEnd(), second.onExit(), second.onEnd());
                try (Taken taken = new Taken()) {
                    check(taken.count() > 0, "no limit");
                    for (PtyProcess process : List.of(first, second)) {
                        process.destroy();
                        check(process.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS), process);
                        check(process.getInputStream().readAllBytes().length == 0, process);
                    }
                }
                for (CompletableFuture<?> future : futures) {
                    future.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
                }
            }
        }
    }
}
