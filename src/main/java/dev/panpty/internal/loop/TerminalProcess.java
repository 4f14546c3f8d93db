package dev.panpty.internal.loop;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Ptmx;
import java.io.IOException;
import java.util.Optional;

/**
 * A process on a terminal, from its exec to its end: the join of what the child does and what its terminal does.
 *
 * <pre>
 *   started --child reaped--> exited --output at its end--> ended
 *           --hung up by us-> hung up --child reaped------> ended
 * </pre>
 *
 * <p>It owns the ptmx and the child. Stages are reached on the loop's thread; every method may be called from any thread. It refers to
 * nothing of the API, so that a process object its user has dropped can be collected while this lives on.
 */
public final class TerminalProcess {

    private final EventLoop loop;
    private final Child child;
    private final Terminal terminal;
    private final StreamReader reader;
    private final StreamWriter writer;
    private final Ending ending;
    private final Stage exited = new Stage();
    private final Stage ended = new Stage();
    private boolean outputFinished;

    private TerminalProcess(EventLoop loop, Ptmx ptmx, int pid, Optional<Descriptor> pidfd, long graceNanos) {
        this.loop = loop;
        child = new Child(loop, pid, pidfd, this::reaped);
        terminal = new Terminal(loop, ptmx);
        reader = new StreamReader(terminal, this::outputFinished);
        writer = new StreamWriter(terminal, reader);
        terminal.attach(reader, writer);
        ending = new Ending(this, graceNanos);
    }

    /** A process whose output and input are streams. {@link #begin} is to follow. */
    public static TerminalProcess withStreams(
            EventLoop loop, Ptmx ptmx, int pid, Optional<Descriptor> pidfd, long graceNanos) {
        return new TerminalProcess(loop, ptmx, pid, pidfd, graceNanos);
    }

    /** Begins to look for the exit; 0, or the negative errno. */
    public int begin() {
        return child.watch();
    }

    public int pid() {
        return child.pid();
    }

    public Ptmx ptmx() {
        return terminal.ptmx();
    }

    public Stage exited() {
        return exited;
    }

    public Stage ended() {
        return ended;
    }

    /** How the child ended, once {@link #exited} is reached. */
    public Optional<Outcome> outcome() {
        return child.outcome();
    }

    public int read(byte[] target, int offset, int length) throws IOException {
        return reader.read(target, offset, length);
    }

    public int available() {
        return reader.available();
    }

    public void closeOutput() {
        reader.close();
    }

    public void write(byte[] source, int offset, int length) throws IOException {
        writer.write(source, offset, length);
    }

    public void typeEndOfFile() throws IOException {
        writer.typeEndOfFile();
    }

    public void endOfInput() throws IOException {
        writer.endOfInput();
    }

    /** Bytes of output that were read and given to nobody. */
    public long droppedBytes() {
        return reader.droppedBytes();
    }

    /** Sends a signal to the child; 0 or the negative errno. */
    public int signal(int signal) {
        return child.signal(signal);
    }

    /** Sends a signal to the child's own process group. */
    public int signalGroup(int signal) {
        return child.signalGroup(child.pid(), signal);
    }

    /** Sends a signal to the foreground process group of the terminal; ESRCH where there is none. */
    public int signalForeground(int signal) {
        int group = terminal.ptmx().foregroundGroup();
        return group <= 0 ? -Linux.ESRCH() : child.signalGroup(group, signal);
    }

    /** Closes the ptmx, soon: who holds the terminal gets SIGHUP, and nothing more is read or written. */
    public void hangUp() {
        loop.execute(this::hangUpNow);
    }

    /** {@link #hangUp} for the loop's thread. */
    void hangUpNow() {
        terminal.close();
        reader.closed();
        writer.closed();
    }

    /** Begins to end the process as {@link Ending} has it. Idempotent, does not wait. */
    public Stage close() {
        reader.close();
        writer.close();
        return ending.begin();
    }

    /** Ends it at once: SIGKILL and a hang-up. */
    public void abort() {
        child.signal(Ending.SIGKILL);
        hangUp();
    }

    EventLoop loop() {
        return loop;
    }

    private void reaped(Outcome outcome) {
        exited.reach();
        reader.reaped();
        writer.reaped();
        ending.reaped();
        join();
    }

    private void outputFinished() {
        outputFinished = true;
        terminal.close();
        writer.closed();
        join();
    }

    private void join() {
        if (outputFinished && child.isReaped()) {
            ended.reach();
        }
    }
}
