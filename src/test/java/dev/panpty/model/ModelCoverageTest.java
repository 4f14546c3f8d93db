package dev.panpty.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.ProcessFlow;
import dev.panpty.ProcessProtocol;
import dev.panpty.ProcessTransport;
import dev.panpty.Pty;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.Reactor;
import dev.panpty.TerminalControl;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The model calls every public method; the test fails for a new method that the model does not call. */
class ModelCoverageTest {

    private static final List<Class<?>> TYPES = List.of(PtyProcess.class, ProcessTransport.class, TerminalControl.class,
            PtyProcessBuilder.class, Pty.class, Reactor.class, ProcessFlow.class, InputStream.class, OutputStream.class);

    /** The methods that are not called, and the reasons. */
    private static final Map<String, String> EXCEPTIONS = new TreeMap<>(Map.ofEntries(
            Map.entry("InputStream.mark(I)V", "a terminal cannot seek"),
            Map.entry("InputStream.markSupported()Z", "a terminal cannot seek"),
            Map.entry("InputStream.reset()V", "a terminal cannot seek"),
            Map.entry("InputStream.nullInputStream()Ljava/io/InputStream;", "not a method of a terminal"),
            Map.entry("OutputStream.nullOutputStream()Ljava/io/OutputStream;", "not a method of a terminal"),
            Map.entry("InputStream.readAllBytes()[B", "implemented by read; waits for the end"),
            Map.entry("InputStream.readNBytes([BII)I", "implemented by read"),
            Map.entry("InputStream.skipNBytes(J)V", "implemented by skip"),
            Map.entry("InputStream.transferTo(Ljava/io/OutputStream;)J", "implemented by read; waits for the end"),
            Map.entry("PtyProcessBuilder.loginEnvironment()Ldev/panpty/PtyProcessBuilder;", "changes only the map, for a user with an account"),
            Map.entry("PtyProcess.typeSecret([B)V", "writes as write does, see SecretInputTest"),
            Map.entry("ProcessTransport.typeSecret([B)V", "that of PtyProcess"),
            Map.entry("TerminalControl.typeSecret([B)V", "that of PtyProcess"),
            Map.entry("PtyProcess.drain()V", "reads in place of the model's readers, see TapTest"),
            Map.entry("PtyProcess.awaitOutput(Ljava/time/Duration;)Z", "waits beside the model's readers, see AwaitOutputTest")));

    private static final Pattern REFERENCE = Pattern.compile("= (?:Interface)?Methodref .*// ([\\w/$]+)\\.(\\w+):(\\S+)");

    @Test
    void everyPublicMethodIsCalledOrHasAReasonNotToBe() throws Exception {
        Set<String> called = called();
        Set<String> missing = new TreeSet<>();
        for (Class<?> type : TYPES) {
            for (Method method : type.getMethods()) {
                String descriptor = MethodType.methodType(method.getReturnType(), method.getParameterTypes()).descriptorString();
                boolean protocols = method.getDeclaringClass() == ProcessProtocol.class; // the library calls these
                if (method.getDeclaringClass() != Object.class && !protocols && !method.isBridge() && !called.contains(method.getName() + descriptor)) {
                    missing.add(type.getSimpleName() + "." + method.getName() + descriptor);
                }
            }
        }
        assertEquals(EXCEPTIONS.keySet(), missing);
    }

    /** Name and type of all that the model's classes refer to in the types. */
    private static Set<String> called() throws Exception {
        Path folder = Path.of(World.class.getProtectionDomain().getCodeSource().getLocation().toURI()).resolve("dev/panpty/model");
        List<String> command = new ArrayList<>(List.of("-v", "-p"));
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> !file.getFileName().toString().startsWith("ModelCoverageTest")).forEach(file -> command.add(file.toString()));
        }
        StringWriter listing = new StringWriter();
        assertEquals(0, ToolProvider.findFirst("javap").orElseThrow()
                .run(new PrintWriter(listing), new PrintWriter(System.err), command.toArray(new String[0])));
        Set<String> called = new TreeSet<>();
        listing.toString().lines().map(REFERENCE::matcher).filter(Matcher::find)
                .filter(reference -> isOneOfTheTypes(reference.group(1)))
                .forEach(reference -> called.add(reference.group(2) + reference.group(3)));
        return called;
    }

    private static boolean isOneOfTheTypes(String name) {
        return name.equals("java/lang/Process") || TYPES.stream().anyMatch(type -> type.getName().replace('.', '/').equals(name));
    }
}
