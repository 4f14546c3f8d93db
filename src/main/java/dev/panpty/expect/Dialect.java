package dev.panpty.expect;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.TerminalAttributes;
import dev.panpty.TerminalAttributes.InputFlag;
import dev.panpty.TerminalAttributes.LocalFlag;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** How a shell is started, given a command, and asked. One object for one shell; its files lie in the shell's private folder. */
interface Dialect {

    /** The key that loads the command, the one that asks for the status, the one that runs what was loaded: none that a terminal has. */
    String LOAD = "\033[9001~";
    String ASK = "\033[9002~";
    String ACCEPT = "\033[9003~";

    /** Sets command and environment, and writes the start file. The first prompt then has the end mark of this nonce. */
    void start(PtyProcessBuilder builder, String nonce) throws IOException;

    /**
     * Writes the files for a command.
     *
     * @param lastStatus {@code $?} before it
     * @return what to type
     */
    String command(byte[] command, String nonce, int lastStatus) throws IOException, InterruptedException;

    /** What a shell without a line editor says about the command before it is typed; empty if it is to be typed. */
    default Optional<ShellResult.Outcome> refused() throws IOException, InterruptedException {
        return Optional.empty();
    }

    /** The nonces in the marks of the command that was written last. */
    List<String> nonces();

    /** What to type to ask for the status, after {@link #command}. */
    String ask() throws IOException;

    /** Whether the shell has a line editor, whose modes show that it is at its prompt. */
    default boolean hasEditor() {
        return true;
    }

    /** Whether these modes are those of the line editor, and not those of a command that reads single keys. */
    default boolean isEditing(TerminalAttributes modes) {
        return !modes.has(LocalFlag.ICANON) && !modes.has(LocalFlag.ECHO) && !modes.has(InputFlag.ICRNL);
    }

    /**
     * Whether the shell, whose group is in the foreground on a terminal with the modes of its line editor, waits for keys itself: a command
     * that runs in the shell's own group, as in {@code $(...)}, may have set such modes and read.
     */
    boolean waitsForKeys(PtyProcess process) throws IOException;

    /** Whether the mark of the end comes when the shell is at its prompt, and not before that. */
    default boolean marksAtPrompt() {
        return true;
    }

    /** Whether keys may be typed again: the shell can lose some while it prepares its prompt, and loads a command once. */
    default boolean mayLoseKeys() {
        return false;
    }

    /** Whether the begin of a command has no mark. */
    default boolean lacksStart(ShellOutput output) {
        return false;
    }

    /** Where the output of the command begins. */
    int begin(ShellOutput output);

    /** Where the output of the command ends and the prompt begins, when the prompt's mark or answer begins there. */
    int end(ShellOutput output, int from, int to);
}
