package dev.panpty.internal.loop;

import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Result;
import dev.panpty.internal.sys.Scratch;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

/**
 * One daemon thread that waits on an epoll instance for any number of terminals and children.
 *
 * <pre>
 *   each turn:  wait  ->  events to their registrations  ->  resync, if due  ->  commands  ->  due timers  ->  slices
 *
 *   running --stop--> stopping: members are abandoned; the turn is finished, pending commands are run--> ended: descriptors closed
 *   running --epoll_wait fails--> failed: waiting callers get the reason, every child is killed and reaped; then as stopping
 *   running --neither a member nor a lease for {@value Members#IDLE_MILLIS} ms--> idle: then as stopping
 * </pre>
 *
 * <p>{@link Members} counts the leases. An ended loop has no thread, descriptor or shutdown hook, and gives up its buffers: processes that
 * have ended may refer to it for long.
 *
 * <p>The loop's state is confined to its thread; other threads post a command. {@link #execute} and the methods of {@link Registration} may
 * be called from any thread. What a command or an event handler throws is logged and does not end the loop.
 */
public final class EventLoop {

    private static final int EINTR = -Errno.EINTR;
    private static final Scratch EMPTY = Scratch.own(0);

    private final Poller poller;
    private final LoopThread thread = new LoopThread(new Turns());
    private final RegistrationTable registrations = new RegistrationTable();
    private final Timers timers = new Timers();
    private final Resync resync;
    private final Callbacks callbacks;
    private final Members members = new Members();
    private final CommandQueue commands = new CommandQueue();
    private final CallbackThreads starter;
    private final Slices slices = new Slices();
    private volatile Scratch scratch = Scratch.own(); // empty once the loop has ended: a start may still ask for it
    private BufferPool buffers = new BufferPool(); // null once the loop has ended
    private final PhantomQueue phantoms = new PhantomQueue();
    private boolean stopping;
    private volatile int error;

    private EventLoop(Poller poller) {
        this.poller = poller;
        resync = new Resync(poller, thread);
        callbacks = new Callbacks(thread, resync);
        starter = new CallbackThreads(resync, members);
        scratch.data(); // allocated now, since launching threads take views of it
    }

    /** Opens and starts a loop, with a lease that the caller releases; a failure names the system call. */
    public static Result<EventLoop> open() {
        Result<Poller> opened = Poller.open();
        if (opened.failed()) {
            return Result.failure(opened.error(), opened.call());
        }
        EventLoop loop = of(opened.value());
        opened.value().start(loop.thread);
        return Result.of(loop);
    }

    private static EventLoop of(Poller poller) {
        try {
            return new EventLoop(poller);
        } catch (Throwable noMemory) {
            poller.close();
            throw noMemory;
        }
    }

    /** Keeps the loop from ending idle until {@link #release}; false if it has ended. Any thread. */
    public boolean lease() {
        return members.lease();
    }

    /** Ends a lease. Any thread. */
    public void release() {
        members.release();
    }

    /** Whether this is this loop's thread. */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /**
     * Runs the command on the loop's thread, after the commands given before.
     *
     * @throws RejectedExecutionException once the loop is stopped
     */
    public void execute(Runnable command) {
        if (!post(command)) {
            throw new RejectedExecutionException("the reactor is closed");
        }
    }

    /**
     * Runs the command now if this is the loop's thread, else posts it. False once the loop is stopped: the command is not run then.
     */
    public boolean run(Runnable command) {
        if (isCurrent()) {
            command.run();
            return true;
        }
        return post(command);
    }

    /** Runs the command later on the loop's thread. False once the loop is stopped: the command is not run then. */
    public boolean post(Runnable command) {
        return switch (commands.add(command)) {
            case REFUSED -> false;
            case ADDED -> true;
            case ADDED_FIRST -> {
                if (!isCurrent()) {
                    poller.wakeUp(); // only the first pending command wakes the loop
                }
                yield true;
            }
        };
    }

    /**
     * Runs the command on the loop's thread once the time has passed, unless it is cancelled before.
     *
     * @throws RejectedExecutionException once the loop is stopped; on the loop's own thread the call then has no effect
     */
    public Timers.Timer schedule(long delayNanos, Runnable command) {
        if (!isCurrent() && commands.isClosed()) {
            throw new RejectedExecutionException("the reactor is closed");
        }
        Timers.Timer timer = timers.add(delayNanos, command);
        if (!isCurrent() && timers.isNext(timer)) {
            poller.wakeUp(); // the loop may wait for a later timer, or without a timeout
        }
        return timer;
    }

    /** Runs the work at the end of this turn, or of the next if slices are running. On the loop's thread only. */
    public void slice(Runnable work) {
        slices.add(work);
    }

    /** Runs the work on the loop's thread once the object is unreachable, while the caller keeps a reference to what this returns. */
    public PhantomQueue.Work whenUnreachable(Object object, Runnable work) {
        return phantoms.add(object, work);
    }

    /** Starts threads for work that must not run on the loop's thread. */
    public CallbackThreads starter() {
        return starter;
    }

    /** Ends the loop after the commands posted so far; members that have not ended are abandoned. {@link #join} waits. Idempotent. */
    public void stop() {
        post(() -> {
            stopping = true;
            members.end(0);
            for (Member member : members.started()) {
                resync.attempt(() -> member.abandon("the reactor was closed before it ended"));
            }
        });
    }

    /** The negative errno with which it has failed, or 0. Any thread. */
    public int error() {
        return error;
    }

    /** Whether commands are refused. Any thread. */
    public boolean isStopped() {
        return commands.isClosed();
    }

    /** Waits for the thread's end. */
    public void join() throws InterruptedException {
        thread.join();
    }

    /** Waits for the thread's end, at most so long; true if it has ended. */
    public boolean join(Duration time) throws InterruptedException {
        return thread.join(time);
    }

    /** The loop's read buffer; its contents are valid until the next read. On the loop's thread only. */
    public Scratch scratch() {
        return scratch;
    }

    /** Write buffers. On the loop's thread only. */
    public BufferPool buffers() {
        return buffers;
    }

    Epoll epoll() {
        return poller.epoll();
    }

    /** The members that have not ended. */
    public Members members() {
        return members;
    }

    /** The calls of the user's code. */
    public Callbacks callbacks() {
        return callbacks;
    }

    RegistrationTable registrations() {
        return registrations;
    }

    /** The body of its thread. */
    private final class Turns implements Runnable {
        @Override
        public void run() {
            while (!stopping) {
                try {
                    turn();
                } catch (Throwable missed) { // out of memory, for one
                    resync.missed(missed);
                }
            }
            resync.attemptAll(commands.takeLast());
            starter.finish();
            poller.close();
            callbacks.turnEnds();
            scratch = EMPTY;
            buffers = null;
        }
    }

    private void turn() {
        callbacks.turnEnds();
        int count = poller.await(timeoutMillis());
        callbacks.turnBegins();
        if (count < 0 && count != EINTR) {
            fail(count);
        }
        for (int i = 0; i < count; i++) {
            if (poller.epoll().token(i) != Poller.WAKE_UP) {
                registrations.dispatch(poller.epoll().token(i), poller.epoll().readiness(i), resync);
            }
        }
        if (resync.isDue()) {
            passResync();
        }
        resync.attemptAll(commands.take());
        phantoms.run(resync);
        timers.runDue(resync);
        slices.run(resync);
        stopping |= count == 0 && members.endIdle();
    }

    /**
     * An event may have been missed for lack of memory, a thread or a descriptor: polls every registration and advances every member soon,
     * see {@link Resync}. Any thread.
     */
    public void resync() {
        resync.want();
    }

    private void passResync() {
        resync.begin();
        try {
            registrations.resync(resync);
            members.advance(resync);
        } catch (OutOfMemoryError missed) {
            resync.missed(missed);
        } finally {
            resync.end();
        }
        starter.startWaiting();
    }

    /** epoll_wait has failed: no more events come. */
    private void fail(int failure) {
        error = failure;
        stopping = true;
        String reason = "the reactor has failed: epoll_wait: " + Errno.describe(-failure);
        members.end(failure);
        for (Member member : members.started()) {
            resync.attempt(() -> member.fail(reason));
        }
        for (Registration registration : registrations.close()) {
            resync.attempt(() -> registration.loopFailed(reason)); // terminals without a process too
        }
    }

    private int timeoutMillis() {
        int millis = slices.isEmpty() && commands.isEmpty() ? timers.millisUntilNext() : 0;
        int bound = Math.max(members.idleMillis(), 1); // beyond the poller's own only in tests
        return resync.limit(millis < 0 ? bound : Math.min(millis, bound));
    }
}
