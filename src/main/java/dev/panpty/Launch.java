package dev.panpty;

import dev.panpty.SpawnException.Step;
import dev.panpty.internal.event.EventProcess;
import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.process.ProcessStart;
import dev.panpty.internal.process.Tap;
import dev.panpty.internal.spawn.ChildSettings;
import dev.panpty.internal.spawn.Environment;
import dev.panpty.internal.spawn.PlatformString;
import dev.panpty.internal.spawn.SpawnFailure;
import dev.panpty.internal.spawn.SpawnRequest;
import dev.panpty.internal.spawn.Strategies;
import dev.panpty.internal.stream.StreamProcess;
import dev.panpty.internal.sys.ChildProcess;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Limits;
import dev.panpty.internal.sys.NativeAccess;
import dev.panpty.internal.sys.NativeBlock;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.Result;
import dev.panpty.internal.sys.Termios;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One start of a builder's program: checks and encodes everything before anything is opened, opens and sets up the terminal, takes the
 * process's places in the reactor, makes the child. If a step fails, the earlier ones are undone, and no program has run. The only
 * exception comes after the exec: if memory runs out, or the reactor fails or is closed, the program that has begun is killed.
 *
 * <p>Used by the thread that uses the builder. The process keeps copies of what it needs, and no reference to this.
 */
final class Launch {

    /** Far beyond the kernel's limit, see ARG_MAX in execve(2), but small enough to be encoded. */
    private static final long MAX_ARGUMENTS_BYTES = 256L << 20;

    private final PtyProcessBuilder asked;
    private final Optional<Pty> pty; // in place of a new terminal; owned by the caller until the start has succeeded
    private final byte[] program;
    private final List<byte[]> arguments;
    private final Optional<byte[]> directory;
    private final SpawnStrategy strategy;
    private final List<byte[]> environment;
    private final ChildSettings settings;
    private final Optional<ProcessProtocol> protocol;
    private final Reactor reactor;
    private final EventLoop loop; // leased until the end of the start

    /**
     * Checks the builder's values and takes a lease, which {@link #start} releases.
     *
     * @param chosen the reactor; the shared one if empty
     * @throws IllegalArgumentException as {@link PtyProcessBuilder#start()}
     * @throws IllegalStateException if the reactor is closed
     */
    Launch(PtyProcessBuilder asked, Optional<Reactor> chosen, Optional<ProcessProtocol> protocol) throws SpawnException {
        this.asked = asked;
        pty = asked.pty;
        if (asked.command.isEmpty() || asked.command.get(0).isEmpty()) {
            throw new IllegalArgumentException("the command must name a program, was " + asked.command);
        }
        program = PlatformString.of("program", asked.command.get(0));
        arguments = arguments();
        directory = directory();
        strategy = asked.strategy.isPresent() ? asked.strategy.get() : SpawnStrategy.ofProperty();
        try {
            NativeAccess.require();
        } catch (UncheckedIOException noDescriptor) {
            throw SpawnException.noDescriptorToBegin(noDescriptor.getCause());
        }
        environment = asked.environment == null ? Environment.untouched() : asked.environment.strings();
        if (NativeBlock.sizeOfStrings(arguments) + NativeBlock.sizeOfStrings(environment) > MAX_ARGUMENTS_BYTES) {
            throw tooManyArguments();
        }
        settings = asked.options.resolve();
        this.protocol = protocol;
        reactor = chosen.isPresent() ? chosen.get() : Reactor.shared();
        loop = reactor.lease(); // last: what fails before need not release it
    }

    /** argv as bytes. The lengths are checked first, since encoding a huge list takes long. */
    private List<byte[]> arguments() throws SpawnException {
        long length = 0;
        for (String argument : asked.command) {
            length += argument.length();
        }
        if (length > MAX_ARGUMENTS_BYTES) {
            throw tooManyArguments();
        }
        List<byte[]> bytes = new ArrayList<>(asked.command.size());
        bytes.add(asked.argv0.isPresent() ? PlatformString.of("argv0", asked.argv0.get()) : program);
        for (String argument : asked.command.subList(1, asked.command.size())) {
            bytes.add(PlatformString.of("argument", argument));
        }
        return bytes;
    }

    /** Empty for the empty path, which in NIO is the JVM's own directory. */
    private Optional<byte[]> directory() {
        if (asked.directory.isEmpty() && asked.directoryName.isEmpty()) {
            return Optional.empty();
        }
        byte[] bytes = asked.directory.isPresent() ? PlatformString.of(asked.directory.get())
                : PlatformString.of("directory", asked.directoryName.get());
        return bytes.length == 0 ? Optional.empty() : Optional.of(bytes);
    }

    private SpawnException tooManyArguments() {
        return new SpawnException(Step.EXEC, Errno.E2BIG, asked.command.get(0));
    }

    /** To be called once. */
    PtyProcess start() throws SpawnException {
        try {
            return startLeased();
        } finally {
            loop.release();
        }
    }

    private PtyProcess startLeased() throws SpawnException {
        if (pty.isPresent()) {
            Ptmx lent = pty.get().lend();
            try {
                if (asked.controllingTerminal) {
                    refuseControllingTerminal(lent);
                }
                setUp(lent);
                PtyProcess process = startOn(lent);
                pty.get().give(process.channel());
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

    /** A new terminal. */
    static Ptmx openTerminal() throws SpawnException {
        Result<Ptmx> opened = Ptmx.open();
        if (opened.failed()) {
            boolean isWithoutDevpts = opened.error() == -Errno.ENODEV || opened.error() == -Errno.ENOENT && Ptmx.isLink();
            String needed = isWithoutDevpts ? ", which needs a devpts mounted at /dev/pts" : "";
            boolean full = !Limits.numbers(-opened.error()).isEmpty(); // then the exception itself adds the numbers
            throw new SpawnException(
                    Step.OPEN_TERMINAL, -opened.error(), "/dev/ptmx" + needed + (full ? "" : " (" + PtyLimits.current() + ")"));
        }
        return opened.value();
    }

    /** The controlling terminal of another session cannot become the program's: posix_spawn would start it without one. */
    private static void refuseControllingTerminal(Ptmx lent) throws SpawnException {
        int session = lent.session();
        if (session >= 0) {
            throw new SpawnException(
                    Step.TERMINAL, Errno.EPERM, lent.ptsPath() + ", which is the controlling terminal of session " + session);
        }
    }

    private PtyProcess startOn(Ptmx ptmx) throws SpawnException {
        return switch (asked.standardError) {
            case TERMINAL -> start(ptmx, Errors.ON_TERMINAL);
            case PIPE -> startWithPipe(ptmx);
            case OWN_TERMINAL -> startWithSecondTerminal(ptmx);
        };
    }

    /** Standard error: what the child gets, and at most one of our ends. */
    private record Errors(Optional<Descriptor> childs, Optional<Descriptor> pipe, Optional<Ptmx> terminal) {

        static final Errors ON_TERMINAL = new Errors(Optional.empty(), Optional.empty(), Optional.empty());
    }

    private PtyProcess startWithPipe(Ptmx ptmx) throws SpawnException {
        Result<Descriptor.Pipe> made = Descriptor.pipe();
        if (made.failed()) {
            throw new SpawnException(Step.STDIO, -made.error(), "pipe for standard error");
        }
        Descriptor.Pipe pipe = made.value();
        try (Descriptor writeEnd = pipe.writeEnd()) {
            return start(ptmx, new Errors(Optional.of(writeEnd), Optional.of(pipe.readEnd()), Optional.empty()));
        } catch (SpawnException | RuntimeException | Error failed) {
            pipe.readEnd().close();
            throw failed;
        }
    }

    private PtyProcess startWithSecondTerminal(Ptmx ptmx) throws SpawnException {
        Ptmx second = openTerminal();
        try {
            setUpLike(ptmx, second);
            Result<Descriptor> opened = second.openPts();
            if (opened.failed()) {
                throw new SpawnException(Step.PTS, -opened.error(), second.ptsPath());
            }
            try (Descriptor pts = opened.value()) {
                return start(ptmx, new Errors(Optional.of(pts), Optional.empty(), Optional.of(second)));
            }
        } catch (SpawnException | RuntimeException | Error failed) {
            second.close();
            throw failed;
        }
    }

    /** Gives the second terminal the size and the attributes of the first. */
    private static void setUpLike(Ptmx first, Ptmx second) throws SpawnException {
        Result<Ptmx.Size> size = first.windowSize();
        Result<Termios> attributes = first.attributes();
        int result = Math.min(size.error(), attributes.error());
        if (result == 0) {
            result = second.setWindowSize(size.value());
        }
        if (result == 0) {
            result = second.setAttributes(attributes.value());
        }
        if (result < 0) {
            throw new SpawnException(Step.OPEN_TERMINAL, -result, second.ptsPath());
        }
    }

    private PtyProcess start(Ptmx ptmx, Errors errors) throws SpawnException {
        SpawnRequest request = new SpawnRequest(ptmx, errors.childs(), errors.terminal(), asked.controllingTerminal, program,
                Environment.path(environment), arguments, environment, directory, settings);
        Strategies.Choice choice = Strategies.choose(request, strategy.forcedName());
        if (choice.strategy().isEmpty()) {
            throw exception(choice.refusal());
        }
        var chosen = choice.strategy().get();
        ChildProcess child = new ChildProcess();
        PtyProcess process = create(child, ptmx, errors, SpawnStrategy.ofName(chosen.name()));
        boolean begun = false;
        try {
            check(process.prepare()); // before the exec, so that no program has run if a place is refused
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
            throw new SpawnException(Step.REACTOR, -reactorsAnswer, asked.command.get(0));
        }
    }

    /** Sets size and attributes. The caller's own terminal keeps those that the builder does not set. */
    private void setUp(Ptmx ptmx) throws SpawnException {
        int result = 0;
        if (pty.isEmpty() || asked.windowSize.isPresent()) {
            WindowSize size = asked.windowSize.isPresent() ? asked.windowSize.get() : WindowSize.DEFAULT;
            result = ptmx.setWindowSize(TerminalSettings.toSys(size));
        }
        if (result == 0 && (pty.isEmpty() || asked.attributes.isPresent())) {
            TerminalAttributes attributes = asked.attributes.isPresent() ? asked.attributes.get() : TerminalAttributes.cooked();
            result = ptmx.setAttributes(attributes.termios());
        }
        if (result < 0) {
            throw new SpawnException(Step.OPEN_TERMINAL, -result, ptmx.ptsPath());
        }
    }

    private PtyProcess create(ChildProcess child, Ptmx ptmx, Errors errors, SpawnStrategy used) {
        if (asked.taps.isEmpty()) {
            return create(child, ptmx, errors, used, Optional.empty());
        }
        Map<String, String> variables = asked.environment == null ? new Environment().map() : asked.environment.map();
        Taps taps = new Taps(asked.taps, asked.command, Map.copyOf(variables));
        PtyProcess process = create(child, ptmx, errors, used, Optional.of(taps));
        process.tap(taps);
        return process;
    }

    private PtyProcess create(ChildProcess child, Ptmx ptmx, Errors errors, SpawnStrategy used, Optional<? extends Tap> tap) {
        var start = new ProcessStart(
                loop, ptmx, errors.pipe(), errors.terminal(), asked.controllingTerminal, child, asked.endAtExit,
                splitsLongLines(), asked.closeGrace, tap);
        if (protocol.isEmpty()) {
            return new PtyProcess(new StreamProcess(start, PartialWriteException::new), reactor, asked.command, arguments, used);
        }
        var limits = new EventProcess.Limits(asked.highWaterBytes, asked.lowWaterBytes, asked.joinedBytes, asked.loseConnectionLimit);
        ProtocolListener listener = new ProtocolListener(
                protocol.get(), asked.ownedOutput && !(protocol.get() instanceof ProcessFlow)); // a flow's items are copies
        return new PtyProcess(new EventProcess(start, limits, listener), listener, reactor, asked.command, arguments, used);
    }

    private boolean splitsLongLines() {
        LongLines ofTheStyle = protocol.isPresent() ? LongLines.SPLIT : LongLines.REFUSE;
        return asked.longLines.orElse(ofTheStyle) == LongLines.SPLIT;
    }

    private static SpawnException exception(SpawnFailure failed) {
        return new SpawnException(Step.of(failed.step()), failed.errno(), failed.culprit());
    }
}
