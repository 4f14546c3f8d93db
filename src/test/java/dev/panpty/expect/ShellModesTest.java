package dev.panpty.expect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.testing.Needs;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shells whose terminal or whose settings are not as they were at the start. */
@Timeout(100)
class ShellModesTest {

    private static final String TOUCH = "touch /tmp/panpty-reads-%s; ";
    private static final String REMOVE = "rm /tmp/panpty-reads-%s";

    /** Reads keys in raw mode, with the modes of a line editor, for long enough to be asked for the status. */
    private static String rawReader(String pid, double seconds) {
        return "sh -c 'stty raw -echo </dev/tty; " + TOUCH.formatted(pid) + "sleep " + seconds + "; dd bs=1 count=3 </dev/tty 2>/dev/null; "
                + REMOVE.formatted(pid) + "; stty sane </dev/tty'";
    }

    @Test
    @Needs("bash")
    void aReaderInTheGroupOfBashReadsNothingOfOurs() throws Exception {
        try (ShellCases cases = new ShellCases(Shell.Kind.BASH)) {
            String reader = rawReader(Long.toString(cases.shell().process().pid()), 0.1);
            cases.reads("x=$(" + reader + "); echo \"<$x>\"", true, "abc", "<abc>\n");
            cases.gives("set +m", "");
            cases.reads(reader + "; echo", true, "abc", "abc\n");
            cases.gives("PS1='changed> '", "");
            cases.says("sleep 9 & echo $((1+1)); PS1='more> '", 0, "2\n");
            cases.gives("kill $!; set -m", "");
            cases.says("echo end", 0, "end\n");
        }
    }

    @Test
    @Needs("fish")
    void aReaderInTheGroupOfFishReadsNothingOfOurs() throws Exception {
        try (ShellCases cases = new ShellCases(Shell.Kind.FISH)) {
            String reader = rawReader(Long.toString(cases.shell().process().pid()), 2.5);
            cases.reads("set x (" + reader + "); echo \"<$x>\"", true, "abc", "<abc>\n");
            cases.gives("echo end", "end\n");
        }
    }

    @Test
    @Needs("zsh")
    void aReaderInTheGroupOfZshReadsNothingOfOurs() throws Exception {
        try (ShellCases cases = new ShellCases(Shell.Kind.ZSH)) {
            String reader = rawReader(Long.toString(cases.shell().process().pid()), 0.5);
            cases.reads("x=$(" + reader + "); echo \"<$x>\"", true, "abc", "<abc>\n");
            cases.gives("echo end", "end\n");
        }
    }

    @Test
    @Needs("dash")
    void theOutputOfDashHasNothingOfOursInAnyModeOfTheTerminal() throws Exception {
        try (ShellCases cases = new ShellCases(Shell.Kind.DASH)) {
            for (String modes : new String[] {"-onlcr", "-opost", "raw", "-echo", "raw -echo", "cols 10"}) {
                cases.gives("stty " + modes, "");
                cases.gives("echo a; echo b", "a\nb\n");
                cases.gives("set -x", "");
                cases.gives("echo c", "+ echo c\nc\n");
                cases.gives("set +x", "+ set +x\n");
                cases.gives("stty sane cols 500", "");
            }
        }
    }

    /** A prompt may be unset where unset variables are errors. */
    private static void unset(Shell.Kind kind) throws Exception {
        try (ShellCases cases = new ShellCases(kind)) {
            cases.gives("set -u; unset PS1 PS2", "");
            cases.gives("echo a", "a\n");
            cases.gives("(exit 3)", 3, "");
            cases.gives("echo b", "b\n");
        }
    }

    @Test
    @Needs("bash")
    void promptsAreUnsetInBash() throws Exception {
        unset(Shell.Kind.BASH);
    }

    @Test
    @Needs("dash")
    void promptsAreUnsetInDash() throws Exception {
        unset(Shell.Kind.DASH);
    }

    @Test
    @Needs("zsh")
    void zshEmulatesOtherShells() throws Exception {
        for (String other : new String[] {"sh", "ksh"}) {
            try (ShellCases cases = new ShellCases(Shell.Kind.ZSH)) {
                cases.gives("emulate " + other, "");
                cases.gives("echo a", "a\n");
                cases.gives("(exit 3)", 3, "");
                cases.wrong("echo )", ")");
                cases.open("echo \"a", "");
                cases.gives("echo $?; emulate zsh; setopt no_prompt_sp no_prompt_cr", "130\n");
                cases.gives("echo b", "b\n");
            }
        }
    }

    @Test
    @Needs({"bash", "zsh"})
    void theTerminalOfTheJvmDoesNotMatter() throws Exception {
        for (Shell.Kind kind : new Shell.Kind[] {Shell.Kind.BASH, Shell.Kind.ZSH}) {
            try (Shell shell = Shell.start(kind)) {
                ShellResult result = shell.run("echo $TERM; echo \"${PROMPT_COMMAND-none}\"", Duration.ofSeconds(20));
                assertEquals("xterm-256color\nnone\n", result.output());
            }
        }
    }
}
