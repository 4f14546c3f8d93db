package dev.panpty;

import static java.util.Objects.requireNonNull;

import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.loop.LoopThread;
import dev.panpty.internal.loop.Registration;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.NativeAccess;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.Result;
import dev.panpty.internal.sys.Termios;
import dev.panpty.internal.sys.Tty;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The terminal that this JVM runs on, its controlling terminal: {@code /dev/tty}, see tty(4). A JVM opens it once at a time.
 *
 * <pre>
 *   open, attributes as found --attributes(…)--> open, attributes set --close, JVM shutdown--> closed, attributes as found
 *                             --close, JVM shutdown--> closed; every method but {@link #close} throws {@link IOException}
 * </pre>
 *
 * <p>Attributes that were set are reset by {@link #close} and when the JVM shuts down, which includes {@code System.exit}, an uncaught
 * exception of the last thread, SIGINT and SIGTERM; SIGKILL leaves them.
 *
 * <p>A shell sets its own attributes while this JVM is stopped (SIGTSTP, SIGSTOP). There is no handler of SIGCONT: {@link #read},
 * {@link #awaitResize} and {@link #windowSize} look up the attributes, the first two every 100 ms while they wait, and set those of
 * {@link #attributes(TerminalAttributes)} again if they differ and this JVM is in the foreground. So a change by any other program on
 * the terminal is undone too: close this before such a program runs.
 *
 * <p>In the background the keyboard belongs to another process group: {@link #read} then waits, and {@link #close} leaves the attributes as
 * they are, since the shell has set its own. Setting attributes in the background stops the JVM until it is in the foreground, as
 * tcsetattr(3) stops any program (SIGTTOU).
 *
 * <p>All methods may be called from any thread. {@link #read} and {@link #awaitResize} wait, and throw {@link IllegalStateException} on a
 * reactor's thread; a virtual thread that waits does not hold its carrier. Output goes by {@code System.out}.
 */
public final class OwnTerminal implements AutoCloseable {

    private static final String NAME = "/dev/tty";
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int EAGAIN = -Errno.EAGAIN;
    private static final int EIO = -Errno.EIO;

    /** Whether this JVM has opened it: two of them would each reset what the other has set. */
    private static final AtomicBoolean TAKEN = new AtomicBoolean();

    private final Tty tty;
    private final Termios found;
    private final EventLoop loop; // leased until close
    private final Registration registration;
    private final Thread shutdown = new Thread(null, this::close, "panpty-terminal", 0, false);
    private final ReentrantLock lock = new ReentrantLock();
    /** Input is there, or the terminal is closed. If the loop has failed, a wait ends after {@link #POLL_NANOS} nevertheless. */
    private final Condition changed = lock.newCondition();
    // Guarded by the lock.
    private Optional<TerminalAttributes> set = Optional.empty();
    private boolean closed;

    /** @param loop with a lease, which this releases */
    private OwnTerminal(Tty tty, Termios found, EventLoop loop) {
        this.tty = tty;
        this.found = found;
        this.loop = loop;
        registration = new Registration(loop, tty.descriptor(), readiness -> wake());
        shutdown.setContextClassLoader(ClassLoader.getSystemClassLoader());
    }

    /**
     * Opens the controlling terminal of this JVM.
     *
     * @return the terminal, to be closed
     * @throws IOException if this JVM has no controlling terminal (ENXIO), as a daemon or in a container without a terminal, or if the JVM
     *     is shutting down
     * @throws IllegalStateException if it is open already
     */
    public static OwnTerminal open() throws IOException {
        try {
            NativeAccess.require();
        } catch (UncheckedIOException noDescriptor) {
            throw noDescriptor.getCause();
        }
        if (!TAKEN.compareAndSet(false, true)) {
            throw new IllegalStateException(NAME + " is open already: close it first");
        }
        boolean opened = false;
        try {
            OwnTerminal terminal = openTty();
            opened = true;
            return terminal;
        } finally {
            if (!opened) {
                TAKEN.set(false);
            }
        }
    }

    private static OwnTerminal openTty() throws IOException {
        Result<Tty> result = Tty.open();
        if (result.failed()) {
            throw failure("open", result.error(), result.error() == -Errno.ENXIO ? ": this JVM has no controlling terminal" : "");
        }
        Tty tty = result.value();
        boolean opened = false;
        try {
            Result<Termios> found = tty.attributes();
            check("tcgetattr", found.error());
            OwnTerminal terminal = openLeased(tty, found.value(), Reactor.shared().lease());
            opened = true;
            return terminal;
        } finally {
            if (!opened) {
                tty.close();
            }
        }
    }

    private static OwnTerminal openLeased(Tty tty, Termios found, EventLoop loop) throws IOException {
        boolean opened = false;
        try {
            OwnTerminal terminal = new OwnTerminal(tty, found, loop);
            terminal.addHook();
            opened = true;
            return terminal;
        } finally {
            if (!opened) {
                loop.release();
            }
        }
    }

    private void addHook() throws IOException {
        try {
            Runtime.getRuntime().addShutdownHook(shutdown);
        } catch (IllegalStateException shuttingDown) {
            throw new IOException("open(" + NAME + "): the JVM is shutting down", shuttingDown);
        }
    }

    /**
     * Whether descriptor 0 of this JVM is this terminal, and not a file or a pipe.
     *
     * @return true if {@code System.in}, unless it was replaced, reads from this terminal
     * @throws IOException if this is closed
     */
    public boolean isStandardInput() throws IOException {
        lock.lock();
        try {
            requireOpen();
            return Tty.isStandardInput();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The attributes now.
     *
     * @return the attributes
     * @throws IOException if this is closed, or the terminal has hung up
     */
    public TerminalAttributes attributes() throws IOException {
        lock.lock();
        try {
            requireOpen();
            return lookUp();
        } finally {
            lock.unlock();
        }
    }

    private TerminalAttributes lookUp() throws IOException {
        Result<Termios> now = tty.attributes();
        check("tcgetattr", now.error());
        return new TerminalAttributes(now.value());
    }

    /**
     * Sets the attributes at once, see TCSANOW in tcsetattr(3), until {@link #close}.
     *
     * @param attributes the new ones, such as {@link TerminalAttributes#raw}
     * @throws IOException if this is closed, or the terminal has hung up
     */
    public void attributes(TerminalAttributes attributes) throws IOException {
        requireNonNull(attributes, "attributes");
        lock.lock();
        try {
            requireOpen();
            if (set.isEmpty()) {
                set = Optional.of(attributes); // first: at a failure half-way close resets what was set
            }
            check("tcsetattr", tty.setAttributes(attributes.termios()));
            set = Optional.of(lookUp()); // as the terminal has taken them, for the comparison
        } finally {
            lock.unlock();
        }
    }

    /**
     * The window size now.
     *
     * @return the size
     * @throws IOException if this is closed, or the terminal has hung up
     */
    public WindowSize windowSize() throws IOException {
        lock.lock();
        try {
            requireOpen();
            keepAttributes();
            Result<Ptmx.Size> result = tty.windowSize();
            check("TIOCGWINSZ", result.error());
            Ptmx.Size size = result.value();
            return new WindowSize(size.rows(), size.columns(), size.widthPixels(), size.heightPixels());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the window has another size than this one. There is no handler of SIGWINCH: the size is polled every 100 ms.
     *
     * @param known the size that the caller knows
     * @param timeout the longest time to wait
     * @return whether {@link #windowSize} differs; false at the time-out
     * @throws IOException if this is closed, or the terminal has hung up
     * @throws InterruptedException if interrupted while waiting
     */
    public boolean awaitResize(WindowSize known, Duration timeout) throws IOException, InterruptedException {
        requireNonNull(known, "known");
        long deadline = deadline(timeout);
        LoopThread.refuse("awaitResize", "poll windowSize()");
        lock.lock();
        try {
            while (windowSize().equals(known)) {
                long remaining = deadline - System.nanoTime();
                if (remaining <= 0) {
                    return false;
                }
                changed.awaitNanos(Math.min(remaining, POLL_NANOS));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads what was typed: waits for the first byte, whatever VMIN and VTIME are, takes what is there, and reads nothing ahead. What it
     * does not take is left to {@code System.in} and to the next program.
     *
     * @param target gets the bytes, from its start on
     * @param timeout the longest time to wait
     * @return how many bytes were read; 0 at the time-out, or if the target has no room; -1 at the end of the input: a typed VEOF, after
     *     which more may follow, or a hang-up
     * @throws IOException if this is closed, also while it waits, or if the terminal cannot be read; {@link InterruptedIOException} if
     *     interrupted while waiting, with the interrupt status kept
     */
    public int read(byte[] target, Duration timeout) throws IOException {
        requireNonNull(target, "target");
        long deadline = deadline(timeout);
        LoopThread.refuse("read", "read on a thread of its own");
        lock.lock();
        try {
            for (;;) {
                requireOpen();
                keepAttributes();
                int count = tty.read(target);
                boolean background = count == EIO && !tty.isHungUp(); // at the read; it may be in the foreground by now
                boolean none = count == EAGAIN || count == 0 && target.length > 0 && isWithoutMinimum();
                if (!none && !background) {
                    check("read", count);
                    return count > 0 || target.length == 0 ? count : -1;
                }
                long remaining = deadline - System.nanoTime();
                if (remaining <= 0) {
                    return 0;
                }
                if (!background) { // there the input of others would wake this again and again
                    check("epoll_ctl", registration.once(Epoll.IN));
                }
                changed.awaitNanos(Math.min(remaining, POLL_NANOS));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for input of " + NAME);
        } finally {
            lock.unlock();
        }
    }

    /** Whether a read that gives 0 means that nothing is there: in non-canonical mode with VMIN 0, see termios(3), and no hang-up. */
    private boolean isWithoutMinimum() {
        Result<Termios> now = tty.attributes(); // fails after a hang-up
        return !now.failed() && !new TerminalAttributes(now.value()).has(LocalFlag.ICANON);
    }

    private static long deadline(Duration timeout) {
        return System.nanoTime() + Math.max(TimeUnit.NANOSECONDS.convert(requireNonNull(timeout, "timeout")), 0);
    }

    /**
     * Sets the attributes again that a shell has replaced while this JVM was stopped. Fails only after a hang-up, which the caller's next
     * call reports. With the lock.
     */
    private void keepAttributes() {
        if (set.isEmpty()) {
            return;
        }
        Result<Termios> now = tty.attributes();
        if (!now.failed() && !new TerminalAttributes(now.value()).equals(set.get()) && !tty.isInBackground()) {
            tty.setAttributes(set.get().termios());
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException(NAME + ": closed");
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Resets the attributes, if any were set, and closes the terminal. A read that waits then throws. Idempotent. It never waits. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            if (set.isPresent() && !tty.isInBackground()) {
                tty.setAttributes(found); // fails only after a hang-up, when there is nothing to reset
            }
            registration.close();
            tty.close();
            loop.release();
            changed.signalAll();
            removeHook();
            TAKEN.set(false);
        } finally {
            lock.unlock();
        }
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdown);
        } catch (IllegalStateException shuttingDown) {
            return; // the hook runs, and finds this closed
        }
    }

    private static void check(String call, int result) throws IOException {
        if (result < 0) {
            throw failure(call, result, "");
        }
    }

    private static IOException failure(String call, int error, String why) {
        return new IOException(call + "(" + NAME + "): " + Errno.describe(-error) + why);
    }
}
