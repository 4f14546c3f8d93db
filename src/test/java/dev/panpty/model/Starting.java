package dev.panpty.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.LongLines;
import dev.panpty.Pty;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.Reactor;
import dev.panpty.ResourceLimit;
import dev.panpty.Signal;
import dev.panpty.SpawnException;
import dev.panpty.SpawnStrategy;
import dev.panpty.StandardError;
import dev.panpty.TerminalTap;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Starts {@code obey} with all options and in every way. */
final class Starting {

    private static final String OBEY = Path.of(System.getProperty("panpty.test.native", "target/test-native"), "obey")
            .toAbsolutePath().toString();
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final int FILES = 64;

    private final Options options;
    private final Reactor reactor;

    Starting(Options options, Reactor reactor) {
        this.options = options;
        this.reactor = reactor;
    }

    /** The optional settings are more than posix_spawn supports. */
    boolean mustFail() {
        return options.changed() && options.strategy() == SpawnStrategy.POSIX_SPAWN;
    }

    Subject start() throws Exception {
        ModelRecorder recorder = new ModelRecorder(options.style() == Options.Style.FLOW);
        PtyProcessBuilder builder = builder();
        PtyProcess process;
        if (options.home() == Options.Home.ON_A_PTY) {
            process = startOnPty(builder, recorder);
        } else {
            builder.windowSize(options.size()).attributes(options.attributes());
            process = start(builder, recorder);
        }
        Ears ears = options.style().hasEvents() ? new Ears.Told(recorder) : new Ears.Reading(options.style() == Options.Style.READERS);
        Subject subject = new Subject(process, options, reactor, ears);
        subject.belief.answers("(ready)");
        subject.settle();
        return subject;
    }

    private PtyProcess start(PtyProcessBuilder builder, ModelRecorder recorder) throws SpawnException {
        if (!options.style().hasEvents()) {
            return options.home() == Options.Home.ON_A_REACTOR ? builder.start(reactor) : builder.start();
        }
        return options.home() == Options.Home.ON_A_REACTOR ? builder.start(reactor, recorder) : builder.start(recorder);
    }

    /** After the start the process owns the Pty, whose own streams have ended; after a failed start the Pty is still ours. */
    private PtyProcess startOnPty(PtyProcessBuilder builder, ModelRecorder recorder) throws Exception {
        try (Pty pty = Pty.open()) {
            pty.resize(options.size());
            pty.attributes(options.attributes());
            String name = pty.ptsName();
            assertThrows(SpawnException.class, () -> new PtyProcessBuilder("/nowhere").pty(pty).start());
            assertEquals(options.size(), pty.windowSize());
            builder.pty(pty);
            PtyProcess process = start(builder, recorder);
            assertEquals(name, process.ptsName());
            assertEquals(-1, pty.ptmxInputStream().read());
            assertThrows(IOException.class, () -> pty.ptmxOutputStream().write(1));
            assertThrows(IllegalStateException.class, builder::start);
            return process;
        }
    }

    private PtyProcessBuilder builder() {
        PtyProcessBuilder builder = (options.changed() ? new PtyProcessBuilder("nothing").command("this", "neither").command(List.of(OBEY)) : new PtyProcessBuilder(OBEY))
                .endAtExit(options.endAtExit())
                .stderr(options.errors())
                .controllingTerminal(true)
                .longLines(options.longLines())
                .closeGrace(GRACE)
                .loseConnectionLimit(GRACE)
                .waterMarks(20_000, 5000);
        assertEquals(List.of(OBEY), builder.command());
        if (options.strategy() != SpawnStrategy.AUTO) {
            builder.spawnStrategy(options.strategy());
        }
        if (options.changed()) {
            change(builder);
            return copied(builder);
        }
        assertEquals(options.changed(), builder.ownedOutput());
        assertEquals(options.changed(), builder.joinOutput().isPresent());
        return builder;
    }

    /** A copy, which has all that was set. */
    private static PtyProcessBuilder copied(PtyProcessBuilder builder) {
        assertTrue(PtyProcessBuilder.isSupported(), () -> PtyProcessBuilder.unsupportedReason().toString());
        PtyProcessBuilder copy = builder.copy().environment(builder.environment()).tap(new TerminalTap() {});
        assertEquals(1, copy.taps().size());
        assertEquals(all(builder), all(copy));
        copy.directory(null).directoryName("/");
        return copy;
    }

    private static List<Object> all(PtyProcessBuilder builder) {
        return List.of(builder.command(), builder.argv0(), builder.environment(), builder.directory(), builder.directoryName(), builder.pty(),
                builder.windowSize(), builder.attributes(), builder.closeGrace(), builder.endAtExit(), builder.stderr(), builder.longLines(),
                builder.controllingTerminal(), builder.loseConnectionLimit(), builder.spawnStrategy(), builder.user(), builder.hasLoginEnvironment(), builder.group(),
                builder.supplementaryGroupList(), builder.umask(), builder.niceness(), builder.limits(), builder.parentDeathSignal());
    }

    private static void change(PtyProcessBuilder builder) {
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("MODEL", "of-all");
        builder.argv0("-obey").directory(Path.of("/")).joinOutput(20_000).ownedOutput(true)
                .umask(027).niceness(5).limit(ResourceLimit.NOFILE, FILES, FILES).parentDeathSignal(Signal.KILL)
                .user(own("uid")).user(Integer.toString(own("uid"))).group(own("gid")).group(Integer.toString(own("gid")));
        if (own("uid") == 0) {
            builder.supplementaryGroups("0");
        }
    }

    private static int own(String id) {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:" + id);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The program reports the settings that it was given. */
    void check(Subject subject) throws Exception {
        if (options.changed()) {
            Typing.type(subject, Where.PLATFORM, 0, "f\n");
            subject.answered("(-obey / 027 5 " + FILES + " " + own("uid") + " " + own("gid") + " of-all)");
        }
        TalkSteps.askForSize(subject, Where.PLATFORM, 0);
        assertEquals(options.attributes(), subject.process.attributes());
        assertTrue(subject.process.isAlive());
    }

    /** By the short method, everything at its default. */
    static Subject plainly() throws Exception {
        PtyProcess process = PtyProcess.start(OBEY);
        Options options = new Options(Options.Style.STREAMS, SpawnStrategy.AUTO, false, WindowSize.DEFAULT, StandardError.TERMINAL, false,
                LongLines.REFUSE, Options.Home.PLAIN, false);
        Subject subject = new Subject(process, options, Reactor.shared(), new Ears.Reading(false));
        subject.belief.answers("(ready)");
        return subject;
    }
}
