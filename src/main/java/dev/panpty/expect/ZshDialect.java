package dev.panpty.expect;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.TerminalAttributes;
import dev.panpty.TerminalAttributes.ControlCharacter;
import dev.panpty.TerminalAttributes.LocalFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * zsh: a widget reads the command into BUFFER, a preexec function writes the mark of the start, PS1 and PS2 have those of the prompts. PS1
 * is the user's behind its mark, in which {@code %?} stands for the status, so that the variable does not show a mark.
 */
final class ZshDialect implements Dialect {

    private static final String PROMPT_BEGIN = "\033[0m\033[27m\033[24m"; // the editor begins a prompt with it

    private static final String END = "."; // of the file, so that no newline is last, which a substitution would drop

    private final Path folder;
    private String nonce = "";

    ZshDialect(Path folder) {
        this.folder = folder;
    }

    @Override
    public void start(PtyProcessBuilder builder, String firstNonce) throws IOException {
        StringBuilder start = new StringBuilder("setopt no_prompt_sp no_prompt_cr no_bang_hist\nunset HISTFILE\n");
        String former = builder.environment().get("ZDOTDIR");
        start.append(former == null ? "unset ZDOTDIR\n" : "ZDOTDIR='" + former.replace("'", "'\\''") + "'\n");
        start.append("_panpty_load() { \\builtin . '").append(folder).append("/load'; }\n");
        start.append("_panpty_ask() { \\builtin . '").append(folder).append("/ask'; }\n");
        start.append("zle -N _panpty_load\nzle -N _panpty_ask\n");
        for (String map : new String[] {"emacs", "viins", "vicmd"}) {
            start.append("bindkey -M ").append(map).append(" '\\e[9001~' _panpty_load\n");
            start.append("bindkey -M ").append(map).append(" '\\e[9002~' _panpty_ask\n");
            start.append("bindkey -M ").append(map).append(" '\\e[9003~' accept-line\n");
        }
        Files.writeString(folder.resolve(".zshrc"), start + "PS1=\n" + prompts(firstNonce));
        builder.command("zsh", "-d", "-i");
        builder.environment().put("ZDOTDIR", folder.toString());
        builder.environment().remove("HISTFILE");
    }

    private String prompts(String newNonce) {
        String old = nonce;
        nonce = newNonce;
        return (old.isEmpty() ? "" : unlessReadonly("PS1", "PS1=${PS1//$'%{\\e]" + old + ";E;%?\\a%}'/}"))
                + unlessReadonly("PS1", "PS1=$'%{\\e]" + nonce + ";E;%?\\a%}'$PS1")
                + unlessReadonly("PS2", "PS2=$'%{\\e]" + nonce + ";P\\a%}'")
                + "_panpty_preexec() { \\builtin print -n '\\e]" + nonce + ";S\\a' > /dev/tty; }\n"
                + "preexec_functions=(${preexec_functions:#_panpty_preexec} _panpty_preexec)\n";
    }

    /** An assignment, whose failure would end the file. */
    private static String unlessReadonly(String variable, String assignment) {
        return "[[ ${(t)" + variable + "} == *readonly* ]] || " + assignment + "\n";
    }

    @Override
    public String command(byte[] command, String newNonce, int lastStatus) throws IOException {
        Files.write(folder.resolve("c"), command);
        Files.writeString(folder.resolve("c"), END, StandardOpenOption.APPEND);
        Files.writeString(folder.resolve("load"), "BUFFER=\"$(<'" + folder + "/c')\"\nBUFFER=${BUFFER%" + END + "}\n"
                + "CURSOR=${#BUFFER}\n" + prompts(newNonce));
        return LOAD + ACCEPT;
    }

    @Override
    public List<String> nonces() {
        return List.of(nonce);
    }

    @Override
    public String ask() throws IOException {
        Files.writeString(folder.resolve("ask"), "\\builtin print -n \"\\e]" + nonce + ";A;$?;$([[ $PS1 == *" + nonce
                + "* && -o promptpercent ]] && \\builtin print 1 || \\builtin print 0)\\a\" > /dev/tty\n");
        return ASK;
    }

    @Override
    public boolean isEditing(TerminalAttributes modes) {
        return !modes.has(LocalFlag.ICANON) && !modes.has(LocalFlag.ECHO) && modes.character(ControlCharacter.VLNEXT) == 0;
    }

    @Override
    public boolean waitsForKeys(PtyProcess process) {
        return true; // its editor alone has no VLNEXT
    }

    @Override
    public int begin(ShellOutput output) {
        return output.begin("\033[?2004l", "\r\r\n");
    }

    @Override
    public int end(ShellOutput output, int from, int to) {
        int prompt = output.lastIndexOf(PROMPT_BEGIN, from, to);
        return prompt < 0 ? to : prompt;
    }
}
