package dev.panpty.adapters.jediterm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.WindowSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link PtyConnector} with JediTerm's emulator. */
@Timeout(60)
class PtyConnectorTest {

    private PtyProcess process;
    private Widget widget;

    private void start(String... command) throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder(command).windowSize(new WindowSize(10, 40));
        builder.environment().put("PS1", "ready> ");
        process = builder.start();
        widget = new Widget(new PtyConnector(process), 10, 40);
    }

    @AfterEach
    void end() throws Exception {
        widget.close();
        process.onEnd().get(10, TimeUnit.SECONDS);
    }

    private void await(Predicate<String> shown) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!shown.test(widget.screen())) {
            assertTrue(System.nanoTime() < deadline, widget.screen());
            Thread.sleep(5); // the buffer does not notify of every change
        }
    }

    @Test
    void theScreenShowsWhatTheShellWrites() throws Exception {
        start("sh");
        await(screen -> screen.contains("ready>"));
        widget.type("echo gr\"\"een Ä漢字\r");
        await(screen -> screen.contains("green Ä漢"));
        widget.type("exit 7\r");
        assertEquals(new ExitStatus.Exited(7), process.onExit().thenApply(ended -> process.exitStatus().orElseThrow()).get(30, TimeUnit.SECONDS));
    }

    @Test
    void aResizeOfTheWidgetReachesTheProgram() throws Exception {
        start("sh", "-c", "trap 'stty size' WINCH; echo up; while :; do sleep 0.1; done");
        await(screen -> screen.contains("up"));
        widget.resize(12, 50);
        await(screen -> screen.contains("12 50"));
    }

    @Test
    void anEditorIsUsed() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/vim")), "vim is not installed");
        start("vim", "-u", "NONE");
        await(screen -> screen.contains("~"));
        widget.type("ihello");
        await(screen -> screen.startsWith("hello"));
        widget.type("\033:q!\r");
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    }

    @Test
    void closingTheWidgetEndsTheProgram() throws Exception {
        start("sh", "-c", "trap '' HUP; echo up; while :; do sleep 1; done");
        await(screen -> screen.contains("up"));
        widget.close();
        process.onExit().get(30, TimeUnit.SECONDS);
        assertFalse(process.isAlive());
    }
}
