package dev.panpty.expect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.TerminalAttributes;
import dev.panpty.testing.Needs;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Orders of events that real shells have under load: the shell is a script, whose mark of the end comes after it was asked for its status. */
@Timeout(60)
@Needs("python3")
class ShellRunTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Reads two lines, the second of them without a prompt, and then writes. */
    private static PtyProcess shell(String beforeTheQuestion, String afterIt) throws Exception {
        PtyProcess process = new PtyProcessBuilder("python3", "-c", """
                import os, sys, termios
                modes = termios.tcgetattr(0)
                modes[3] &= ~termios.ECHO
                termios.tcsetattr(0, termios.TCSANOW, modes)
                os.write(1, b'\\033]nonce;E;0\\007')
                os.read(0, 4096)
                os.write(1, sys.argv[1].encode())
                os.read(0, 4096)
                os.write(1, sys.argv[2].encode())
                os.read(0, 4096)
                """, beforeTheQuestion, afterIt).start();
        new ShellRun(process, new Script(true), new Callers()).awaitFirstPrompt(LIMIT);
        return process;
    }

    private static String mark(String rest) {
        return "\033]nonce;" + rest + "\007";
    }

    /** Of a shell with an editor, whose modes do not change, or without one. */
    private record Script(boolean hasEditor) implements Dialect {

        @Override
        public void start(PtyProcessBuilder builder, String nonce) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String command(byte[] command, String nonce, int lastStatus) {
            return "load\n";
        }

        @Override
        public List<String> nonces() {
            return List.of("nonce");
        }

        @Override
        public String ask() {
            return "ask\n";
        }

        @Override
        public boolean waitsForKeys(PtyProcess process) {
            return true;
        }

        @Override
        public boolean isEditing(TerminalAttributes modes) {
            return true;
        }

        @Override
        public boolean lacksStart(ShellOutput output) {
            return !hasEditor;
        }

        @Override
        public int begin(ShellOutput output) {
            return output.mark('S', 0).map(ShellOutput.Mark::to).orElse(0);
        }

        @Override
        public int end(ShellOutput output, int from, int to) {
            return to;
        }
    }

    private static void gives(int status, String output, PtyProcess process, Script dialect) throws Exception {
        ShellResult result = new ShellRun(process, dialect, new Callers()).run(new byte[0], 0, LIMIT);
        assertEquals(new ShellResult.Completed(status), result.outcome());
        assertEquals(output, result.output());
    }

    @Test
    void anAnswerDoesNotHideTheMarkOfTheEndBeforeIt() throws Exception {
        try (PtyProcess process = shell(mark("S"), "hi\n" + mark("E;3") + mark("A;3;1"))) {
            gives(3, "hi\n", process, new Script(true));
        }
    }

    @Test
    void withoutAnEditorTheOutputEndsAtTheMarkBeforeTheAnswer() throws Exception {
        try (PtyProcess process = shell("", "hi\n" + mark("E;3") + mark("A;3;0") + mark("E;3"))) {
            gives(3, "hi\n", process, new Script(false));
        }
    }
}
