package dev.panpty.internal.loop;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.EventFd;
import dev.panpty.internal.sys.Scratch;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * One daemon thread that waits on an epoll instance for any number of terminals and children.
 *
 * <pre>
 *   each turn:  wait  ->  events to their registrations  ->  commands  ->  due timers  ->  one slice of work for each that asked
 *
 *   running --stop--> stopping: the turn is finished, the commands that came before are run, the descriptors closed --> stopped
 *           --epoll_wait fails--> failed: who reads is told why, every child killed and reaped; then as above
 * </pre>
 *
 * <p>While the JVM shuts down the loop goes on, but where it would wait it looks every millisecond, see {@link ShutdownHook}.
 *
 * <p>State that belongs to the loop is touched on its thread only; other threads post a command. {@link #execute} and the methods of
 * {@link Registration} may be called from any thread. What a command or an event handler throws is logged and ends nothing.
 */
public final class EventLoop {

    private static final AtomicInteger COUNT = new AtomicInteger();
    static final String THROWN = "a command or event handler of the reactor failed";
    private static final long WAKE_UP = -1;
    private static final long SHUTDOWN_PAUSE_NANOS = 1_000_000;
    private static final int RESYNC_MILLIS = 10;
    private static final long RESYNC_NANOS = RESYNC_MILLIS * 1_000_000L;
    private static final int EINTR = -Linux.EINTR();

    private final Epoll epoll;
    private final Descriptor wakeUp;
    private final LoopThread thread = new LoopThread(this);
    private final RegistrationTable registrations = new RegistrationTable();
    private final Timers timers = new Timers();
    private final Callbacks callbacks = new Callbacks(this);
    private final Members members = new Members();
    private final CommandQueue commands = new CommandQueue();
    private final CallbackThreads starter = new CallbackThreads(this);
    private List<Runnable> slices = new ArrayList<>();
    private List<Runnable> slicesOfThisTurn = new ArrayList<>();
    private final Scratch scratch = Scratch.own();
    private final BufferPool buffers = new BufferPool();
    private final ShutdownHook shutdown;
    private boolean stopping;
    private volatile boolean resyncWanted;
    private boolean resyncing;
    private long resyncNanos = System.nanoTime() - RESYNC_NANOS; // when the last one began
    private volatile int error;

    private EventLoop(Epoll epoll, Descriptor wakeUp) {
        this.epoll = epoll;
        this.wakeUp = wakeUp;
        shutdown = new ShutdownHook(wakeUp);
        scratch.data(); // here and now, since launching threads take views of it
    }

    /** A running loop, or the negative errno that kept it from being made. */
    public record Opened(EventLoop loop, int error) {}

    public static Opened open() {
        Epoll.Opened epoll = Epoll.open();
        if (epoll.error() < 0) {
            return new Opened(null, epoll.error());
        }
        Descriptor.Opened wakeUp = EventFd.open();
        int error = wakeUp.error();
        if (error == 0) {
            error = epoll.epoll().add(wakeUp.descriptor(), Epoll.IN | Epoll.EDGE, WAKE_UP);
        }
        if (error < 0) {
            if (!wakeUp.failed()) {
                wakeUp.descriptor().close();
            }
            epoll.epoll().close();
            return new Opened(null, error);
        }
        try {
            EventLoop loop = new EventLoop(epoll.epoll(), wakeUp.descriptor());
            loop.shutdown.add();
            loop.begin();
            return new Opened(loop, 0);
        } catch (Throwable noThread) {
            wakeUp.descriptor().close();
            epoll.epoll().close();
            throw noThread;
        }
    }

    private void begin() {
        try {
            thread.start();
        } catch (Throwable noThread) {
            shutdown.remove();
            throw noThread;
        }
    }

    /** Whether this is a loop's thread, of whichever loop: what may block must not be called on it. */
    public static boolean onLoopThread() {
        return Thread.currentThread() instanceof LoopThread;
    }

    /**
     * For a call that may block: refuses it on a loop's thread.
     *
     * @throws IllegalStateException there, with the advice
     */
    public static void refuseOnLoopThread(String call, String advice) {
        if (onLoopThread()) {
            throw new IllegalStateException(call + " would block the reactor's thread; " + advice);
        }
    }

    /** Whether this is the thread of this very loop. */
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
     * Runs the command now if this is the loop's thread, else later on it; false, and not at all, once the loop is stopped: what it would
     * be about is over then.
     */
    public boolean run(Runnable command) {
        if (isCurrent()) {
            command.run();
            return true;
        }
        return post(command);
    }

    /** Runs the command later on the loop's thread; false, and not at all, once the loop is stopped. */
    public boolean post(Runnable command) {
        return switch (commands.add(command)) {
            case REFUSED -> false;
            case ADDED -> true;
            case ADDED_FIRST -> {
                wakeUpUnlessCurrent();
                yield true;
            }
        };
    }

    /** Nobody else does it until the command is taken. An eventfd is always writable: asking epoll for that is an event as well. */
    private void wakeUp() {
        if (!EventFd.signal(wakeUp)) {
            epoll.modify(wakeUp, Epoll.IN | Epoll.OUT | Epoll.EDGE, WAKE_UP);
        }
    }

    /**
     * Runs the command on the loop's thread once the time has passed, unless it is cancelled before.
     *
     * @throws RejectedExecutionException once the loop is stopped; not on its own thread, where it has no effect then
     */
    public Timers.Timer schedule(long delayNanos, Runnable command) {
        if (!isCurrent() && commands.isClosed()) {
            throw new RejectedExecutionException("the reactor is closed");
        }
        Timers.Timer timer = timers.add(delayNanos, command);
        if (!isCurrent() && timers.isNext(timer)) {
            wakeUp(); // it waits for a later one, or for none
        }
        return timer;
    }

    /** Gives the work a slice of this turn or the next, after the events. On the loop's thread only. */
    public void slice(Runnable work) {
        slices.add(work);
    }

    /** For work that must not run on the loop's thread. */
    public CallbackThreads starter() {
        return starter;
    }

    /** Ends the loop after the commands posted so far; what has not ended by then is abandoned. Does not wait; {@link #join} does. Idempotent. */
    public void stop() {
        post(() -> {
            stopping = true;
            members.end(0);
            for (Member member : members.started()) {
                attempt(() -> member.abandon("the reactor was closed before it ended"));
            }
        });
    }

    /** Why it serves nobody any more, a negative errno; 0 unless it has failed. Any thread. */
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

    /** Waits for the thread's end, at most so long; whether it has come. */
    public boolean join(Duration time) throws InterruptedException {
        return thread.join(time);
    }

    /** The loop's own memory for reading: what is in it is good until the next read. On the loop's thread only. */
    public Scratch scratch() {
        return scratch;
    }

    /** Memory for what is written on the loop's thread. */
    public BufferPool buffers() {
        return buffers;
    }

    Epoll epoll() {
        return epoll;
    }

    /** What has not ended. */
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

    private void run() {
        while (!stopping) {
            try {
                turn();
            } catch (Throwable missed) { // out of memory, for one
                missed(missed);
            }
        }
        runAll(commands.takeLast());
        starter.finish();
        shutdown.remove();
        epoll.close();
        wakeUp.close();
    }

    private void turn() {
        callbacks.turnEnds();
        int count = await(timeoutMillis());
        callbacks.turnBegins();
        if (count < 0 && count != EINTR) {
            fail(count);
        }
        for (int i = 0; i < count; i++) {
            dispatch(epoll.token(i), epoll.readiness(i));
        }
        if (resyncWanted && System.nanoTime() - resyncNanos >= RESYNC_NANOS) {
            passResync();
        }
        runAll(commands.take());
        runDueTimers();
        runSlices();
    }

    /**
     * Something may have been missed, for there was no memory, thread or descriptor: in 10 ms at most, and each 10 ms until nothing more is
     * missed, every registration is polled and every member advanced. Needs no memory. Any thread.
     */
    public void resync() {
        resyncWanted = true;
        wakeUpUnlessCurrent();
    }

    /** {@link #resync} after what a handler or command threw, which is logged; of memory that lacks for longer, once. On the loop's thread. */
    void missed(Throwable thrown) {
        resyncWanted = true;
        if (!resyncing || !(thrown instanceof OutOfMemoryError)) {
            report(THROWN, thrown);
        }
    }

    private void passResync() {
        resyncNanos = System.nanoTime();
        resyncWanted = false; // first: what is missed in this pass asks for the next
        resyncing = true;
        try {
            registrations.resync(this);
            members.advance(this);
        } catch (OutOfMemoryError missed) {
            missed(missed);
        } finally {
            resyncing = false;
        }
        starter.startWaiting();
    }

    private int await(int timeoutMillis) {
        if (timeoutMillis == 0 || !shutdown.hasBegun()) {
            return epoll.await(timeoutMillis);
        }
        LockSupport.parkNanos(SHUTDOWN_PAUSE_NANOS);
        return epoll.await(0);
    }

    /** Nothing can be served any more. */
    private void fail(int failure) {
        error = failure;
        stopping = true;
        String reason = "the reactor has failed: epoll_wait: " + Errno.describe(-failure);
        members.end(failure);
        for (Member member : members.started()) {
            attempt(() -> member.fail(reason));
        }
        for (Registration registration : registrations.close()) {
            attempt(() -> registration.loopFailed(reason)); // terminals without a process too
        }
    }

    private int timeoutMillis() {
        int millis = slices.isEmpty() && commands.isEmpty() ? timers.millisUntilNext() : 0;
        return !resyncWanted || millis >= 0 && millis < RESYNC_MILLIS ? millis : RESYNC_MILLIS;
    }

    private void dispatch(long token, int readiness) {
        if (token == WAKE_UP) {
            return;
        }
        Registration registration = registrations.get(token);
        if (registration == null) {
            return; // closed earlier in this turn
        }
        try {
            registration.dispatch(readiness);
        } catch (Throwable missed) {
            missed(missed);
        }
    }

    /** What it may be waiting for has changed. Any thread. */
    void wakeUpUnlessCurrent() {
        if (!isCurrent()) {
            wakeUp();
        }
    }

    private void runAll(List<Runnable> works) {
        for (int i = 0; i < works.size(); i++) { // no iterator: as a rule there is no work, in every turn
            attempt(works.get(i));
        }
    }

    /** On the loop's thread. */
    private void attempt(Runnable work) {
        try {
            work.run();
        } catch (Throwable missed) {
            missed(missed);
        }
    }

    /** Those they ask for meanwhile come in the next turn. */
    private void runSlices() {
        List<Runnable> now = slices;
        slices = slicesOfThisTurn;
        slicesOfThisTurn = now;
        runAll(now);
        now.clear();
    }

    private void runDueTimers() {
        long now = System.nanoTime();
        for (Runnable work = timers.takeDue(now); work != null; work = timers.takeDue(now)) {
            attempt(work);
        }
    }

    /** Logs what nobody else hears of. Throws nothing, whatever the logger does. Any thread. */
    public static void report(String where, Throwable thrown) {
        try {
            System.getLogger("dev.panpty").log(Level.ERROR, where, thrown);
        } catch (Throwable unheard) {
            // the logger's failure must not end the loop, and there is nobody else to tell
        }
    }

    /** The type tells a loop's thread from all others. */
    private static final class LoopThread extends Thread {

        private final EventLoop loop;

        LoopThread(EventLoop loop) {
            super(null, null, "panpty-reactor-" + COUNT.incrementAndGet(), 0, false);
            this.loop = loop;
            setDaemon(true);
            setContextClassLoader(ClassLoader.getSystemClassLoader());
        }

        @Override
        public void run() {
            loop.run();
        }
    }
}
