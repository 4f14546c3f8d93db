package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalAttributes.ControlCharacter;
import dev.panpty.TerminalAttributes.Flag;
import dev.panpty.TerminalAttributes.InputFlag;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.testing.Crowd;
import dev.panpty.testing.ProcessCalls;
import dev.panpty.testing.Repository;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every public method has a test that calls it from many threads at once, and a Javadoc that names the threads that may call it. */
class EveryMethodTest {

    private static final int THREADS = 8;
    private static final int ROUNDS = 20;
    private static final int CHARACTER_SIZE = 8;
    private static final int BAUDS = 9600;

    /** Types whose methods many threads may not call at once, and the reasons. */
    private static final Map<Class<?>, String> EXCUSED = Map.of(
            PtyProcessBuilder.class, "its Javadoc restricts it to one thread at a time",
            TextDecoder.class, "its Javadoc restricts it to one thread at a time",
            LineDecoder.class, "its Javadoc restricts it to one thread at a time",
            ProcessProtocol.class, "called by the reactor's thread alone",
            TerminalTap.class, "called by one thread at a time, under the lock of its process",
            Producer.class, "called by the reactor's thread alone",
            Producer.Push.class, "called by the reactor's thread alone",
            Producer.Pull.class, "called by the reactor's thread alone");

    /** A value of each type, as receiver and as argument. */
    private static final List<Object> SAMPLES = List.of(
            new WindowSize(24, 80), Signal.HUP, new ExitStatus.Exited(1), new ExitStatus.Signaled(Signal.KILL, true),
            new ExitStatus.Unknown("lost"), new SessionReport(List.of(new SessionReport.Member(1, "init")), List.of()),
            new SessionReport.Member(2, "two"), new PtyLimits(OptionalLong.of(1), OptionalLong.empty(), OptionalLong.of(3), 4),
            TerminalAttributes.cooked(), InputFlag.ICRNL, TerminalAttributes.OutputFlag.OPOST, TerminalAttributes.ControlFlag.CREAD,
            LocalFlag.ECHO, ControlCharacter.VEOF, ResourceLimit.CPU, SpawnStrategy.AUTO, StandardError.PIPE, LongLines.SPLIT,
            new SpawnException(SpawnException.Step.EXEC, 2, "nothing"), SpawnException.Step.EXEC,
            new TerminalControl.ForegroundProcess(1, List.of("init"), Optional.empty()), ProcessTransport.State.CONNECTED,
            new ProcessTransport.Endpoint("/dev/ptmx"), new PtyProcessBuilder.Limit(1, 2), new DisconnectReason.Closed(), new DisconnectReason.HungUp(),
            new DisconnectReason.Failed("read: EIO"), new PartialWriteException("cut", 1));

    /** Methods whose result depends on the moment. */
    private static final String OF_THE_MOMENT = "current()";

    @Test
    void everyPublicMethodIsCalledFromManyThreadsOrHasAReasonNotToBe() throws Exception {
        Set<String> missing = new TreeSet<>();
        for (Class<?> type : exported()) {
            Set<String> called = called(type);
            for (Method method : publicMethods(type)) {
                if (!EXCUSED.containsKey(type) && !called.contains(signature(method))) {
                    missing.add(type.getSimpleName() + "." + signature(method));
                }
            }
        }
        assertEquals(Set.of(), missing);
    }

    @Test
    void everyTypeSaysWhichThreadsMayUseIt() throws Exception {
        List<String> silent = new ArrayList<>();
        for (Class<?> type : exported()) {
            if (type.getEnclosingClass() == null) {
                String source = Repository.text("src/main/java/dev/panpty/" + type.getSimpleName() + ".java");
                String head = source.substring(source.indexOf("/**"), source.indexOf("\npublic "));
                if (!head.contains("thread")) {
                    silent.add(type.getSimpleName());
                }
            }
        }
        assertEquals(List.of(), silent);
    }

    /** Values give the same results to any number of threads. */
    @Test
    void valuesAnswerAllThreadsAlike() throws Exception {
        Map<String, Object> answers = new TreeMap<>();
        for (Object sample : SAMPLES) {
            for (Method method : publicMethods(sample.getClass())) {
                answers.put(key(sample, method), answer(sample, method));
            }
        }
        Crowd.run(THREADS, (number, count) -> {
            for (Object sample : SAMPLES) {
                for (Method method : publicMethods(sample.getClass())) {
                    Object answer = answer(sample, method);
                    assertTrue(Objects.deepEquals(answers.get(key(sample, method)), answer) || signature(method).equals(OF_THE_MOMENT),
                            () -> key(sample, method) + " gave " + answer);
                }
            }
            return count < ROUNDS;
        });
    }

    private static String key(Object sample, Method method) {
        return sample.getClass().getName() + "." + signature(method);
    }

    private static Object answer(Object receiver, Method method) throws ReflectiveOperationException {
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(type -> method.getName().equals("withSpeed") ? BAUDS : isMode(method, type) ? "VEOF" : sample(type))
                .toArray();
        return method.invoke(receiver, arguments);
    }

    private static boolean isMode(Method method, Class<?> parameter) {
        return method.getDeclaringClass() == TerminalAttributes.class && parameter == String.class;
    }

    private static Object sample(Class<?> type) {
        if (type == long.class) {
            return 1L;
        }
        if (type == byte[].class) {
            return new byte[] {1, 0, 0, 0, 3};
        }
        if (type == int.class) {
            return CHARACTER_SIZE;
        }
        if (type == boolean.class) {
            return true;
        }
        if (type == String.class) {
            return "HUP";
        }
        if (type == Class.class) {
            return LocalFlag.class;
        }
        return SAMPLES.stream().filter(type::isInstance).findFirst().orElseThrow(() -> new AssertionError("no sample of " + type));
    }

    private static Set<String> called(Class<?> type) {
        if (SAMPLES.stream().anyMatch(type::isInstance)) {
            return publicMethods(type).stream().map(EveryMethodTest::signature).collect(Collectors.toSet());
        }
        if (type.isAssignableFrom(PtyProcess.class)) {
            Set<String> all = new HashSet<>();
            for (Map<String, ?> calls : List.of(ProcessCalls.harmless(), ProcessCalls.whileItLasts(), ProcessCalls.ofStreams(),
                    ProcessCalls.ofEvents(), ProcessCalls.ending(), ProcessCalls.endingOfStreams(), ProcessCalls.endingOfEvents(),
                    ProcessCalls.waiting())) {
                all.addAll(calls.keySet());
            }
            return all;
        }
        if (type == ProcessFlow.class) {
            Set<String> all = new HashSet<>(EveryDoorTest.CALLED.get(type));
            publicMethods(ProcessProtocol.class).forEach(method -> all.add(signature(method))); // only the reactor's thread calls them
            return all;
        }
        return EveryDoorTest.CALLED.getOrDefault(type, Set.of());
    }

    private static List<Method> publicMethods(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getDeclaringClass().getPackageName().equals("dev.panpty") && !method.isBridge())
                .filter(method -> !method.getDeclaringClass().isEnum() || !List.of("values", "valueOf").contains(method.getName()))
                .toList();
    }

    private static String signature(Method method) {
        return Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName)
                .collect(Collectors.joining(",", method.getName() + "(", ")"));
    }

    /** The public types of the exported package, nested ones included. */
    private static List<Class<?>> exported() throws IOException {
        List<Class<?>> types = new ArrayList<>();
        try (Stream<Path> files = Files.list(Repository.path("target/classes/dev/panpty"))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".class")).toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                if (!name.equals("package-info")) {
                    types.add(load("dev.panpty." + name));
                }
            }
        }
        types.removeIf(type -> !isPublic(type));
        assertTrue(types.contains(PtyProcess.class) && types.contains(Flag.class), types::toString);
        return types;
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers()) && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, EveryMethodTest.class.getClassLoader());
        } catch (ClassNotFoundException gone) {
            throw new AssertionError(gone);
        }
    }
}
