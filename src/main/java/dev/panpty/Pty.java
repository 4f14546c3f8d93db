package dev.panpty;

import static java.util.Objects.requireNonNull;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.stream.BareTerminal;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.Result;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A terminal without a process, for tests of code that uses a terminal, with both ends in this JVM; or to be set up and then
 * {@linkplain PtyProcessBuilder#pty given} to a process, which then owns it. All methods may be called from any thread, and none of them
 * waits; the streams do, as those of {@link PtyProcess}.
 */
public final class Pty implements AutoCloseable {

    private final EventLoop loop; // leased until the terminal is given or closed
    private final BareTerminal terminal;
    private final TerminalSettings settings;
    private final InputStream ptmxInput;
    private final OutputStream ptmxOutput;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<BareTerminal.Pts> pts = Optional.empty();
    private State state = State.OURS;

    private enum State { OURS, LENT, GIVEN, CLOSED }

    /** @param loop with a lease, which this releases */
    private Pty(EventLoop loop, Ptmx ptmx) {
        this.loop = loop;
        terminal = new BareTerminal(loop, ptmx, PartialWriteException::new);
        settings = new TerminalSettings(terminal.ptmx());
        ptmxInput = terminal.output(this);
        ptmxOutput = terminal.input(this);
    }

    /**
     * A new terminal of 24 rows of 80 columns, {@linkplain TerminalAttributes#cooked cooked}.
     *
     * @return the terminal, to be closed or given to a process
     * @throws IOException if no terminal is available
     */
    public static Pty open() throws IOException {
        Pty pty = openLeased(Reactor.shared().lease());
        try {
            pty.resize(WindowSize.DEFAULT);
            pty.attributes(TerminalAttributes.cooked());
            return pty;
        } catch (IOException failed) {
            pty.close();
            throw failed;
        }
    }

    private static Pty openLeased(EventLoop loop) throws SpawnException {
        boolean opened = false;
        try {
            Pty pty = new Pty(loop, Launch.openTerminal());
            opened = true;
            return pty;
        } finally {
            if (!opened) {
                loop.release();
            }
        }
    }

    /**
     * The path of the program's end.
     *
     * @return such as {@code /dev/pts/3}
     */
    public String ptsName() {
        return terminal.ptmx().ptsPath();
    }

    /**
     * The window size.
     *
     * @return the size now
     * @throws IOException if the terminal is closed
     */
    public WindowSize windowSize() throws IOException {
        return settings.windowSize();
    }

    /**
     * Sets the window size.
     *
     * @param size the new size
     * @throws IOException if the terminal is closed
     */
    public void resize(WindowSize size) throws IOException {
        settings.check("TIOCSWINSZ", terminal.resize(TerminalSettings.toSys(requireNonNull(size, "size"))));
    }

    /**
     * The attributes.
     *
     * @return the attributes now
     * @throws IOException if the terminal is closed
     */
    public TerminalAttributes attributes() throws IOException {
        return settings.attributes();
    }

    /**
     * Sets the attributes.
     *
     * @param attributes the new ones
     * @throws IOException if the terminal is closed
     */
    public void attributes(TerminalAttributes attributes) throws IOException {
        settings.attributes(attributes);
    }

    /**
     * What programs write to the terminal, and the echo of what is typed. A read also waits while no program holds the terminal. After
     * {@link #close} of the terminal a read gives -1 if all was read, else it throws an {@link IOException} that says how many bytes were
     * cut. Once the stream itself is closed, reads throw an {@link IOException}.
     *
     * @return the output at our end
     */
    public InputStream ptmxInputStream() {
        return ptmxInput;
    }

    /**
     * The keyboard: what is written is typed. Closing it types the end of the input.
     *
     * @return the input at our end
     */
    public OutputStream ptmxOutputStream() {
        return ptmxOutput;
    }

    /**
     * What a program reads from the terminal. At VEOF a read gives -1 once; later reads may give more. When the terminal or the stream
     * itself is closed it ends as {@link #ptmxInputStream} does.
     *
     * @return a program's standard input
     * @throws IOException if the program's end cannot be opened
     * @throws IllegalStateException if the terminal belongs to a process
     */
    public InputStream ptsInputStream() throws IOException {
        return pts().input(this);
    }

    /**
     * What a program writes to. Closing it only refuses later writes.
     *
     * @return a program's standard output
     * @throws IOException if the program's end cannot be opened
     * @throws IllegalStateException if the terminal belongs to a process
     */
    public OutputStream ptsOutputStream() throws IOException {
        return pts().output(this);
    }

    /** Refused for a process's terminal: its output would not end while this JVM holds the pts. */
    private BareTerminal.Pts pts() throws IOException {
        lock.lock();
        try {
            refuseIf(state == State.GIVEN);
            if (pts.isEmpty()) {
                Result<BareTerminal.Pts> opened = terminal.openPts();
                settings.check("TIOCGPTPEER", opened.error());
                pts = Optional.of(opened.value());
            }
            return pts.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lends the ptmx, which is no longer watched here, to a start. {@link #give} follows if the start succeeds.
     *
     * @throws IllegalStateException if it belongs to a process
     */
    Ptmx lend() throws SpawnException {
        lock.lock();
        try {
            refuseIf(state == State.LENT || state == State.GIVEN);
            if (state == State.CLOSED) {
                throw SpawnException.terminalClosed(ptsName());
            }
            state = State.LENT;
            terminal.lend();
            return terminal.ptmx();
        } finally {
            lock.unlock();
        }
    }

    private void refuseIf(boolean isProcesss) {
        if (isProcesss) {
            throw new IllegalStateException("the terminal " + ptsName() + " belongs to a process");
        }
    }

    /** The ptmx belongs to a process now; taps of the process receive the sizes that are set here. */
    void give(PtmxChannel owner) {
        lock.lock();
        try {
            state = State.GIVEN;
            pts.ifPresent(BareTerminal.Pts::give);
            pts = Optional.empty();
            terminal.give(owner);
            loop.release();
        } finally {
            lock.unlock();
        }
    }

    /** The start is over. */
    void takeBackUnlessGiven() {
        lock.lock();
        try {
            if (state == State.LENT) {
                state = State.OURS;
                terminal.takeBack();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Closes both ends; other holders of the terminal are hung up. No effect if the terminal belongs to a process or is lent to a start.
     * Idempotent.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            pts.ifPresent(state == State.OURS ? BareTerminal.Pts::close : BareTerminal.Pts::give);
            pts = Optional.empty();
            if (state == State.OURS) {
                terminal.close();
                state = State.CLOSED;
                loop.release();
            }
        } finally {
            lock.unlock();
        }
    }
}
