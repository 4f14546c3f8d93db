package dev.panpty.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Many threads that do the same at once, every second one virtual. */
public final class Crowd {

    private Crowd() {}

    /** One round of a thread; false ends that thread. */
    @FunctionalInterface
    public interface Deed {
        boolean once(int thread, int count) throws Exception;
    }

    /** Runs so many threads, each until its deed returns false or another thread fails; rethrows a failure. */
    public static void run(int size, Deed deed) throws Exception {
        AtomicBoolean failed = new AtomicBoolean();
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService platform = Executors.newCachedThreadPool();
                ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < size; i++) {
                int number = i;
                all.add((i % 2 == 0 ? platform : virtual).submit(() -> {
                    boolean good = false;
                    try {
                        for (int count = 0; !failed.get() && deed.once(number, count); count++) {
                            // the deed returns false at its end
                        }
                        good = true;
                        return null;
                    } finally {
                        if (!good) {
                            failed.set(true);
                        }
                    }
                }));
            }
        }
        for (Future<?> one : all) {
            try {
                one.get();
            } catch (ExecutionException thrown) {
                throw new AssertionError(thrown.getCause().getMessage(), thrown.getCause());
            }
        }
    }
}
