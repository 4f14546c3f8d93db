package dev.panpty.sshd;

import dev.panpty.ExitStatus;
import dev.panpty.ProcessProtocol;
import dev.panpty.ProcessTransport;
import dev.panpty.Pty;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.Reactor;
import dev.panpty.SessionReport;
import dev.panpty.Signal;
import dev.panpty.TerminalAttributes;
import dev.panpty.TerminalAttributes.InputFlag;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.server.channel.ChannelDataReceiver;
import org.apache.sshd.server.channel.ChannelSession;

/**
 * A program on a terminal, in protocol style: no thread waits for it.
 *
 * <pre>
 *   created --launch--> running --the program ends, its last output is sent--> ended: EOF, status, CLOSE
 *   created, running --destroy: the channel is closed--> gone: the session is terminated, then the terminal hangs up
 *   ended --destroy--> ended
 * </pre>
 */
final class TerminalCommand extends ChannelCommand implements ProcessProtocol, ChannelRequests.Target {

    private static final byte[] BREAK = {0};

    private final Launch launch;
    private final ChannelRequests requests;
    private final TerminalInput input;
    private final ChannelSession channel;

    private final ReentrantLock lock = new ReentrantLock(); // over the next two
    private PtyProcess process; // or null before it runs
    private boolean gone;

    private TerminalOutput output; // confined to the reactor's thread

    TerminalCommand(Launch launch, ChannelRequests requests) {
        this.launch = launch;
        this.requests = requests;
        channel = launch.channel();
        input = new TerminalInput(channel);
    }

    @Override
    ChannelDataReceiver receiver() {
        return input;
    }

    @Override
    void launch(ChannelSession session) throws IOException {
        Reactor reactor = launch.settings().reactor().isPresent() ? launch.settings().reactor().get() : Reactor.shared();
        TerminalRequest request = requests.terminal().orElseThrow();
        Launch.Resolved resolved = launch.resolve();
        PtyProcess started = null;
        Pty pty = Pty.open(); // before the start, since the program learns its name from SSH_TTY
        try {
            started = builder(resolved, request, pty).start(reactor, this);
        } finally {
            if (started == null) {
                pty.close();
            }
        }
        if (!takeOver(started)) {
            terminate(started);
            return;
        }
        requests.target(this);
        input.begin(started);
    }

    private PtyProcessBuilder builder(Launch.Resolved resolved, TerminalRequest request, Pty pty) {
        PtyProcessBuilder builder = new PtyProcessBuilder(resolved.command())
                .directory(resolved.directory())
                .environment(resolved.environment())
                .pty(pty)
                .windowSize(request.size())
                .attributes(request.attributes())
                .joinOutput(CHUNK_BYTES)
                .ownedOutput(true)
                .endAtExit(true);
        if (!request.term().isEmpty()) {
            builder.environment().put("TERM", request.term());
        }
        builder.environment().put("SSH_TTY", pty.ptsName());
        resolved.arg0().ifPresent(builder::argv0);
        resolved.user().filter(user -> !Launch.isOwn(user)).ifPresent(builder::user);
        launch.settings().terminal().accept(channel, builder);
        return builder;
    }

    /** False if the channel was closed before the program ran. */
    private boolean takeOver(PtyProcess started) {
        lock.lock();
        try {
            process = started;
            return !gone;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void destroy(ChannelSession session) {
        PtyProcess running;
        lock.lock();
        try {
            gone = true;
            running = process;
        } finally {
            lock.unlock();
        }
        if (running != null && running.exitStatus().isEmpty()) {
            terminate(running);
        } else if (running != null) {
            running.hangUp();
        }
    }

    private void terminate(PtyProcess running) {
        running.terminateSessionAsync(launch.settings().grace()).whenComplete((report, failed) -> {
            running.hangUp();
            if (failed != null) {
                LOG.log(System.Logger.Level.WARNING, "the session of " + running + " was not ended", failed);
            } else if (!report.survivors().isEmpty()) {
                LOG.log(System.Logger.Level.WARNING, "of the session of " + running + " are left: " + names(report));
            }
        });
    }

    private static String names(SessionReport report) {
        return String.join(", ", report.survivors().stream().map(SessionReport.Member::toString).toList());
    }

    @Override
    public void connectionMade(ProcessTransport transport) {
        output = new TerminalOutput(channel, transport, out());
    }

    @Override
    public void outReceived(ByteBuffer data) {
        output.received(data);
    }

    @Override
    public void processEnded(ExitStatus status) {
        output.end(() -> end(channel, status));
    }

    @Override
    public void onError(Throwable thrown) {
        LOG.log(System.Logger.Level.WARNING, "on the terminal of " + channel, thrown);
    }

    @Override
    public void resize(WindowSize size) throws IOException {
        running().resize(size);
    }

    /** To the process group of the program, as sshd(8) does. */
    @Override
    public void signal(Signal signal) throws IOException {
        running().signalGroup(signal);
    }

    /** What a break does to a terminal line, see termios(3), but for PARMRK: the pty driver of Linux has no break to be marked. */
    @Override
    public void sendBreak() throws IOException {
        TerminalAttributes now = running().attributes();
        if (now.has(InputFlag.IGNBRK)) {
            return;
        }
        if (now.has(InputFlag.BRKINT)) {
            running().signalForeground(Signal.INT);
        } else {
            running().write(BREAK);
        }
    }

    /** The process, which runs or has run: requests come after {@link #launch}. */
    private PtyProcess running() {
        lock.lock();
        try {
            return process;
        } finally {
            lock.unlock();
        }
    }
}
