package dev.panpty.junit;

import dev.panpty.PtyProcessBuilder;
import dev.panpty.SpawnException;
import dev.panpty.expect.Expect;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Starts programs in a test, any number of them, each on a terminal of its own: see {@link Terminal}. All of them have the environment, size and
 * limits that the annotation says, and one HOME, and are ended after the test.
 *
 * {@snippet file="dev/panpty/junit/StarterTest.java" region="test"}
 *
 * <p>Any thread may call it until the test has ended.
 */
public final class TerminalStarter {

    private final TestSession session;

    TerminalStarter(TestSession session) {
        this.session = session;
    }

    /**
     * HOME of the programs of this test, where a test may put configuration files before it starts a program.
     *
     * @return a folder that is deleted after the test
     */
    public Path home() {
        return session.home();
    }

    /**
     * Starts a program.
     *
     * @param command the program and its arguments
     * @return its terminal
     * @throws SpawnException if it cannot be started
     * @throws IOException if the recording cannot be written
     */
    public TestTerminal start(String... command) throws IOException {
        return start(builder(command));
    }

    /**
     * A builder with the environment and the size that the annotation says, to be changed.
     *
     * @param command the program and its arguments
     * @return a new builder
     */
    public PtyProcessBuilder builder(String... command) {
        return session.builder(List.of(command));
    }

    /**
     * Starts what a builder describes. Its output ends at the exit of the program, see {@link PtyProcessBuilder#endAtExit}.
     *
     * @param builder not changed; in general one of {@link #builder}, since the processes that outlive their session are found by their HOME
     * @return its terminal
     * @throws SpawnException if it cannot be started
     * @throws IOException if the recording cannot be written
     */
    public TestTerminal start(PtyProcessBuilder builder) throws IOException {
        return session.start(builder);
    }

    /**
     * Starts a program for a dialog by its output, see {@link Terminal}.
     *
     * @param command the program and its arguments
     * @return the session, which is closed after the test
     * @throws SpawnException if it cannot be started
     * @throws IOException if the recording cannot be written
     */
    public Expect expect(String... command) throws IOException {
        return expect(builder(command));
    }

    /**
     * Starts what a builder describes, for a dialog by its output, see {@link Terminal}.
     *
     * @param builder as for {@link #start(PtyProcessBuilder)}
     * @return the session, which is closed after the test
     * @throws SpawnException if it cannot be started
     * @throws IOException if the recording cannot be written
     */
    public Expect expect(PtyProcessBuilder builder) throws IOException {
        return session.start(builder).expect();
    }
}
