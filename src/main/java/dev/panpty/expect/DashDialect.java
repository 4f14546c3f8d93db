package dev.panpty.expect;

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
                case $PS1 in
                *"$_panpty_mark"*) _panpty_text=${PS1%%%%"$_panpty_mark"*}; PS1=$_panpty_text${PS1#*"$_panpty_mark"};;
                *) _panpty_text=$PS1;;
                esac
                \\command printf '\\033]%%s;Q\\007' %1$s
                \\eval "\\\\command printf %%s \\"$_panpty_text\\""
                \\command printf '\\033]%%s;A;%%s;0\\007' %1$s "$1"
                PS1=$_panpty_mark$PS1
                \\unset _panpty_mark _panpty_text
                \\eval "\\\\shift; \\\\return $1"
                """.formatted(nonce));
        return sourcing(folder.resolve("ask")) + "\n";
    }

    @Override
    public boolean hasEditor() {
        return false;
    }

    @Override
    public boolean lacksStart(ShellOutput output) {
        return true;
    }

    /** Behind the echo of the line that sources it, and behind its trace (set -x). */
    @Override
    public int begin(ShellOutput output) {
        String line = sourcing(file()) + "\r\n";
        int begin = 0;
        for (int next = lineEnd(output, begin, line); next >= 0; next = lineEnd(output, begin, line)) {
            begin = next;
        }
        return begin;
    }

    /** The end of the line that begins there, if it ends so. */
    private static int lineEnd(ShellOutput output, int from, String end) {
        int lineEnd = output.indexOf("\r\n", from, output.count());
        int found = output.indexOf(end, from, output.count());
        return found >= 0 && lineEnd == found + end.length() - 2 ? found + end.length() : -1;
    }

    @Override
    public int end(ShellOutput output, int from, int to) {
        return output.withoutPrompt(from, to);
    }
}
