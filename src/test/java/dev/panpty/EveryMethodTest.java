package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalAttributes.ControlCharacter;
import dev.panpty.TerminalAttributes.Flag;
import dev.panpty.TerminalAttributes.InputFlag;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.expect.Expect;
import dev.panpty.expect.Resizer;
import dev.panpty.screen.PlainText;
import dev.panpty.testing.Crowd;
import dev.panpty.testing.ExportedTypes;
import dev.panpty.testing.ProcessCalls;
import dev.panpty.testing.Repository;
import dev.panpty.testing.Values;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every public method has a test that calls it from many threads at once, and a Javadoc that names the threads that may call it. */
class EveryMethodTest {

    private static final int THREADS = 8;
    private static final int ROUNDS = 20;
    private static final int CHARACTER_SIZE = 8;

    /** Types whose methods many threads may not call at once, and the reasons. */
    private static final Map<Class<?>, String> EXCUSED = Map.ofEntries(
            Map.entry(PtyProcessBuilder.class, "its Javadoc restricts it to one thread at a time"),
            Map.entry(TextDecoder.class, "its Javadoc restricts it to one thread at a time"),
            Map.entry(LineDecoder.class, "its Javadoc restricts it to one thread at a time"),
            Map.entry(PlainText.class, "its Javadoc restricts it to one thread at a time"),
            Map.entry(ProcessProtocol.class, "called by the reactor's thread alone"),
            Map.entry(TerminalTap.class, "called by one thread at a time, under the lock of its process"),
            Map.entry(Expect.Reply.class, "called by the thread that waits"),
            Map.entry(Resizer.class, "called by the thread that is in interact"),
            Map.entry(Producer.class, "called by the reactor's thread alone"),
            Map.entry(Producer.Push.class, "called by the reactor's thread alone"),
            Map.entry(Producer.Pull.class, "called by the reactor's thread alone"));

    /** Arguments other than those of {@link #sample}, by the name of the method. */
    private static final Map<String, Object> ARGUMENTS = Map.of("withSpeed", 9600, "withKeepBytes", 65536, "withLookBackChars", 16);

    /** Values that are arguments of methods, too. */
    private static List<Object> samples;

    @BeforeAll
    static void makeSamples() throws Exception {
        List<Object> terminals = List.of(
            new WindowSize(24, 80), Signal.HUP, new ExitStatus.Exited(1), new ExitStatus.Signaled(Signal.KILL, true),
            new ExitStatus.Unknown("lost"), new SessionReport(List.of(new SessionReport.Member(1, "init")), List.of()),
            new SessionReport.Member(2, "two"), new PtyLimits(OptionalLong.of(1), OptionalLong.empty(), OptionalLong.of(3), 4),
            TerminalAttributes.cooked(), InputFlag.ICRNL, TerminalAttributes.OutputFlag.OPOST, TerminalAttributes.ControlFlag.CREAD,
            LocalFlag.ECHO, ControlCharacter.VEOF, ResourceLimit.CPU, SpawnStrategy.AUTO, StandardError.PIPE, LongLines.SPLIT,
            new SpawnException(SpawnException.Step.EXEC, 2, "nothing"), SpawnException.Step.EXEC,
            new TerminalControl.ForegroundProcess(1, List.of("init"), Optional.empty()), ProcessTransport.State.CONNECTED,
            new ProcessTransport.Endpoint("/dev/ptmx"), new PtyProcessBuilder.Limit(1, 2), new DisconnectReason.Closed(), new DisconnectReason.HungUp(),
            new DisconnectReason.Failed("read: EIO"), new PartialWriteException("cut", 1));
        samples = Stream.concat(terminals.stream(), Values.all().stream()).toList();
    }

    /** Methods whose result depends on the moment. */
    private static final String OF_THE_MOMENT = "current()";

    @Test
    void everyPublicMethodIsCalledFromManyThreadsOrHasAReasonNotToBe() throws Exception {
        Set<String> missing = new TreeSet<>();
        List<Class<?>> all = ExportedTypes.all();
        assertTrue(all.containsAll(List.of(PtyProcess.class, Flag.class, PlainText.class)), all::toString);
        for (Class<?> type : all) {
            Set<String> called = called(type);
            for (Method method : publicMethods(type)) {
                if (!EXCUSED.containsKey(type) && !called.contains(signature(method))) {
                    missing.add(type.getName() + "." + signature(method));
                }
            }
        }
        assertEquals(Set.of(), missing);
    }

    @Test
    void everyTypeSaysWhichThreadsMayUseIt() throws Exception {
        List<String> silent = new ArrayList<>();
        for (Class<?> type : ExportedTypes.all()) {
            if (type.getEnclosingClass() == null) {
                String source = Repository.text("src/main/java/" + type.getName().replace('.', '/') + ".java");
                String head = source.substring(source.indexOf("/**"), source.indexOf("\npublic "));
                if (!head.contains("thread")) {
                    silent.add(type.getName());
                }
            }
        }
        assertEquals(List.of(), silent);
    }

    /** Values give the same results to any number of threads. */
    @Test
    void valuesAnswerAllThreadsAlike() throws Exception {
        List<List<Object>> answers = new ArrayList<>();
        for (Object sample : samples) {
            answers.add(answers(sample));
        }
        Crowd.run(THREADS, (number, count) -> {
            for (int i = 0; i < samples.size(); i++) {
                List<Object> again = answers(samples.get(i));
                for (int j = 0; j < again.size(); j++) {
                    Object expected = answers.get(i).get(j);
                    Object answer = again.get(j);
                    Method method = methodsOf(samples.get(i)).get(j);
                    assertTrue(Objects.deepEquals(expected, answer) || signature(method).equals(OF_THE_MOMENT),
                            () -> method + " gave " + answer + ", not " + expected);
                }
            }
            return count < ROUNDS;
        });
    }

    /** Those of the interfaces that are static, too. */
    private static List<Method> methodsOf(Object sample) {
        Stream<Method> ofInterfaces = Arrays.stream(sample.getClass().getInterfaces()).flatMap(type -> publicMethods(type).stream())
                .filter(method -> Modifier.isStatic(method.getModifiers()));
        return Stream.concat(publicMethods(sample.getClass()).stream(), ofInterfaces).toList();
    }

    private static List<Object> answers(Object receiver) throws ReflectiveOperationException {
        List<Object> answers = new ArrayList<>();
        for (Method method : methodsOf(receiver)) {
            try {
                answers.add(method.invoke(receiver, arguments(method)));
            } catch (InvocationTargetException thrown) {
                throw new AssertionError(method + " of " + receiver, thrown.getCause());
            }
        }
        return answers;
    }

    private static Object[] arguments(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(type -> ARGUMENTS.containsKey(method.getName()) ? ARGUMENTS.get(method.getName()) : isMode(method, type) ? "VEOF" : sample(type))
                .toArray();
    }

    private static boolean isMode(Method method, Class<?> parameter) {
        return method.getDeclaringClass() == TerminalAttributes.class && parameter == String.class;
    }

    /** The numbers are within the sizes of the samples. */
    private static Object sample(Class<?> type) {
        Map<Class<?>, Object> others = Map.of(long.class, 1L, byte[].class, new byte[] {1, 0, 0, 0, 3}, int.class, CHARACTER_SIZE, boolean.class, true,
                double.class, 2.0, char.class, '5', String.class, "HUP", Class.class, LocalFlag.class);
        List<Object> more = List.of(Duration.ofMillis(1), List.of(), Set.of(), StandardCharsets.UTF_8, Pattern.compile("x"));
        return Optional.ofNullable(others.get(type))
                .or(() -> Stream.concat(samples.stream(), more.stream()).filter(type::isInstance).findFirst())
                .orElseThrow(() -> new AssertionError("no sample of " + type));
    }

    private static Set<String> called(Class<?> type) {
        if (samples.stream().anyMatch(type::isInstance)) {
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
        Set<String> all = new HashSet<>(EveryDoorTest.CALLED.getOrDefault(type, Set.of()));
        for (Class<?> calledBack : List.of(ProcessProtocol.class, TerminalTap.class)) {
            if (calledBack.isAssignableFrom(type)) {
                publicMethods(calledBack).forEach(method -> all.add(signature(method))); // called by one thread at a time
            }
        }
        return all;
    }

    private static List<Method> publicMethods(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getDeclaringClass().getPackageName().startsWith("dev.panpty") && !method.isBridge())
                .filter(method -> !method.getDeclaringClass().isEnum() || !List.of("values", "valueOf").contains(method.getName()))
                .sorted(Comparator.comparing(Method::toString))
                .toList();
    }

    private static String signature(Method method) {
        return Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName)
                .collect(Collectors.joining(",", method.getName() + "(", ")"));
    }
}
