package dev.panpty.testing;

import static dev.panpty.testing.FullHost.check;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.SessionReport;
import dev.panpty.SpawnException;
import dev.panpty.TerminalControl.ForegroundProcess;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.ProcessTable;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A JVM in a locale: text reaches programs in the encoding of that locale, and messages show it unchanged. Arguments: the expected
 * encoding, and a folder. Shells create the files in it, since the JVM may be unable to encode their names.
 */
public final class NamesInALocale implements ForkedJvm.Body {

    private static final int MOST_ERRNO = 133;

    private Charset charset;
    private String folder;
    private String word;
    private String beyond;

    @Override
    public void run(String[] arguments) throws Throwable {
        charset = Charset.forName(arguments[0]);
        word = switch (arguments[0]) {
            case "UTF-8" -> "h\u00e9 \u4e2d \ud83d\ude00";
            case "ISO-8859-1" -> "h\u00e9 \u00ff";
            default -> "\u65e5\u672c \u8a9e";
        };
        beyond = arguments[0].equals("UTF-8") ? "\ud83d" : "\ud83d\ude00";
        for (Way way : Way.all()) {
            way.force();
            folder = arguments[1] + "/" + way;
            shell("mkdir -p \"$1/$2\"; printf '#!/bin/sh\\necho here; test -z \"$1\" || read x' > \"$1/$2/$2\"; printf '#!/nowhere/%s\\n' \"$2\" > \"$1/bad\"; "
                    + "chmod +x \"$1/bad\" \"$1/$2/$2\"", folder, word);
            argumentsAndVariables();
            programs();
            directories();
            seen();
            reports();
            failures();
            refused();
        }
        for (int errno = 1; errno <= MOST_ERRNO; errno++) {
            check(Errno.text(errno).indexOf('\ufffd') < 0, Errno.text(errno));
        }
    }

    private void argumentsAndVariables() throws IOException {
        PtyProcessBuilder builder = new PtyProcessBuilder("sh", "-c", "stty raw; printf '%s\\n' \"$0\" \"$1\" \"$V\"", word, word);
        builder.environment().put("V", word);
        equal((word + "\n").repeat(3), output(builder));
        equal(word + "\0" + "-c\0stty raw; tr '\\n' x < /proc/$$/cmdline\0",
                output(new PtyProcessBuilder("sh", "-c", "stty raw; tr '\\n' x < /proc/$$/cmdline").argv0(word)));
    }

    private void programs() throws IOException {
        equal("here\n", lines(new PtyProcessBuilder(folder + "/" + word + "/" + word)));
        PtyProcessBuilder searched = new PtyProcessBuilder(word);
        searched.environment().put("PATH", folder + "/" + word + ":/usr/bin:/bin");
        equal("here\n", lines(searched));
    }

    private void directories() throws IOException {
        equal(folder + "/" + word + "\n", lines(new PtyProcessBuilder("pwd").directory(path(word))));
        equal(folder + "/" + word + "\n", lines(new PtyProcessBuilder("pwd").directoryName(folder + "/" + word)));
    }

    /** Also if the JVM cannot encode such a path. */
    private Path path(String name) {
        StringBuilder escaped = new StringBuilder();
        for (byte one : name.getBytes(charset)) {
            escaped.append(String.format("%%%02x", one & 0xff));
        }
        return Path.of(URI.create("file://" + folder + "/" + escaped));
    }

    private void seen() throws IOException {
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "echo $0; read x", word).directory(path(word)).start()) {
            process.getInputStream().read(); // by then the kernel has the arguments
            check(Arrays.equals(new String[] {"-c", "echo $0; read x", word}, process.info().arguments().orElseThrow()), process.info());
            ForegroundProcess front = process.foregroundProcess().orElseThrow();
            check(front.command().equals(List.of("sh", "-c", "echo $0; read x", word)), escaped(front.command().toString()));
            check(front.directory().equals(Optional.of(path(word))), escaped(front.directory().toString()));
            check(front.directoryName().equals(Optional.of(folder + "/" + word)), escaped(front.directoryName().toString()));
            String line = process.info().commandLine().orElseThrow();
            check(line.endsWith(" -c echo $0; read x " + word), escaped(line));
        }
        try (PtyProcess process = PtyProcess.start(folder + "/" + word + "/" + word, "wait")) {
            process.getInputStream().read();
            String name = ProcessTable.find((int) process.pid()).orElseThrow().name();
            check(name.equals(word), escaped(name));
            String command = process.info().command().orElseThrow();
            check(command.startsWith("/"), escaped(command));
            check(process.info().arguments().map(List::of).equals(Optional.of(List.of(folder + "/" + word + "/" + word, "wait"))),
                    escaped(process.info().toString()));
        }
    }

    /** A program with that name which has left the session and holds the terminal. */
    private void reports() throws IOException, InterruptedException {
        PtyProcessBuilder builder = new PtyProcessBuilder("sh", "-c", "t=$(tty); setsid \"$0\" wait < $t & read x", folder + "/" + word + "/" + word);
        try (PtyProcess process = builder.start()) {
            process.getInputStream().read(); // it runs
            SessionReport report = process.terminateSession(Duration.ofMillis(200));
            check(report.left().stream().map(SessionReport.Member::name).toList().equals(List.of(word)), escaped(report.toString()));
        }
    }

    private void failures() throws IOException {
        named(new PtyProcessBuilder(word + "-missing"), SpawnException.Step.EXEC, word + "-missing");
        named(new PtyProcessBuilder(folder + "/" + word + "/missing"), SpawnException.Step.EXEC, folder + "/" + word + "/missing");
        named(new PtyProcessBuilder("true").directory(path(word + "-missing")), SpawnException.Step.DIRECTORY,
                folder + "/" + word + "-missing");
        named(new PtyProcessBuilder(folder + "/bad"), SpawnException.Step.INTERPRETER, "/nowhere/" + word.split(" ")[0]);
    }

    private static void named(PtyProcessBuilder builder, SpawnException.Step step, String culprit) throws IOException {
        try {
            builder.start().close();
        } catch (SpawnException failed) {
            check(failed.step() == step && failed.culprit().contains(culprit) && failed.getMessage().contains(culprit),
                    escaped(failed.getMessage()));
            return;
        }
        throw new AssertionError("started a program that does not exist: " + escaped(culprit));
    }

    private void refused() throws IOException {
        try {
            PtyProcess.start("echo", beyond).close();
        } catch (IllegalArgumentException expected) {
            check(expected.getMessage().contains("sun.jnu.encoding"), expected);
            return;
        }
        throw new AssertionError("an argument that the encoding cannot express was accepted");
    }

    private static void shell(String script, String... arguments) throws IOException {
        PtyProcessBuilder builder = new PtyProcessBuilder("sh", "-ec", script, "sh");
        String[] command = Arrays.copyOf(builder.command().toArray(new String[0]), builder.command().size() + arguments.length);
        System.arraycopy(arguments, 0, command, builder.command().size(), arguments.length);
        check(output(builder.command(command)).length == 0, "the files were not made");
    }

    private static byte[] lines(PtyProcessBuilder builder) throws IOException {
        return new String(output(builder), StandardCharsets.ISO_8859_1).replace("\r", "").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] output(PtyProcessBuilder builder) throws IOException {
        try (PtyProcess process = builder.start()) {
            return process.getInputStream().readAllBytes();
        }
    }

    private void equal(String expected, byte[] output) {
        String said = new String(output, charset);
        check(Arrays.equals(expected.getBytes(charset), output), escaped(said) + " in place of " + escaped(expected));
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(unit -> escaped.append(unit < 0x7f ? String.valueOf((char) unit) : String.format("\\u%04x", unit)));
        return escaped.toString();
    }
}
