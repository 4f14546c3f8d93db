package dev.panpty.expect;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * bash: {@code bind -x} reads the command into READLINE_LINE, PS0 has the mark of the start, PS1 and PS2 those of the prompts. The marks
 * are written in octal, so that no variable shows them; PS1 is the user's behind its mark. PS0 keeps its nonce: bash 5.2 has taken a
 * pointer to its value when it reads the keys, so that a new value would free what it prints.
 */
final class BashDialect implements Dialect {

    private static final String PASTE_ON = "\033[?2004h"; // readline begins a prompt with it
    private static final String PASTE_OFF = "\033[?2004l";

    private final Path folder;
    private String startNonce = ""; // of PS0
    private String nonce = ""; // of PS1 and PS2
    private String promptMark = "";

    BashDialect(Path folder) {
        this.folder = folder;
    }

    @Override
    public void start(PtyProcessBuilder builder, String firstNonce) throws IOException {
        StringBuilder binds = new StringBuilder();
        for (String map : new String[] {"emacs", "vi-insert", "vi-command"}) {
            binds.append("bind -m ").append(map).append(" -x '\"\\e[9001~\": \\builtin . \"").append(folder).append("/load\"'\n");
            binds.append("bind -m ").append(map).append(" -x '\"\\e[9002~\": \\builtin . \"").append(folder).append("/ask\"'\n");
            binds.append("bind -m ").append(map).append(" '\"\\e[9003~\": accept-line'\n");
        }
        startNonce = Nonce.fresh();
        Files.writeString(folder.resolve("rc"), "set +H +o history\nunset HISTFILE\n" + binds + "PS1=\nPS0='" + startMark() + "'\n"
                + prompts(firstNonce));
        Files.writeString(folder.resolve("ask"), "");
        builder.command("bash", "--noprofile", "--rcfile", folder.resolve("rc").toString(), "-i");
        builder.environment().keySet().removeAll(List.of("HISTFILE", "PROMPT_COMMAND"));
    }

    /** A mark as prompt strings decode it. */
    private static String mark(String nonce, String rest) {
        StringBuilder octal = new StringBuilder("\\033]");
        for (char each : nonce.toCharArray()) {
            octal.append(String.format("\\%03o", (int) each));
        }
        return octal + ";" + rest + "\\007";
    }

    private String startMark() {
        return mark(startNonce, "S");
    }

    private String prompts(String newNonce) {
        String old = promptMark;
        nonce = newNonce;
        promptMark = "\\[" + mark(nonce, "E;$?") + "\\]";
        return (old.isEmpty() ? "" : "PS1=${PS1-}; PS1=${PS1/'" + old + "'/}\n")
                + "PS1='" + promptMark + "'${PS1-}\n"
                + "PS2='\\[" + mark(nonce, "P") + "\\]'\n";
    }

    @Override
    public String command(byte[] command, String newNonce, int lastStatus) throws IOException {
        Files.write(folder.resolve("c"), command);
        Files.writeString(folder.resolve("load"), "\\builtin mapfile -d '' -t _panpty < '" + folder + "/c'\n"
                + "READLINE_LINE=${_panpty-}\nREADLINE_POINT=${#READLINE_LINE}\n\\builtin unset -v _panpty\n" + prompts(newNonce)
                + "case ${PS0-} in *'" + startMark() + "'*) ;; *) \\builtin printf '\\033]%s;N\\007' '" + nonce + "' >/dev/tty;; esac\n");
        return LOAD + ACCEPT;
    }

    @Override
    public List<String> nonces() {
        return List.of(startNonce, nonce);
    }

    /** The answer says also whether PS1 has its mark and is visible, so that the shell cannot be at a prompt whose mark did not come. */
    @Override
    public String ask() throws IOException {
        String seen = "case ${PS1-} in *'" + promptMark.replace("\\[", "").replace("\\]", "")
                + "'*) [[ -t 2 ]] && [[ $(\\builtin shopt promptvars) == *on ]];; *) false;; esac";
        Files.writeString(folder.resolve("ask"), "\\builtin printf '\\033]%s;Q\\007%s\\033]%s;A;%s;%s\\007' '" + nonce
                + "' \"${PS1+${PS1@P}}\" '" + nonce + "' \"$?\" \"$(if " + seen + "; then echo 1; else echo 0; fi)\" >/dev/tty\n");
        return ASK;
    }

    @Override
    public boolean lacksStart(ShellOutput output) {
        return output.mark('N', 0).isPresent();
    }

    /** In pselect(2) of one descriptor, or read(2) of descriptor 0, and not in wait4(2) or a read of another. */
    @Override
    public boolean waitsForKeys(PtyProcess process) throws IOException {
        return SystemCall.of(process.pid()).map(call -> call.hasFirst(0) || call.hasFirst(1)).orElse(true);
    }

    @Override
    public int begin(ShellOutput output) {
        return output.begin(PASTE_OFF, "\r");
    }

    @Override
    public int end(ShellOutput output, int from, int to) {
        int prompt = output.lastIndexOf(PASTE_ON, from, to);
        return prompt < 0 || output.indexOf(PASTE_OFF, prompt, to) >= 0 ? output.withoutPrompt(from, to) : prompt;
    }
}
