package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalAttributes.ControlCharacter;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.cast.CastFormat;
import dev.panpty.cast.Recorder;
import dev.panpty.cast.Recording;
import dev.panpty.cast.Speed;
import dev.panpty.expect.Awaited;
import dev.panpty.expect.Expect;
import dev.panpty.expect.ExpectOptions;
import dev.panpty.expect.Resizer;
import dev.panpty.expect.Shell;
import dev.panpty.expect.ShellResult;
import dev.panpty.screen.ClipboardText.Selection;
import dev.panpty.screen.Color;
import dev.panpty.screen.Key;
import dev.panpty.screen.MouseAction;
import dev.panpty.screen.MouseButton;
import dev.panpty.screen.PlainText;
import dev.panpty.screen.Screen;
import dev.panpty.screen.Style;
import dev.panpty.testing.ExportedTypes;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.NullCalls;
import dev.panpty.testing.Tools;
import dev.panpty.testing.Values;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Executable;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Null for any parameter of any public method gives a NullPointerException that names the parameter, before anything is opened or done. */
class NullTest {

    /** Methods that accept null. */
    private static final Set<String> EXEMPT = Set.of("directory", "equals"); // the first resets, as that of ProcessBuilder

    /** Types whose methods this library calls, on the user's objects or its own. */
    private static final Set<Class<?>> CALLED_BACK = Set.of(TerminalTap.class, ProcessProtocol.class, Expect.Reply.class, Resizer.class);

    private static boolean isExempt(Executable called) {
        boolean elsewhere = called.getDeclaringClass() == OwnTerminal.class; // OwnTerminalTest has them: this JVM may have no terminal
        return elsewhere || EXEMPT.contains(called.getName()) || isCalledBack(called);
    }

    private static boolean isCalledBack(Executable called) {
        return CALLED_BACK.stream().anyMatch(type -> type.isAssignableFrom(called.getDeclaringClass()) && Arrays.stream(type.getMethods())
                .anyMatch(method -> method.getName().equals(called.getName())
                        && Arrays.equals(method.getParameterTypes(), called.getParameterTypes())));
    }

    /** A producer that must not be registered. */
    private record NeverRegistered() implements Producer.Push {

        @Override
        public void pauseProducing() {
            throw new AssertionError("registered");
        }

        @Override
        public void resumeProducing() {
            throw new AssertionError("registered");
        }

        @Override
        public void stopProducing() {
            throw new AssertionError("registered");
        }
    }

    private static NullCalls calls() {
        return new NullCalls(NullTest::isExempt)
                .samples("x", new String[] {"true"}, List.of("true"), ByteBuffer.allocate(1), new byte[1], new byte[1][1], new char[1], Duration.ZERO,
                        TimeUnit.SECONDS, WindowSize.DEFAULT, TerminalAttributes.cooked(), Signal.CONT, Path.of("/"), SpawnStrategy.AUTO,
                        StandardError.TERMINAL, LongLines.REFUSE, ResourceLimit.CORE, LocalFlag.ECHO, ControlCharacter.VEOF, Optional.empty(),
                        OptionalLong.empty(), LocalFlag.class, StandardCharsets.UTF_8, 0, 0L, (byte) 0, 'x', 1.0, false, Map.of())
                .sample(Runnable.class, () -> { })
                .sample(Consumer.class, ignored -> { })
                .sample(Predicate.class, ignored -> true)
                .sample(ProcessProtocol.class, new ProcessProtocol() { })
                .sample(TerminalTap.class, new TerminalTap() { })
                .sample(Producer.class, new NeverRegistered())
                .sample(Iterable.class, List.of())
                .sample(Set.class, Set.of())
                .sample(CharSequence.class, "x")
                .sample(Charset.class, StandardCharsets.UTF_8);
    }

    /** All refused by name, and none forgotten. */
    private static void assertComplete(NullCalls calls, String name) throws Exception {
        assertEquals(List.of(), calls.wrong());
        assertEquals(Set.of(), calls.missing(ExportedTypes.of(name)));
    }

    @Test
    void everyPublicMethodRefusesNullByName() throws Exception {
        Leaks.none(() -> {
            NullCalls calls = calls();
            try (Pty pty = Pty.open(); Reactor reactor = Reactor.open(); PtyProcess streams = PtyProcess.start("cat");
                    PtyProcess events = new PtyProcessBuilder("cat").start(reactor, new ProcessProtocol() { })) {
                calls.samples(pty, reactor);
                ProcessFlow flow = new ProcessFlow();
                for (Object target : List.of(streams, events, pty, reactor, new PtyProcessBuilder("true"), flow, TerminalAttributes.raw(),
                        new TextDecoder(StandardCharsets.UTF_8), new LineDecoder(StandardCharsets.UTF_8))) {
                    calls.target(target);
                }
                calls.target(Flow.Publisher.class, flow.output());
                calls.target(Flow.Publisher.class, flow.text(StandardCharsets.UTF_8));
                calls.target(Flow.Publisher.class, flow.lines(StandardCharsets.UTF_8, 80));
                calls.target(Flow.Subscriber.class, flow.input());
                for (Class<?> type : ExportedTypes.of("dev.panpty")) {
                    calls.type(type);
                }
                assertTrue(streams.isAlive() && events.isAlive());
            }
            assertComplete(calls, "dev.panpty");
        });
    }

    @Test
    void everyPublicMethodOfRecordingsRefusesNullByName(@TempDir Path folder) throws Exception {
        Leaks.none(() -> {
            NullCalls calls = calls().samples(Speed.NORMAL, CastFormat.SCRIPT, new ExitStatus.Exited(1))
                    .sample(Path.class, folder.resolve("never")).sample(InputStream.class, InputStream.nullInputStream())
                    .sample(OutputStream.class, OutputStream.nullOutputStream());
            Path cast = Files.writeString(folder.resolve("a.cast"), "{\"version\":2,\"width\":80,\"height\":24}\n");
            try (Recorder recorder = Recorder.to(folder.resolve("b.cast"))) {
                calls.target(recorder);
                calls.target(Recording.read(cast));
            }
            values(calls, "dev.panpty.cast");
            try (var files = Files.list(folder)) {
                assertEquals(List.of(cast), files.toList(), "no file was made");
            }
        });
    }

    @Test
    void everyPublicMethodOfScreensRefusesNullByName() throws Exception {
        NullCalls calls = calls().samples(Style.DEFAULT, Color.DEFAULT, Style.Underline.NONE, Style.Attribute.BOLD, MouseButton.LEFT,
                MouseAction.PRESS, new ExitStatus.Exited(1)).sample(Set.class, Set.of(Selection.CLIPBOARD));
        calls.target(new Screen());
        calls.target(new PlainText());
        values(calls, "dev.panpty.screen");
    }

    @Test
    void everyPublicMethodOfDialogsRefusesNullByName() throws Exception {
        Tools.skipUnless(Tools.has("dash"), "dash");
        Leaks.none(() -> {
            NullCalls calls = calls();
            try (PtyProcess process = PtyProcess.start("cat"); Expect session = Expect.start("cat"); Shell shell = Shell.start(Shell.Kind.DASH)) {
                calls.samples(process, session, new PtyProcessBuilder("true"), ExpectOptions.defaults(), Awaited.text("x"), new Awaited[] {Awaited.text("x")}, Pattern.compile("x"),
                        Key.UP, Shell.Kind.DASH, new ShellResult.Incomplete(), new ExitStatus.Exited(1))
                        .sample(InputStream.class, InputStream.nullInputStream()).sample(OutputStream.class, OutputStream.nullOutputStream())
                        .sample(Expect.Reply.class, (talk, prompt) -> { }).sample(Resizer.class, size -> { });
                calls.target(session);
                calls.target(shell);
                values(calls, "dev.panpty.expect");
                assertTrue(process.isAlive() && shell.process().isAlive());
            }
        });
    }

    private static void values(NullCalls calls, String name) throws Exception {
        for (Object value : Values.all()) {
            if (value.getClass().getPackageName().equals(name)) {
                calls.target(value);
            }
        }
        for (Class<?> type : ExportedTypes.of(name)) {
            calls.type(type);
        }
        assertComplete(calls, name);
    }
}
