package dev.panpty.expect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ExitStatus;
import dev.panpty.Signal;
import dev.panpty.testing.Await;
import dev.panpty.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands in live shells. */
@Timeout(100)
class ShellTest {

    private static final int IN_A_ROW = 40;

    @TempDir
    Path folder;

    /** What all shells of the Bourne family do. */
    private static void family(ShellCases cases, Path folder) throws Exception {
        cases.gives("echo hi", "hi\n");
        cases.gives("printf x", "x");
        cases.gives("printf 'a\\n\\n\\n'", "a\n\n\n");
        cases.gives("printf 'a\\r\\nb\\r'", "a\r\nb\r");
        cases.gives("printf '\\033[1mbold\\033[m \\033]0;t\\007'", "\033[1mbold\033[m \033]0;t\007");
        cases.gives(":", "");
        cases.gives("false", 1, "");
        cases.gives("echo $?", "1\n");
        cases.gives("(exit 77)", 77, "");
        cases.gives("(exit 3); echo $?; (exit 4)", 4, "3\n");
        cases.gives("echo h\u00e9 \u4e2d \ud83d\ude00", "h\u00e9 \u4e2d \ud83d\ude00\n");
        cases.gives("echo 'a\tb' \"c\t\td\"", "a\tb c\t\td\n");
        cases.gives("echo '!x !! ^a^b'", "!x !! ^a^b\n");
        cases.gives("printf %s '\001\002\003\004\010\016\021\023\025\026\027\030\031\032\033\034\037\177' | od -An -tx1 | tr -d ' \\n'",
                "0102030408" + "0e1113151617" + "18191a1b1c1f7f");
        cases.gives("echo a\necho b", "a\nb\n");
        cases.gives("for i in 1 2 3\ndo\n  echo $i\ndone", "1\n2\n3\n");
        cases.gives("cat <<X\none\n  two $((1+1))\nX", "one\n  two 2\n");
        cases.gives("f() { echo \"f $1\"; return 5; }; f x", 5, "f x\n");
        cases.gives("f y; v=42", "f y\n");
        cases.gives("echo $v", "42\n");
        cases.gives("cd " + folder + "; pwd", folder + "\n");
        cases.gives("echo \"'\\\"\\$\\`\\\\\"", "'\"$`\\\n");
        cases.open("echo \"a", "");
        cases.open("if true", "");
        cases.open("echo $(", "");
        cases.gives("echo still", "still\n");
        cases.wrong("echo )", ")");
        cases.wrong("fi", "fi");
        cases.gives("echo again", "again\n");
        cases.says("no-such-command-here", 127, "not found");
        cases.says("/etc", 126, "");
        cases.gives("echo err >&2; echo out", "err\nout\n");
        cases.gives("stty -a | grep -c 'icanon'", "1\n");
        cases.gives("tty | grep -c /dev/pts", "1\n");
        cases.gives("sh -c 'exit 143' || echo $?", "143\n");
        cases.interrupted("sleep 100");
        cases.gives("echo after", "after\n");
        cases.interrupted("while :; do :; done");
        cases.gives("echo after", "after\n");
        cases.interrupted("cat");
        cases.gives("echo usable", "usable\n");
        cases.gives("seq 20000 | tail -n 1", "20000\n");
        String many = cases.shell().run("seq 20000").output();
        assertEquals(20_000, many.lines().count());
        assertTrue(many.startsWith("1\n2\n") && many.endsWith("\n20000\n"));
        String text = "x".repeat(100_000);
        cases.gives("v=" + text + "; echo ${#v}", "100000\n");
        cases.gives("trap 'echo bye' USR1; kill -USR1 $$; :", "bye\n");
        cases.gives("exec 3>" + folder + "/three; echo three >&3; exec 3>&-; cat " + folder + "/three", "three\n");
        cases.gives("set -u; echo ${unset-default}; set +u", "default\n");
        cases.gives("alias l='echo aliased'", "");
        cases.gives("l", "aliased\n");
        cases.gives("PS1='changed> '", "");
        cases.gives("echo one", "one\n");
        cases.gives("PS1='a b\n> '; false", 1, "");
        cases.gives("echo $?", "1\n");
        cases.gives("echo two", "two\n");
        cases.gives("PS1=\"(venv) $PS1\"; echo three", "three\n");
        cases.gives("echo four", "four\n");
        cases.reads("touch /tmp/panpty-reads-$$; read line; rm /tmp/panpty-reads-$$; echo \"<$line>\"", false, "typed\r", "<typed>\n");
        cases.gives("echo end", "end\n");
    }

    /** Programs that an interrupt does not end, in shells of their own beside the others: each takes its limit and a second. */
    private static CompletableFuture<Void> stubborn(Shell.Kind kind) {
        return CompletableFuture.allOf(stubborn(kind, "sh -c 'trap \"\" INT; sleep 100'"), stubborn(kind, "stty raw -echo; sleep 100"));
    }

    private static CompletableFuture<Void> stubborn(Shell.Kind kind, String command) {
        return CompletableFuture.runAsync(() -> {
            try (ShellCases cases = new ShellCases(kind)) {
                cases.interrupted(command);
                cases.gives("stty sane", "");
                cases.gives("echo usable", "usable\n");
            } catch (IOException failure) {
                throw new CompletionException(failure);
            }
        }, Thread::startVirtualThread);
    }

    @Test
    @Needs("bash")
    void bashRunsEachAsTyped() throws Exception {
        CompletableFuture<Void> stubborn = stubborn(Shell.Kind.BASH);
        try (ShellCases cases = new ShellCases(Shell.Kind.BASH)) {
            family(cases, folder);
            cases.gives("false", 1, "");
            cases.gives("", 1, "");
            cases.gives("# nothing", 1, "");
            cases.gives("false | true | (exit 3)", 3, "");
            cases.gives("echo ${PIPESTATUS[@]}", "1 0 3\n");
            cases.gives("set -x", "");
            cases.gives("echo x", "+ echo x\nx\n");
            cases.gives("false", 1, "+ false\n");
            cases.gives("set +x", "+ set +x\n");
            cases.gives("shopt -u promptvars; false", 1, "");
            cases.gives("echo x; shopt -s promptvars", "x\n");
            cases.reads("touch /tmp/panpty-reads-$$; read -rsn1 x; rm /tmp/panpty-reads-$$; echo \"<$x>\"", true, "k", "<k>\n");
            cases.reads("touch /tmp/panpty-reads-$$; read -re x; rm /tmp/panpty-reads-$$; echo \"<$x>\"", true, "key\r", "<key>\n");
            cases.gives("trap 'echo E' ERR; false; trap - ERR", "E\n");
            cases.gives("trap 'echo D' DEBUG", "");
            cases.gives("echo x", "D\nx\n");
            cases.gives("trap - DEBUG", "D\n");
            cases.gives("PROMPT_COMMAND='true'", "");
            cases.gives("echo x", "x\n");
            cases.gives("bind 'set enable-bracketed-paste off'", "");
            cases.gives("printf x", "x");
            cases.gives("PS1='new> '; printf y", "y");
            cases.gives("bind 'set enable-bracketed-paste on'", "");
            cases.gives("set -o vi", "");
            cases.gives("echo vi", "vi\n");
            cases.gives("set -o emacs; echo emacs", "emacs\n");
            cases.open("cat <<X\na", "");
            cases.open("echo a\nif true", "a\n");
            cases.open("echo \\", "");
            cases.gives("set | grep -c '\\]'$(printf '\\033') ; true", "0\n");
            cases.gives("echo $LINENO $LINENO | tr -d '0-9 '", "\n");
            cases.gives("history | wc -l; echo ${HISTFILE-none}", "0\nnone\n");
            cases.gives("exec 2>/dev/null", "");
            cases.gives("echo hidden", "hidden\n");
            cases.gives("exec 2>/dev/tty", "");
            cases.gives("echo shown", "shown\n");
            cases.gives("printf '\\033P open string'", "\033P open string");
            cases.gives("echo \"${PS1@P}\" > /dev/null; printf '%s' \"${PS0@P}\" | wc -c | tr -dc 1-9 | head -c 0", "");
            assertTrue(cases.count() >= 60, () -> "" + cases.count());
            cases.ends("echo leaving; exit 9", new ExitStatus.Exited(9), "leaving\n" + (false ? "" : "exit\n"));
        }
        stubborn.get();
    }

    @Test
    @Needs("zsh")
    void zshRunsEachAsTyped() throws Exception {
        CompletableFuture<Void> stubborn = stubborn(Shell.Kind.ZSH);
        try (ShellCases cases = new ShellCases(Shell.Kind.ZSH)) {
            cases.gives("setopt interactive_comments sh_word_split", "");
            cases.gives("", "");
            cases.gives("\n\n", "");
            cases.gives("\n# nothing", "");
            family(cases, folder);
            cases.gives("false", 1, "");
            cases.gives("", 1, "");
            cases.gives("# nothing", 1, "");
            cases.gives("false | true | (exit 3)", 3, "");
            cases.gives("echo $pipestatus", "1 0 3\n");
            cases.gives("unsetopt prompt_percent; false", 1, "");
            cases.gives("setopt prompt_percent; echo x", "x\n");
            cases.reads("touch /tmp/panpty-reads-$$; read -sk1 x; rm /tmp/panpty-reads-$$; echo \"<$x>\"", true, "k", "<k>\n");
            cases.reads("touch /tmp/panpty-reads-$$; vared -c y; rm /tmp/panpty-reads-$$; echo \"<$y>\"", true, "key\r", "<key>\n");
            cases.gives("precmd() { : }; echo x", "x\n");
            cases.gives("echo x", "x\n");
            cases.gives("bindkey -v", "");
            cases.gives("echo vi", "vi\n");
            cases.gives("bindkey -e; echo emacs", "emacs\n");
            cases.open("cat <<X\na", "");
            cases.gives("echo $HISTSIZE ${HISTFILE-none} | cut -d ' ' -f 2", "none\n");
            cases.gives("printf '\\033P open string'", "\033P open string");
            cases.gives("exec 2>/dev/null", "");
            cases.gives("echo hidden", "hidden\n");
            cases.gives("exec 2>/dev/tty", "");
            cases.gives("preexec_functions=(); echo x", "x\n");
            cases.gives("echo x", "x\n");
            assertTrue(cases.count() >= 60, () -> "" + cases.count());
            cases.ends("echo leaving; exit 9", new ExitStatus.Exited(9), "leaving\n");
        }
        stubborn.get();
    }

    @Test
    @Needs("dash")
    void dashRunsEachAsSourced() throws Exception {
        CompletableFuture<Void> stubborn = stubborn(Shell.Kind.DASH);
        try (ShellCases cases = new ShellCases(Shell.Kind.DASH)) {
            family(cases, folder);
            cases.gives("set -x", "");
            cases.gives("echo x", "+ echo x\nx\n");
            cases.gives("set +x", "+ set +x\n");
            cases.says("echo ${unset?not there}", 2, "not there");
            cases.gives("echo $?", "2\n");
            cases.gives("cat <<X\na", "a");
            cases.says("eval 'echo )'", 2, "yntax error");
            cases.gives("return 3", 3, "");
            cases.gives("stty -echo", "");
            cases.gives("echo unseen", "unseen\n");
            cases.gives("stty echo", "");
            cases.gives("echo seen", "seen\n");
            assertTrue(cases.count() >= 60, () -> "" + cases.count());
            cases.ends("echo leaving; exit 9", new ExitStatus.Exited(9), "leaving\n");
        }
        stubborn.get();
    }

    @Test
    @Needs("fish")
    void fishRunsEachAsTyped() throws Exception {
        CompletableFuture<Void> stubborn = stubborn(Shell.Kind.FISH);
        try (ShellCases cases = new ShellCases(Shell.Kind.FISH)) {
            cases.gives("echo hi", "hi\n");
            cases.gives("printf x", "x");
            cases.gives("printf 'a\\n\\n\\n'", "a\n\n\n");
            cases.gives("printf 'a\\r\\nb\\r'", "a\r\nb\r");
            cases.gives("printf '\\033[1mbold\\033[m \\033]0;t\\007'", "\033[1mbold\033[m \033]0;t\007");
            cases.gives("true", "");
            cases.gives("false", 1, "");
            cases.gives("echo $status", "1\n");
            cases.gives("false", 1, "");
            cases.gives("", 1, "");
            cases.gives("\n# nothing", 1, "");
            cases.gives("sh -c 'exit 77'", 77, "");
            cases.gives("sh -c 'exit 3'; echo $status; sh -c 'exit 4'", 4, "3\n");
            cases.gives("echo h\u00e9 \u4e2d \ud83d\ude00", "h\u00e9 \u4e2d \ud83d\ude00\n");
            cases.gives("echo 'a\tb' \"c\t\td\"", "a\tb c\t\td\n");
            cases.gives("echo '!x !! ^a^b'", "!x !! ^a^b\n");
            cases.gives("echo a\necho b", "a\nb\n");
            cases.gives("for i in 1 2 3\n  echo $i\nend", "1\n2\n3\n");
            cases.gives("function f; echo \"f $argv\"; return 5; end; f x", 5, "f x\n");
            cases.gives("f y; set v 42", 5, "f y\n");
            cases.gives("echo $v", "42\n");
            cases.gives("cd " + folder + "; pwd", folder + "\n");
            cases.open("echo \"a", "");
            cases.open("if true", "");
            cases.open("echo (", "");
            cases.open("begin; echo x", "");
            cases.open("echo a |", "");
            cases.gives("echo still", "still\n");
            cases.wrong("echo )", ")");
            cases.wrong("end", "end");
            cases.gives("echo again", "again\n");
            cases.says("no-such-command-here", 127, "nknown command");
            cases.gives("echo err >&2; echo out", "err\nout\n");
            cases.gives("stty -a | grep -c 'icanon'", "1\n");
            cases.gives("tty | grep -c /dev/pts", "1\n");
            cases.interrupted("sleep 100");
            cases.gives("echo after", "after\n");
            cases.interrupted("while true; end");
            cases.gives("echo after", "after\n");
            cases.interrupted("cat");
            cases.gives("echo usable", "usable\n");
            cases.gives("seq 20000 | tail -n 1", "20000\n");
            assertEquals(20_000, cases.shell().run("seq 20000").output().lines().count());
            String text = "x".repeat(100_000);
            cases.gives("set v " + text + "; string length $v", "100000\n");
            cases.gives("false | true | sh -c 'exit 3'", 3, "");
            cases.gives("echo $pipestatus", "1 0 3\n");
            cases.gives("function fish_prompt; echo 'changed> '; end", "");
            cases.gives("echo one", "one\n");
            cases.gives("function fish_prompt; printf 'a b\\n> '; end; false", 1, "");
            cases.gives("echo $status", "1\n");
            cases.gives("functions -e _panpty_post; false", 1, "");
            cases.gives("echo $status", "1\n");
            cases.gives("echo two", "two\n");
            cases.gives("fish_vi_key_bindings", "");
            cases.gives("echo vi", "vi\n");
            cases.gives("fish_default_key_bindings; echo default", "default\n");
            cases.gives("function g --on-event fish_postexec; end; echo x", "x\n");
            cases.gives("printf %s '\001\003\004\177' | od -An -tx1 | tr -d ' \\n'", "0103047f");
            cases.gives("printf '\\033P open string'", "\033P open string");
            cases.gives("set fish_trace 1; true; set -e fish_trace", cases.shell().run("set fish_trace 1; true; set -e fish_trace").output());
            cases.gives("set | string match -r '\\e\\]|\\b[0-9a-f]{16}\\b'", 1, "");
            cases.gives("alias l='echo aliased'; l", "aliased\n");
            cases.reads("touch /tmp/panpty-reads-$fish_pid; sh -c 'read x; rm /tmp/panpty-reads-'$fish_pid'; echo \"<$x>\"'", false, "key\r", "<key>\n");
            assertTrue(cases.count() >= 60, () -> "" + cases.count());
            cases.ends("echo leaving; exit 9", new ExitStatus.Exited(9), "leaving\n");
        }
        stubborn.get();
    }

    /** What the library does in the shell uses nothing that the user has defined anew. */
    private static void redefined(Shell.Kind kind) throws Exception {
        boolean fish = kind == Shell.Kind.FISH;
        try (ShellCases cases = new ShellCases(kind)) {
            List<String> names = fish ? List.of("printf", "commandline", "cat", "source", "functions")
                    : List.of("printf", "read", "mapfile", "cat", "source", "shopt", "print");
            for (String name : names) {
                cases.gives(fish ? "function " + name + "; echo no " + name + "; end" : name + "() { echo no " + name + "; }", "");
                if (!fish) {
                    cases.gives("alias " + name + "='echo no'", "");
                }
            }
            cases.gives(fish ? "set PATH /nowhere" : "PATH=/nowhere", "");
            if (!fish) {
                cases.gives("IFS=0123456789; readonly IFS", "");
            }
            cases.gives(kind == Shell.Kind.ZSH ? "PS1='%~ 1%% '" : fish ? "function fish_prompt; echo 1; end" : "PS1='1$ '", "");
            cases.gives("echo '  a  '\n\n", "  a  \n");
            cases.gives("echo 'b\n'\n", "b\n\n");
            cases.gives("", "");
            cases.gives(fish ? "builtin false" : "(exit 103)", fish ? 1 : 103, "");
            cases.gives(fish ? "echo $status" : "echo \"$?\"", fish ? "1\n" : "103\n");
            cases.wrong("echo )", ")");
            cases.gives("echo end", "end\n");
            if (!fish) {
                cases.gives("readonly PS0 PS1 PS2", "");
                cases.gives("echo a", "a\n");
                cases.gives("(exit 3)", 3, "");
                cases.gives("echo b", "b\n");
            }
        }
    }

    @Test
    @Needs("bash")
    void whatIsDefinedAnewDoesNotMatterInBash() throws Exception {
        redefined(Shell.Kind.BASH);
    }

    @Test
    @Needs("zsh")
    void whatIsDefinedAnewDoesNotMatterInZsh() throws Exception {
        redefined(Shell.Kind.ZSH);
    }

    @Test
    @Needs("dash")
    void whatIsDefinedAnewDoesNotMatterInDash() throws Exception {
        redefined(Shell.Kind.DASH);
    }

    @Test
    @Needs("fish")
    void whatIsDefinedAnewDoesNotMatterInFish() throws Exception {
        redefined(Shell.Kind.FISH);
    }

    private static void inARow(Shell.Kind kind) throws Exception {
        try (Shell shell = Shell.start(kind)) {
            for (int i = 0; i < IN_A_ROW; i++) {
                int status = i % 7;
                ShellResult result = shell.run("echo number " + i + "; sh -c 'exit " + status + "'");
                assertEquals(new ShellResult.Completed(status), result.outcome());
                assertEquals("number " + i + "\n", result.output());
            }
        }
    }

    @Test
    @Needs("bash")
    void commandsInARowHaveTheirOwnOutputAndStatusInBash() throws Exception {
        inARow(Shell.Kind.BASH);
    }

    @Test
    @Needs("zsh")
    void commandsInARowHaveTheirOwnOutputAndStatusInZsh() throws Exception {
        inARow(Shell.Kind.ZSH);
    }

    @Test
    @Needs("dash")
    void commandsInARowHaveTheirOwnOutputAndStatusInDash() throws Exception {
        inARow(Shell.Kind.DASH);
    }

    @Test
    @Needs("fish")
    void commandsInARowHaveTheirOwnOutputAndStatusInFish() throws Exception {
        inARow(Shell.Kind.FISH);
    }

    @Test
    @Needs("bash")
    void aShellThatEndsSaysSoAtOnceThoughAJobHoldsTheTerminal() throws Exception {
        try (Shell shell = Shell.start(Shell.Kind.BASH)) {
            ShellResult result = shell.run("(trap '' HUP; exec sleep 20) & disown; echo bye; kill -KILL $$");
            assertEquals(new ExitStatus.Signaled(Signal.KILL, false), assertInstanceOf(ShellResult.Ended.class, result.outcome()).status());
            assertTrue(result.output().endsWith("bye\n"), result::toString);
            assertTrue(result.time().compareTo(Duration.ofSeconds(15)) < 0);
            assertInstanceOf(ShellResult.Ended.class, shell.run("echo x").outcome());
            shell.process().terminateSession(Duration.ofMillis(10));
        }
    }

    @Test
    @Needs("bash")
    void itsFolderGoesWithTheShellAndNoHistoryIsWritten() throws Exception {
        long before = folders();
        Shell shell = Shell.start(Shell.Kind.BASH, settings -> settings.environment().put("HOME", folder.toString()));
        assertEquals(before + 1, folders());
        shell.run("echo x");
        shell.run("exit");
        shell.close();
        assertEquals(before, folders());
        assertFalse(Files.exists(folder.resolve(".bash_history")));
        assertThrows(IOException.class, () -> shell.run("echo x"));
    }

    private static long folders() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("panpty-shell-")).count();
        }
    }

    @Test
    @Needs("bash")
    void closeAndInterruptEndARun() throws Exception {
        Shell shell = Shell.start(Shell.Kind.BASH);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread runner = Thread.ofPlatform().start(() -> thrown.set(assertThrows(IOException.class, () -> shell.run("sleep 100"))));
        Await.until("sleep runs", () -> shell.process().foregroundProcess().filter(each -> each.command().getFirst().equals("sleep")).isPresent());
        assertThrows(IllegalStateException.class, () -> shell.run("echo x"));
        runner.interrupt();
        runner.join();
        assertInstanceOf(java.io.InterruptedIOException.class, thrown.get());
        assertEquals("usable\n", shell.run("echo usable").output());
        Thread second = Thread.ofVirtual().start(() -> thrown.set(assertThrows(IOException.class, () -> shell.run("sleep 100"))));
        Await.until("sleep runs", () -> shell.process().foregroundProcess().filter(each -> each.command().getFirst().equals("sleep")).isPresent());
        shell.close();
        second.join();
        assertTrue(thrown.get().getMessage().contains("closed"), () -> thrown.get().toString());
    }

    @Test
    @Needs("dash")
    void aCommandWithNulIsRefused() throws Exception {
        try (Shell shell = Shell.start(Shell.Kind.DASH)) {
            assertThrows(IllegalArgumentException.class, () -> shell.run("echo a\0b"));
        }
    }
}
