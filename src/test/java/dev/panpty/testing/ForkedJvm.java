package dev.panpty.testing;

import dev.panpty.PtyProcess;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.platform.commons.util.UnrecoverableExceptions;
import org.opentest4j.AssertionFailedError;

/** Runs a {@link Body} in a JVM of its own, for tests that change a whole process. It reports in a file, not on its stdio. */
public final class ForkedJvm {

    private static final String OK = "ok";

    private static final long STACKS_SECONDS = 5; // the time to print the stacks

    private final Class<? extends Body> body;
    private final List<String> launcher = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> environment = new TreeMap<>();
    private String nativeAccess = "--enable-native-access=ALL-UNNAMED";
    private String library = path(PtyProcess.class);
    private Duration limit = Duration.ofSeconds(100);
    private boolean onModulePath;
    private boolean asOther;

    /** The code of that JVM; its constructor has no parameter. */
    public interface Body {

        /** Throws on a failure. */
        void run(String[] arguments) throws Throwable;
    }

    public ForkedJvm(Class<? extends Body> body) {
        this.body = body;
    }

    /** A command before java: {@code nohup} or {@code sh -c '...; exec "$@"' sh}. */
    public ForkedJvm by(String... words) {
        launcher.addAll(Arrays.asList(words));
        return this;
    }

    /** A shell that runs the script and then executes java. */
    public ForkedJvm after(String script) {
        return by("sh", "-c", script + "; exec \"$@\"", "sh");
    }

    public ForkedJvm options(String... more) {
        options.addAll(Arrays.asList(more));
        return this;
    }

    public ForkedJvm arguments(String... more) {
        arguments.addAll(Arrays.asList(more));
        return this;
    }

    public ForkedJvm variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Runs it as the user nobody. */
    public ForkedJvm asNobody() throws IOException, InterruptedException {
        return asUser(OtherUser.NOBODY);
    }

    /**
     * Runs it as a user of this number, who need not be in the user database, so that no other processes count against the user's limits. The
     * user gets readable copies of the class path. Skips the test where that is not possible.
     */
    public ForkedJvm asUser(int number) throws IOException, InterruptedException {
        asOther = true;
        String[] become = OtherUser.command(number);
        Tools.skipUnlessRuns("a JDK that another user may run", List.of(become), java(), "-version");
        return by(become);
    }

    /** In place of the option that allows native access. */
    public ForkedJvm nativeAccess(String option) {
        nativeAccess = option;
        return this;
    }

    /** Its time limit, in place of 100 seconds. */
    public ForkedJvm limit(Duration newLimit) {
        limit = newLimit;
        return this;
    }

    /** The library as a jar, as its users have it. */
    public ForkedJvm library(Path jar) {
        library = jar.toString();
        return this;
    }

    /** {@link #library} with a jar made in that folder: a jar needs one descriptor, a folder one for each class. */
    public ForkedJvm libraryAsJar(Path folder) {
        Path jar = folder.resolve("panpty.jar");
        Assertions.assertEquals(0, ToolProvider.findFirst("jar").orElseThrow()
                .run(System.out, System.err, "--create", "--file", jar.toString(), "-C", library, "."));
        return library(jar);
    }

    /** The library as a module; the body is not in it. */
    public ForkedJvm onModulePath() {
        onModulePath = true;
        return this;
    }

    /** Runs it to its end, and fails with its output after a failure there. */
    public void run() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("panpty-jvm");
        Path report = folder.resolve("report");
        Path output = folder.resolve("output");
        if (asOther) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        try {
            ProcessBuilder builder = builder(report).redirectErrorStream(true).redirectOutput(output.toFile());
            Process jvm = builder.start();
            jvm.getOutputStream().close();
            boolean inTime = endsInTime(jvm);
            String said = Files.exists(report) ? Files.readString(report) : "no report";
            if (!inTime || !said.equals(OK) || jvm.exitValue() != 0) {
                throw new AssertionError(builder.command() + (inTime ? " exit " + jvm.exitValue() : " took too long") + "\n" + said
                        + "\n" + new String(Files.readAllBytes(output), StandardCharsets.ISO_8859_1));
            }
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Ends it with the test, also after a timeout of the test. At its time limit it prints the stacks of its threads. */
    private boolean endsInTime(Process jvm) throws IOException, InterruptedException {
        boolean inTime = false;
        try {
            inTime = jvm.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
            if (!inTime) {
                new ProcessBuilder("kill", "-QUIT", Long.toString(jvm.pid())).start().waitFor();
                jvm.waitFor(STACKS_SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            if (!inTime) {
                jvm.destroyForcibly();
            }
        }
        jvm.waitFor();
        return inTime;
    }

    /** A builder that starts it, for callers that talk to it while it runs. The caller reads the report. */
    public ProcessBuilder builder(Path report) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(report));
        builder.environment().putAll(environment);
        return builder;
    }

    private List<String> command(Path report) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.add(java());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        if (!nativeAccess.isEmpty()) {
            command.add(nativeAccess);
        }
        Way.forced().ifPresent(way -> command.add(way.jvmOption()));
        command.addAll(options);
        Path folder = report.getParent();
        Set<String> tests = new LinkedHashSet<>();
        for (Class<?> type : List.of(ForkedJvm.class, Assertions.class, AssertionFailedError.class, UnrecoverableExceptions.class)) {
            tests.add(path(type));
        }
        List<String> parts = new ArrayList<>();
        for (String part : tests) {
            parts.add(readable(part, folder));
        }
        String classPath = String.join(":", parts);
        if (onModulePath) {
            command.addAll(List.of("--module-path", readable(library, folder), "--add-modules", "dev.panpty", "-classpath", classPath));
        } else {
            command.addAll(List.of("-classpath", readable(library, folder) + ":" + classPath));
        }
        command.addAll(List.of(ForkedJvm.class.getName(), report.toString(), body.getName()));
        command.addAll(arguments);
        return command;
    }

    private static String java() {
        return System.getProperty("java.home") + "/bin/java";
    }

    /** A part of the class path, or a copy of it that another user can read. */
    private String readable(String part, Path folder) throws IOException {
        if (!asOther) {
            return part;
        }
        Path from = Path.of(part);
        Path to = folder.resolve(from.getFileName());
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
        return to.toString();
    }

    private static String path(Class<?> type) {
        return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString())).toString();
    }

    /** The other JVM's main method. Arguments: the report file, the body's class, its arguments. */
    public static void main(String[] arguments) throws Exception {
        String said = OK;
        FileOutputStream report = new FileOutputStream(arguments[0]); // opened now, since later there may be no free descriptor
        try {
            Body body = (Body) Class.forName(arguments[1]).getDeclaredConstructor().newInstance();
            body.run(Arrays.copyOfRange(arguments, 2, arguments.length));
        } catch (Throwable thrown) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace, true));
            said = trace.toString();
        }
        report.write(said.getBytes(StandardCharsets.UTF_8));
        report.close();
        System.exit(said.equals(OK) ? 0 : 1);
    }
}
