package dev.panpty.testing;

import dev.panpty.ProcessProtocol;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.SpawnException;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;

/**
 * A JVM that starts programs while it lowers its limit on descriptors step by step, repeatedly. After a failed start the file that the
 * program would create does not exist; after a successful start the program ends normally. Arguments: the number of starts, and the number
 * of threads that open and close descriptors at the same time.
 */
public final class StartsAtLimit implements ForkedJvm.Body {

    private static final int LIMIT_SECONDS = 30;
    private static final int STARTS_AT_EACH_STEP = 5;
    private static final int MOST_LEFT = 8; // more than a start needs

    private final List<Path> never = new ArrayList<>();
    private Path folder;
    private int succeeded;
    private volatile boolean over;

    @Override
    public void run(String[] arguments) throws Throwable {
        int starts = Integer.parseInt(arguments[0]);
        folder = Files.createTempDirectory("panpty-limit");
        start(0); // loads all classes, those of a failure too
        start(1);
        FullHost.failure(new PtyProcessBuilder("/nowhere"));
        Leaks.noneAtAll(() -> {
            List<Thread> meddlers = meddlers(Integer.parseInt(arguments[1]));
            try (Libc.SoftLimit limit = new Libc.SoftLimit(Libc.RLIMIT_NOFILE)) {
                while (succeeded + never.size() < starts) {
                    lower(limit);
                }
            }
            over = true;
            for (Thread meddler : meddlers) {
                meddler.join();
            }
        });
        for (Path file : never) {
            FullHost.check(Files.notExists(file), "the program of a failed start has run: " + file);
        }
        System.out.println(succeeded + " starts succeeded, " + never.size() + " failed");
        FullHost.check(succeeded >= starts / 10, "succeeded: " + succeeded + " of " + starts);
        FullHost.check(never.size() >= starts / 10, "failed: " + never.size() + " of " + starts);
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /** Lowers the limit, with so many free numbers at first and fewer each time. */
    private void lower(Libc.SoftLimit limit) throws Exception {
        for (int left = MOST_LEFT; left >= 0; left--) {
            limit.restore();
            limit.lower(limitThatLeaves(left));
            for (int i = 0; i < STARTS_AT_EACH_STEP; i++) {
                start(i);
            }
        }
        limit.restore();
    }

    /** The limit below which so many descriptor numbers are free now. */
    public static int limitThatLeaves(int left) throws IOException {
        SortedMap<Integer, String> open = Descriptors.of("self");
        open.values().removeIf(target -> target.endsWith("/fd")); // the descriptor that lists them
        Set<Integer> used = open.keySet();
        int limit = 0;
        for (int unused = 0; unused < left || used.contains(limit); limit++) {
            unused += used.contains(limit) ? 0 : 1;
        }
        return limit;
    }

    private void start(int number) throws Exception {
        Path file = folder.resolve("made-" + (succeeded + never.size()));
        PtyProcessBuilder builder = new PtyProcessBuilder("/bin/sh", "-c", ": >" + file + "; exit 7");
        PtyProcess process;
        try {
            process = number % 2 == 0 ? builder.start() : builder.start(new ProcessProtocol() {});
        } catch (SpawnException failed) {
            FullHost.check(failed.errnoName().equals("EMFILE"), failed);
            never.add(file);
            return;
        }
        succeeded++;
        FullHost.check(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "no exit: " + process);
        FullHost.check(process.exitValue() == 7, process.exitStatus());
        process.onEnd().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        FullHost.check(Files.exists(file), "it has not run: " + process);
        process.close();
    }

    private List<Thread> meddlers(int count) {
        List<Thread> meddlers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            meddlers.add(Thread.ofPlatform().daemon().start(this::meddle));
        }
        return meddlers;
    }

    private void meddle() {
        while (!over) {
            try (FileInputStream one = new FileInputStream("/dev/null")) {
                one.available();
            } catch (FileNotFoundException full) {
                Thread.onSpinWait();
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        }
    }
}
