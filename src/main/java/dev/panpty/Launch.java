package dev.panpty;

import dev.panpty.SpawnException.Step;
import dev.panpty.internal.event.EventProcess;
import dev.panpty.internal.process.TerminalProcess;
import dev.panpty.internal.spawn.ChildSettings;
import dev.panpty.internal.spawn.Environment;
import dev.panpty.internal.spawn.SpawnFailure;
import dev.panpty.internal.spawn.SpawnRequest;
import dev.panpty.internal.spawn.Strategies;
import dev.panpty.internal.stream.StreamProcess;
import dev.panpty.internal.sys.ChildProcess;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Limits;
import dev.panpty.internal.sys.NativeBlock;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.Result;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One start, all its input checked: opens the terminal, sets it up, takes the process's places in the reactor, makes the child. What fails
 * half-way is undone, and no program has run then. Only where memory runs out, or the reactor fails or is closed, after the exec is a
 * program killed that has begun.
 *
 * @param command as the user gave it, for {@code toString}
 * @param pty in place of a new terminal, its caller's until the start has succeeded
 * @param windowSize set if present, and so the attributes
 */
record Launch(
        Reactor reactor,
        List<String> command,
        byte[] program,
        List<byte[]> arguments,
        List<byte[]> environment,
        Optional<byte[]> directory,
        ChildSettings settings,
        Optional<Pty> pty,
        Optional<WindowSize> windowSize,
        Optional<TerminalAttributes> attributes,
        SpawnStrategy strategy,
        boolean endAtExit,
        LongLines longLines,
        StandardError standardError,
        Duration closeGrace,
        EventProcess.Limits limits,
        Optional<ProcessProtocol> protocol) {

    /** Far beyond what the kernel takes, see ARG_MAX in execve(2), and not yet a burden. */
    static final long MAX_ARGUMENTS_BYTES = 256L << 20;

    PtyProcess start() throws SpawnException {
        if (NativeBlock.sizeOfStrings(arguments) + NativeBlock.sizeOfStrings(environment) > MAX_ARGUMENTS_BYTES) {
            throw tooManyArguments(command);
        }
        if (pty.isPresent()) {
            Ptmx lent = pty.get().lend();
            try {
                refuseControllingTerminal(lent);
                setUp(lent);
                PtyProcess process = startOn(lent);
                pty.get().give();
                return process;
            } finally {
                pty.get().takeBackUnlessGiven();
            }
        }
        Ptmx own = openTerminal();
        try {
            setUp(own);
            return startOn(own);
        } catch (SpawnException | RuntimeException | Error failed) {
            own.close();
            throw failed;
        }
    }

    static SpawnException tooManyArguments(List<String> command) {
        return new SpawnException(Step.EXEC, Errno.E2BIG, command.get(0));
    }

    /** A new terminal. */
    static Ptmx openTerminal() throws SpawnException {
        Result<Ptmx> opened = Ptmx.open();
        if (opened.failed()) {
            String needed = opened.error() == -Errno.ENODEV ? ", which needs a devpts mounted at /dev/pts" : "";
            boolean full = !Limits.numbers(-opened.error()).isEmpty(); // the exception says so itself
            throw new SpawnException(
                    Step.OPEN_TERMINAL, -opened.error(), "/dev/ptmx" + needed + (full ? "" : " (" + PtyLimits.current() + ")"));
        }
        return opened.value();
    }

    /** One that another session has cannot become the program's, and posix_spawn would start it without one. */
    private static void refuseControllingTerminal(Ptmx lent) throws SpawnException {
        int session = lent.session();
        if (session >= 0) {
            throw new SpawnException(
                    Step.TERMINAL, Errno.EPERM, lent.ptsPath() + ", which is the controlling terminal of session " + session);
        }
    }

    private PtyProcess startOn(Ptmx ptmx) throws SpawnException {
        return standardError == StandardError.PIPE ? startWithPipe(ptmx) : start(ptmx, Optional.empty(), Optional.empty());
    }

    private PtyProcess startWithPipe(Ptmx ptmx) throws SpawnException {
        Result<Descriptor.Pipe> made = Descriptor.pipe();
        if (made.failed()) {
            throw new SpawnException(Step.STDIO, -made.error(), "pipe for standard error");
        }
        Descriptor.Pipe pipe = made.value();
        try (Descriptor writeEnd = pipe.writeEnd()) {
            return start(ptmx, Optional.of(pipe.readEnd()), Optional.of(writeEnd));
        } catch (SpawnException | RuntimeException | Error failed) {
            pipe.readEnd().close();
            throw failed;
        }
    }

    private PtyProcess start(Ptmx ptmx, Optional<Descriptor> ourError, Optional<Descriptor> childsError) throws SpawnException {
        SpawnRequest request = new SpawnRequest(
                ptmx, childsError, program, Environment.path(environment), arguments, environment, directory, settings);
        Strategies.Choice choice = Strategies.choose(request, strategy.forcedName());
        if (choice.strategy().isEmpty()) {
            throw exception(choice.refusal());
        }
        var chosen = choice.strategy().get();
        ChildProcess child = new ChildProcess();
        PtyProcess process = create(child, ptmx, ourError, SpawnStrategy.ofName(chosen.name()));
        boolean begun = false;
        try {
            check(process.prepare()); // what can be refused is refused now: after the exec the program has run
            Optional<SpawnFailure> failure = chosen.spawn(request, child);
            if (failure.isPresent()) {
                throw exception(failure.get());
            }
            check(process.begin());
            begun = true;
            return process;
        } finally {
            if (!begun) {
                process.undo();
            }
        }
    }

    private void check(int reactorsAnswer) throws SpawnException {
        if (reactorsAnswer < 0) {
            throw new SpawnException(Step.REACTOR, -reactorsAnswer, command.get(0));
        }
    }

    private void setUp(Ptmx ptmx) throws SpawnException {
        int result = 0;
        if (windowSize.isPresent()) {
            result = ptmx.setWindowSize(TerminalSettings.toSys(windowSize.get()));
        }
        if (result == 0 && attributes.isPresent()) {
            result = ptmx.setAttributes(attributes.get().termios());
        }
        if (result < 0) {
            throw new SpawnException(Step.OPEN_TERMINAL, -result, ptmx.ptsPath());
        }
    }

    private PtyProcess create(ChildProcess child, Ptmx ptmx, Optional<Descriptor> ourError, SpawnStrategy used) {
        var start = new TerminalProcess.Start(
                reactor.loop(), ptmx, ourError, child, endAtExit, longLines == LongLines.SPLIT, closeGrace);
        if (protocol.isEmpty()) {
            return new PtyProcess(new StreamProcess(start, PartialWriteException.MAKER), command, arguments, used);
        }
        ProtocolListener listener = new ProtocolListener(protocol.get());
        return new PtyProcess(new EventProcess(start, limits, listener), listener, command, arguments, used);
    }

    private static SpawnException exception(SpawnFailure failed) {
        return new SpawnException(Step.of(failed.step()), failed.errno(), failed.culprit());
    }
}
