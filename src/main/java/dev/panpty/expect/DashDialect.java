package dev.panpty.expect;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * dash has no line editor: it sources the command from a file, which {@code dash -n} checks first, and PS1 has the mark of the end, in
 * which {@code $?} stands for the status. The nonce is the same for all commands, since to change it would change {@code $?}.
 */
final class DashDialect implements Dialect {

    private static final int PROMPT_READ = 1024; // it reads its input so much at a time, and the builtin read byte by byte
    private static final List<String> LINE_ENDS = List.of("\r\n", "\n", "^J"); // as echoed, by ONLCR, without it, and without ICANON

    private final Path folder;
    private String nonce = "";
    private int number;

    DashDialect(Path folder) {
        this.folder = folder;
    }

    @Override
    public void start(PtyProcessBuilder builder, String firstNonce) {
        nonce = firstNonce;
        builder.command("dash", "-i");
        builder.environment().put("PS1", promptMark());
        builder.environment().put("PS2", "");
        builder.environment().remove("ENV");
    }

    private String promptMark() {
        return "\033]" + nonce + ";E;$?\007";
    }

    private Path file() {
        return folder.resolve("c" + number);
    }

    @Override
    public String command(byte[] command, String newNonce, int lastStatus) throws IOException {
        Files.deleteIfExists(file());
        number++;
        Files.write(file(), command);
        return sourcing(file()) + "\n";
    }

    private static String sourcing(Path file) {
        return ". " + file;
    }

    @Override
    public Optional<ShellResult.Outcome> refused() throws IOException, InterruptedException {
        Process check = new ProcessBuilder("dash", "-n", file().toString()).redirectErrorStream(true).start();
        check.getOutputStream().close();
        String message = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (check.waitFor() == 0) {
            return Optional.empty();
        }
        boolean open = message.contains("end of file unexpected") || message.contains("Unterminated quoted string")
                || message.contains("EOF in backquote") || message.contains("Missing '}'");
        return Optional.of(open ? new ShellResult.Incomplete()
                : new ShellResult.SyntaxError(message.replace(file().toString() + ": ", "").strip()));
    }

    @Override
    public List<String> nonces() {
        return List.of(nonce);
    }

    /** Shows what the prompt has before its mark, puts the mark in front and gives the status back. */
    @Override
    public String ask() throws IOException {
        Files.writeString(folder.resolve("ask"), """
                \\set -- "$?" "$@"
                _panpty_mark="$(\\command printf '\\033]%%s;E;$?\\007' %1$s)"
                case ${PS1-} in
                *"$_panpty_mark"*) _panpty_text=${PS1%%%%"$_panpty_mark"*}; PS1=$_panpty_text${PS1#*"$_panpty_mark"};;
                *) _panpty_text=${PS1-};;
                esac
                \\command printf '\\033]%%s;Q\\007' %1$s
                \\eval "\\\\command printf %%s \\"$_panpty_text\\""
                \\command printf '\\033]%%s;A;%%s;0\\007' %1$s "$1"
                PS1=$_panpty_mark${PS1-}
                \\unset _panpty_mark _panpty_text
                \\eval "\\\\shift; \\\\return $1"
                """.formatted(nonce));
        return sourcing(folder.resolve("ask")) + "\n";
    }

    @Override
    public boolean hasEditor() {
        return false;
    }

    /** In read(2), for many bytes at a time; never true where that cannot be seen. */
    @Override
    public boolean waitsForKeys(PtyProcess process) throws IOException {
        return SystemCall.of(process.pid()).filter(call -> call.hasFirst(0) && call.third() >= PROMPT_READ).isPresent();
    }

    @Override
    public boolean lacksStart(ShellOutput output) {
        return true;
    }

    /** Behind the echo of the line that sources it, and behind its trace (set -x). */
    @Override
    public int begin(ShellOutput output) {
        int begin = 0;
        for (int next = lineEnd(output, begin); next >= 0; next = lineEnd(output, begin)) {
            begin = next;
        }
        return begin;
    }

    /** The end of the line that begins there, if it ends with the one that sources the command; else -1. */
    private int lineEnd(ShellOutput output, int from) {
        String line = sourcing(file());
        int found = output.indexOf(line, from, output.count());
        int behind = found + line.length();
        if (found < 0 || output.indexOf("\n", from, behind) >= 0) {
            return -1;
        }
        return LINE_ENDS.stream().filter(end -> output.indexOf(end, behind, Math.min(behind + end.length(), output.count())) == behind)
                .findFirst().map(end -> behind + end.length()).orElse(-1);
    }

    @Override
    public int end(ShellOutput output, int from, int to) {
        return output.withoutPrompt(from, to);
    }
}
