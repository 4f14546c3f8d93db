package dev.panpty.internal.sys;

import dev.panpty.internal.sys.ProcessTable.Entry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * {@link ProcessTable#list} for concurrent callers: callers that wait for the lock share one listing, which begins after all of them have
 * called. So many callers cost a few listings, not one each. Any thread.
 */
public final class SharedProcessList {

    /** The listing that has not begun. */
    private static final AtomicReference<FutureTask<List<Entry>>> NEXT = new AtomicReference<>();

    private static final ReentrantLock TURN = new ReentrantLock();

    private SharedProcessList() {}

    /**
     * All visible processes, listed after this call began.
     *
     * @throws IOException as {@link ProcessTable#list}
     */
    public static List<Entry> take() throws IOException, InterruptedException {
        FutureTask<List<Entry>> listing = NEXT.updateAndGet(next -> next != null ? next : new FutureTask<>(ProcessTable::list));
        TURN.lockInterruptibly();
        try {
            if (!listing.isDone()) {
                NEXT.compareAndSet(listing, null); // first: a later caller needs a later listing
                listing.run();
            }
        } finally {
            TURN.unlock();
        }
        try {
            return listing.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw new IOException(failed.getCause().getMessage(), failed.getCause());
        }
    }
}
