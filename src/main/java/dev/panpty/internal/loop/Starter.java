package dev.panpty.internal.loop;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Starts a thread for work that must not run on the loop's: a virtual one, which has nothing of the thread that starts it. Where the JVM
 * can start no thread to carry it, see RLIMIT_NPROC in getrlimit(2), its scheduler of virtual threads may never work again, so from then
 * on they are platform threads; and while there are none of those either, the work waits.
 *
 * <pre>
 *   given --a thread is to be had--> started
 *         --none is----------------> waiting --a later turn--> given
 *                                            --the loop's end--> run on the loop's thread
 * </pre>
 */
final class Starter {

    private static final long AGAIN_NANOS = 100_000_000;

    private static volatile boolean withoutVirtual;

    private final EventLoop loop;
    private final Queue<Runnable> waiting = new ArrayDeque<>(); // touched on the loop's thread only

    Starter(EventLoop loop) {
        this.loop = loop;
    }

    /** Any thread may call. Once the loop has ended and there is no thread to be had, the work is done here and now. */
    void start(Runnable work) {
        if (!started(work) && !loop.run(() -> await(work))) {
            work.run();
        }
    }

    private static boolean started(Runnable work) {
        if (!withoutVirtual) {
            try {
                Thread.ofVirtual().inheritInheritableThreadLocals(false).start(work);
                return true;
            } catch (OutOfMemoryError | LinkageError noCarrier) {
                withoutVirtual = true;
            }
        }
        try {
            Thread.ofPlatform().daemon().name("panpty-starter").inheritInheritableThreadLocals(false).priority(Thread.NORM_PRIORITY)
                    .start(work);
            return true;
        } catch (OutOfMemoryError noThread) {
            return false;
        }
    }

    private void await(Runnable work) {
        if (waiting.isEmpty()) {
            loop.schedule(AGAIN_NANOS, () -> {
                List<Runnable> again = List.copyOf(waiting);
                waiting.clear();
                again.forEach(this::start);
            });
        }
        waiting.add(work);
    }

    /** At the loop's end, on its thread. */
    void finish(Consumer<Runnable> runner) {
        while (!waiting.isEmpty()) {
            runner.accept(waiting.remove());
        }
    }
}
