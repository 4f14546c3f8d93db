package dev.panpty.bench;

import dev.panpty.PtyProcess;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;

/**
 * Measures the life of a JVM that runs one program, {@link Fresh}, from its start to its first output and to its end, from outside. The
 * library is in a jar, as users have it; once without and once with an archive of its classes, see {@code -XX:ArchiveClassesAtExit} and
 * {@code -XX:AOTCacheOutput} in java(1).
 */
final class FreshJvms {

    /** The manifest of the main jar. It grants native access; the option for that would keep the JVM from parts of its own archive. */
    private static final String MANIFEST = String.join("\n", "Main-Class: " + Fresh.class.getName(), "Class-Path: panpty.jar",
            "Enable-Native-Access: ALL-UNNAMED", "");
    private static final String EXPECTED = "hello";
    private static final String BUILDER = "ProcessBuilder";
    private static final String PTY4J = "pty4j";
    private static final int AOT_CACHE_SINCE = 25;

    private final Path directory;
    private final Map<String, List<String>> commands = new LinkedHashMap<>();

    private FreshJvms(Path directory) throws IOException {
        this.directory = directory;
        jar("panpty.jar", PtyProcess.class, ".");
        String fresh = jar("fresh.jar", Fresh.class, "dev/panpty/bench/Fresh.class", "dev/panpty/bench/Fresh$Panpty.class",
                "dev/panpty/bench/Fresh$Pty4j.class", "dev/panpty/bench/Fresh$OneDowncall.class");
        List<String> builder = List.of(Native.java(), "-jar", fresh, "builder");
        List<String> panpty = List.of(Native.java(), "-jar", fresh, "panpty");
        commands.put(BUILDER, builder);
        commands.put("no program at all", List.of(Native.java(), "-jar", fresh, "nothing"));
        List<String> downcall = List.of(Native.java(), "-jar", fresh, "downcall");
        commands.put("one downcall, no program", downcall);
        commands.put("panpty", panpty);
        commands.put("panpty, CDS archive", archived("-XX:ArchiveClassesAtExit=", "-XX:SharedArchiveFile=", panpty));
        if (Runtime.version().feature() >= AOT_CACHE_SINCE) {
            commands.put("panpty, AOT cache", archived("-XX:AOTCacheOutput=", "-XX:AOTCache=", panpty));
            commands.put("one downcall, AOT cache", archived("-XX:AOTCacheOutput=", "-XX:AOTCache=", downcall));
            commands.put(BUILDER + ", AOT cache", archived("-XX:AOTCacheOutput=", "-XX:AOTCache=", builder));
        }
        commands.put(PTY4J, List.of(Native.java(), "--enable-native-access=ALL-UNNAMED", "-Dslf4j.internal.verbosity=ERROR",
                "-classpath", jars() + fresh, Fresh.class.getName(), "pty4j"));
    }

    static void run(int rounds) throws IOException {
        Path directory = Files.createTempDirectory("panpty-fresh");
        try {
            new FreshJvms(directory).measure(rounds);
        } finally {
            for (File file : directory.toFile().listFiles()) {
                Files.delete(file.toPath());
            }
            Files.delete(directory);
        }
    }

    private String jar(String name, Class<?> type, String... contents) throws IOException {
        String file = directory.resolve(name).toString();
        String classes = type.getProtectionDomain().getCodeSource().getLocation().getPath();
        Path manifest = Files.writeString(directory.resolve("manifest"), MANIFEST);
        List<String> arguments = new ArrayList<>(List.of("--create", "--file", file, "--manifest", manifest.toString()));
        for (String content : contents) {
            arguments.addAll(List.of("-C", classes, content));
        }
        if (ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, arguments.toArray(String[]::new)) != 0) {
            throw new IOException("jar cannot make " + file);
        }
        return file;
    }

    private static String jars() {
        StringBuilder jars = new StringBuilder();
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .forEach(entry -> jars.append(entry).append(File.pathSeparator));
        return jars.toString();
    }

    /** Runs the command once to create the archive; returns the command that uses it. */
    private List<String> archived(String make, String use, List<String> command) throws IOException {
        String file = directory.resolve("archive" + commands.size()).toString();
        Native.output(with(make + file, command).toArray(String[]::new));
        return with(use + file, command);
    }

    private static List<String> with(String option, List<String> command) {
        List<String> more = new ArrayList<>(command);
        more.add(1, option);
        return more;
    }

    private void measure(int rounds) throws IOException {
        Map<String, List<Measurement>> results = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            Progress.say("round " + (round + 1) + " of " + rounds);
            for (Map.Entry<String, List<String>> command : commands.entrySet()) {
                results.computeIfAbsent(command.getKey(), key -> new ArrayList<>()).add(life(command.getValue()));
            }
        }
        System.out.printf("%n%d rounds%n%n| fresh JVM | first output, ms | exit, ms | × %s | × %s |%n|---|---:|---:|---:|---:|%n", rounds, BUILDER, PTY4J);
        results.forEach((name, own) -> System.out.printf("| %s | %.0f | %.0f | %.2f | %.2f |%n", name,
                Measurement.median(own, "first"), Measurement.median(own, "exit"),
                Measurement.ratio(own, results.get(BUILDER), "exit"), Measurement.ratio(own, results.get(PTY4J), "exit")));
    }

    private static Measurement life(List<String> command) throws IOException {
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        InputStream output = process.getInputStream();
        int firstByte = output.read();
        double first = millisSince(begin);
        String rest = new String(output.readAllBytes());
        process.onExit().join();
        double exit = millisSince(begin);
        String all = (char) firstByte + rest;
        if (firstByte >= 0 && !all.startsWith(EXPECTED)) {
            throw new IOException(String.join(" ", command) + " printed " + all);
        }
        return new Measurement(Map.of("first", first, "exit", exit));
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }
}
