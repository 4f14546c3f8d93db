package dev.panpty;

import dev.panpty.SpawnException.Step;
import dev.panpty.internal.loop.EventProcess;
import dev.panpty.internal.loop.StreamProcess;
import dev.panpty.internal.loop.TerminalProcess;
import dev.panpty.internal.spawn.ChildSettings;
import dev.panpty.internal.spawn.SpawnRequest;
import dev.panpty.internal.spawn.SpawnResult;
import dev.panpty.internal.spawn.SpawnResult.Failed;
import dev.panpty.internal.spawn.SpawnResult.Started;
import dev.panpty.internal.spawn.Strategies;
import dev.panpty.internal.sys.Pidfd;
import dev.panpty.internal.sys.Ptmx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One start, all its input checked: opens the terminal, sets it up, makes the child, registers it. What fails half-way is undone.
 *
 * @param command as the user gave it, for {@code toString}
 */
record Launch(
        Reactor reactor,
        List<String> command,
        byte[] program,
        List<byte[]> arguments,
        List<byte[]> environment,
        Optional<byte[]> directory,
        ChildSettings settings,
        WindowSize windowSize,
        TerminalAttributes attributes,
        SpawnStrategy strategy,
        boolean endAtExit,
        LongLines longLines,
        Duration closeGrace,
        EventProcess.Limits limits,
        Optional<ProcessProtocol> protocol) {

    private static final Path PTY_LIMITS = Path.of("/proc/sys/kernel/pty");

    PtyProcess start() throws SpawnException {
        Ptmx.Opened opened = Ptmx.open();
        if (opened.error() < 0) {
            throw new SpawnException(Step.OPEN_TERMINAL, -opened.error(), "/dev/ptmx" + terminalsInUse());
        }
        Ptmx ptmx = opened.ptmx();
        try {
            return start(ptmx);
        } catch (SpawnException | RuntimeException | Error failed) {
            ptmx.close();
            throw failed;
        }
    }

    private PtyProcess start(Ptmx ptmx) throws SpawnException {
        setUp(ptmx);
        SpawnRequest request =
                new SpawnRequest(ptmx, program, Environment.path(environment), arguments, environment, directory, settings);
        Strategies.Choice choice = Strategies.choose(request, strategy.forcedName());
        var chosen = choice.strategy().orElseThrow(() -> exception(choice.refusal()));
        return switch (chosen.spawn(request)) {
            case Failed failed -> throw exception(failed);
            case Started started -> running(started, ptmx, SpawnStrategy.ofName(chosen.name()));
        };
    }

    private void setUp(Ptmx ptmx) throws SpawnException {
        int result = ptmx.setWindowSize(LiveTerminal.toSys(windowSize));
        if (result == 0) {
            result = ptmx.setAttributes(attributes.termios());
        }
        if (result < 0) {
            throw new SpawnException(Step.OPEN_TERMINAL, -result, ptmx.ptsPath());
        }
    }

    private PtyProcess running(Started started, Ptmx ptmx, SpawnStrategy used) throws SpawnException {
        var start = new TerminalProcess.Start(reactor.loop(), ptmx, started.pid(), started.pidfd(), endAtExit,
                longLines == LongLines.SPLIT, closeGrace);
        TerminalProcess process;
        PtyProcess result;
        if (protocol.isEmpty()) {
            StreamProcess withStreams = new StreamProcess(start);
            result = new PtyProcess(withStreams, command, used);
            process = withStreams;
        } else {
            ProtocolListener listener = new ProtocolListener(protocol.get());
            EventProcess withEvents = new EventProcess(start, limits, listener);
            result = new PtyProcess(withEvents, listener, command, used);
            process = withEvents;
        }
        try {
            int begun = process.begin();
            if (begun < 0) {
                throw new SpawnException(Step.REACTOR, -begun, command.get(0));
            }
            return result;
        } catch (SpawnException | IllegalStateException failed) {
            started.pidfd().ifPresent(pidfd -> {
                Pidfd.killAndReap(started.pid());
                pidfd.close();
            });
            throw failed;
        }
    }

    private static SpawnException exception(SpawnResult.Failed failed) {
        return new SpawnException(Step.of(failed.step()), failed.errno(), failed.culprit());
    }

    /** How many terminals there are, where the kernel tells. */
    private static String terminalsInUse() {
        try {
            return " (" + Files.readString(PTY_LIMITS.resolve("nr")).strip() + " terminals in use, at most "
                    + Files.readString(PTY_LIMITS.resolve("max")).strip() + " on this machine)";
        } catch (IOException unknown) {
            return ""; // no /proc here, or no descriptor left to read it: the errno speaks for itself
        }
    }
}
