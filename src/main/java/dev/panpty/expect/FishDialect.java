package dev.panpty.expect;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * fish: a bound function replaces the command line, asks whether it is valid and runs it; fish_preexec and fish_postexec write the marks of
 * start and end, fish_prompt that of the prompt: fish_postexec comes before an exit too.
 */
final class FishDialect implements Dialect {

    // F19 and F20: fish 4 drops the sequence of a key that it does not know.
    private static final String LOAD_KEY = "\033[33~";
    private static final String ASK_KEY = "\033[34~";
    private static final byte[] BLANK = {' '}; // an empty command line would be invalid
    private static final String FEATURES = "no-query-term,no-mark-prompt"; // fish ignores names that it does not know

    private final Path folder;
    private String nonce = "";
    private FishAdditions additions = FishAdditions.of("");
    private int number; // of the command: it is loaded once, though its key may be typed twice

    FishDialect(Path folder) {
        this.folder = folder;
    }

    @Override
    public void start(PtyProcessBuilder builder, String firstNonce) throws IOException {
        nonce = firstNonce;
        StringBuilder start = new StringBuilder("""
                set -g fish_greeting
                set -g fish_autosuggestion_enabled 0
                echo $version >'%1$s/version'
                function fish_prompt; end
                function fish_title; end
                function fish_vi_cursor; end
                function fish_user_key_bindings
                  for map in default insert visual
                    bind -M $map \\e'[33~' 'builtin source %1$s/load'
                    bind -M $map \\e'[34~' 'builtin source %1$s/ask'
                  end
                end
                fish_user_key_bindings
                function _panpty_ready --on-event fish_prompt
                  printf '\\e]%%s;E;0\\a' %2$s >/dev/tty
                  functions --erase _panpty_ready
                end
                """.formatted(folder, firstNonce));
        Files.writeString(folder.resolve("rc"), start);
        builder.command("fish", "--no-config", "--private", "--features", FEATURES, "-i", "-C", "source '" + folder.resolve("rc") + "'");
    }

    @Override
    public String command(byte[] command, String newNonce, int lastStatus) throws IOException {
        nonce = newNonce;
        if (number == 0) {
            additions = FishAdditions.of(Files.readString(folder.resolve("version")));
        }
        Files.write(folder.resolve("c"), command.length == 0 ? BLANK : command);
        number++;
        Files.writeString(folder.resolve("load"), """
                builtin test "$_panpty_number" = %3$d; and builtin return
                builtin set -g _panpty_number %3$d
                function _panpty_pre --on-event fish_preexec; builtin printf '\\e]%%s;S\\a' %2$s >/dev/tty; end
                function _panpty_post --on-event fish_postexec; builtin printf '\\e]%%s;E;%%s\\a' %2$s $status >/dev/tty; end
                function _panpty_prompt --on-event fish_prompt; builtin printf '\\e]%%s;Q\\a' %2$s >/dev/tty; end
                builtin commandline -r -- (builtin string collect -N <'%1$s/c')
                builtin commandline --is-valid
                switch $status
                  case 0
                    builtin commandline -f execute
                  case 1
                    builtin commandline -r ''
                    builtin printf '\\e]%%s;B\\a' %2$s >/dev/tty
                    builtin set -l fish (builtin status fish-path)
                    $fish --no-config --no-execute <'%1$s/c' 2>&1 >/dev/null | builtin string collect -N >/dev/tty
                    builtin printf '\\e]%%s;X;1\\a' %2$s >/dev/tty
                  case '*'
                    builtin commandline -r ''
                    builtin printf '\\e]%%s;X;2\\a' %2$s >/dev/tty
                end
                """.formatted(folder, nonce, number));
        return LOAD_KEY;
    }

    @Override
    public List<String> nonces() {
        return List.of(nonce);
    }

    @Override
    public String ask() throws IOException {
        Files.writeString(folder.resolve("ask"), "builtin printf '\\e]%s;A;%s;%s\\a' " + nonce
                + " $status (builtin functions -q _panpty_post _panpty_prompt; and builtin echo 1; or builtin echo 0) >/dev/tty\n");
        return ASK_KEY;
    }

    @Override
    public boolean marksAtPrompt() {
        return false; // an event writes it
    }

    @Override
    public boolean mayLoseKeys() {
        return true;
    }

    /** A command substitution runs in the shell's group, jobs in groups of their own. */
    @Override
    public boolean waitsForKeys(PtyProcess process) throws IOException {
        return !ProcessGroup.hasChildOf(process.pid());
    }

    @Override
    public int begin(ShellOutput output) {
        Optional<ShellOutput.Mark> refused = output.mark('B', 0);
        Optional<ShellOutput.Mark> start = output.mark('S', 0);
        int begin = refused.isPresent() ? refused.get().to() : start.isPresent() ? start.get().to() : output.count();
        return output.dropped() > 0 ? begin : additions.begin(output, begin);
    }

    @Override
    public int end(ShellOutput output, int from, int to) {
        boolean isMarked = output.mark('E', to).filter(mark -> mark.from() == to).isPresent();
        return isMarked ? additions.end(output, from, to) : additions.endBeforePrompt(output, from, to);
    }
}
