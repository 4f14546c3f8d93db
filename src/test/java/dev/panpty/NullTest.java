package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalAttributes.ControlCharacter;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.testing.Leaks;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Null for any parameter of any public method gives a NullPointerException that names the parameter, before anything is opened or done. */
class NullTest {

    /** Methods that only the reactor calls, and methods that accept null. */
    private static final Set<String> EXEMPT = Set.of("connectionMade", "outReceived", "childDataReceived", "errReceived", "processExited",
            "processEnded", "onError", "equals");

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

    private final Map<Class<?>, Object> samples = new LinkedHashMap<>();

    private void fillSamples(Pty pty, Reactor reactor) {
        Object[] each = {"x", new String[] {"true"}, List.of("true"), ByteBuffer.allocate(1), new byte[1], new byte[1][1], Duration.ZERO, TimeUnit.SECONDS,
            WindowSize.DEFAULT, TerminalAttributes.cooked(), Signal.CONT, reactor, Path.of("/"), pty, SpawnStrategy.AUTO,
            StandardError.TERMINAL, LongLines.REFUSE, ResourceLimit.CORE, LocalFlag.ECHO, ControlCharacter.VEOF, Optional.empty(),
            OptionalLong.empty(), LocalFlag.class, StandardCharsets.UTF_8, 0, 0L, false, Map.of()};
        for (Object sample : each) {
            samples.put(sample.getClass(), sample);
        }
        samples.put(Runnable.class, (Runnable) () -> { });
        samples.put(ProcessProtocol.class, new ProcessProtocol() { });
        samples.put(TerminalTap.class, new TerminalTap() { });
        samples.put(Producer.class, new NeverRegistered());
        samples.put(Iterable.class, List.of());
    }

    private Object sample(Class<?> type) {
        Class<?> boxed = MethodType.methodType(type).wrap().returnType();
        return samples.entrySet().stream().filter(entry -> boxed.isAssignableFrom(entry.getKey())).map(Map.Entry::getValue).findFirst()
                .orElseThrow(() -> new AssertionError("no sample of " + type));
    }

    @Test
    void everyPublicMethodRefusesNullByName() throws Exception {
        Leaks.none(() -> {
            List<String> wrong = new ArrayList<>();
            try (Pty pty = Pty.open(); Reactor reactor = Reactor.open(); PtyProcess streams = PtyProcess.start("cat");
                    PtyProcess events = new PtyProcessBuilder("cat").start(reactor, new ProcessProtocol() { })) {
                fillSamples(pty, reactor);
                ProcessFlow flow = new ProcessFlow();
                for (Object target : List.of(streams, events, pty, reactor, new PtyProcessBuilder("true"), flow, TerminalAttributes.raw(),
                        new TextDecoder(StandardCharsets.UTF_8), new LineDecoder(StandardCharsets.UTF_8))) {
                    for (Method method : target.getClass().getMethods()) {
                        if (!Modifier.isStatic(method.getModifiers())) {
                            check(method, target, wrong);
                        }
                    }
                }
                checkInterface(Flow.Publisher.class, flow.output(), wrong);
                checkInterface(Flow.Publisher.class, flow.text(StandardCharsets.UTF_8), wrong);
                checkInterface(Flow.Publisher.class, flow.lines(StandardCharsets.UTF_8, 80), wrong);
                checkInterface(Flow.Subscriber.class, flow.input(), wrong);
                for (Class<?> type : List.of(PtyProcess.class, PtyProcessBuilder.class, Signal.class, WindowSize.class, PtyLimits.class,
                        SessionReport.class, SessionReport.Member.class, ProcessTransport.Endpoint.class,
                        TerminalControl.ForegroundProcess.class, ExitStatus.Signaled.class, ExitStatus.Unknown.class, DisconnectReason.Failed.class,
                        TextDecoder.class, LineDecoder.class, ProcessFlow.class)) {
                    checkStatic(type, wrong);
                }
                assertTrue(streams.isAlive() && events.isAlive());
            }
            assertEquals(List.of(), wrong);
        });
    }

    private void checkStatic(Class<?> type, List<String> wrong) throws Exception {
        for (Method method : type.getMethods()) {
            if (Modifier.isStatic(method.getModifiers())) {
                check(method, null, wrong);
            }
        }
        for (Constructor<?> constructor : type.getConstructors()) {
            check(constructor, null, wrong);
        }
    }

    private void checkInterface(Class<?> type, Object target, List<String> wrong) throws Exception {
        for (Method method : type.getMethods()) {
            check(method, target, wrong);
        }
    }

    private void check(Executable called, Object target, List<String> wrong) throws Exception {
        boolean ours = called.getDeclaringClass().getPackage() == PtyProcess.class.getPackage()
                || called.getDeclaringClass().getEnclosingClass() == Flow.class;
        boolean resets = called.getName().equals("directory"); // as that of ProcessBuilder
        boolean exempt = resets || EXEMPT.contains(called.getName()) && called.getDeclaringClass().getEnclosingClass() != Flow.class;
        if (!ours || exempt || called.isSynthetic()) {
            return;
        }
        Class<?>[] types = called.getParameterTypes();
        for (int i = 0; i < types.length; i++) {
            if (types[i].isPrimitive()) {
                continue;
            }
            Object[] arguments = new Object[types.length];
            for (int j = 0; j < types.length; j++) {
                arguments[j] = j == i ? null : sample(types[j]);
            }
            outcome(called, target, arguments).ifPresent(what -> wrong.add(called + " with " + Arrays.toString(arguments) + ": " + what));
        }
    }

    /** The outcome of a call that is not the required exception; empty if it is. */
    private static Optional<String> outcome(Executable called, Object target, Object[] arguments) throws Exception {
        try {
            Object result = called instanceof Constructor<?> constructor
                    ? constructor.newInstance(arguments)
                    : ((Method) called).invoke(target, arguments);
            return Optional.of("answered " + result);
        } catch (InvocationTargetException thrown) {
            Throwable cause = thrown.getCause();
            boolean named = cause instanceof NullPointerException && cause.getMessage() != null && cause.getMessage().matches("[\\w ]+");
            return named ? Optional.empty() : Optional.of(cause.toString());
        }
    }
}
