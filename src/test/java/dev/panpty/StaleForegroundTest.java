package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Scanner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A foreground process group that has no members; the kernel still reports its number, and gives the number to another process. */
@Timeout(60)
class StaleForegroundTest {

    private static final Path LAST_PID = Path.of("/proc/sys/kernel/ns_last_pid");
    private static final int TRIES = 100;
    private static final int SESSION = 3; // index in the fields that begin with the state

    /** Puts a child in the foreground, and leaves its group there after its exit. */
    private static final String FORGETFUL = """
            import os, signal, time
            child = os.fork()
            if child == 0:
                os.setpgid(0, 0)
                time.sleep(0.1)
                os._exit(0)
            os.setpgid(child, child)
            os.tcsetpgrp(0, child)
            os.waitpid(child, 0)
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            print(child, flush=True)
            time.sleep(1000)
            """;

    @Test
    @Needs({"python3", "setsid"})
    void aStrangerWithTheNumberOfAForegroundGroupThatIsGoneIsNeitherNamedNorSignalled() throws Exception {
        Tools.skipUnless(canChooseNumbers(), "the right to choose a process number");
        try (PtyProcess process = new PtyProcessBuilder("python3", "-c", FORGETFUL).start()) {
            int stale = new Scanner(process.getInputStream(), StandardCharsets.US_ASCII).nextInt();
            Process stranger = strangerOf(stale);
            try {
                Await.until("it leads its own session", () -> Children.fields(stale)[SESSION].equals("" + stale));
                assertEquals(Optional.empty(), process.foregroundProcess());
                assertThrows(ProcessExitedException.class, () -> process.signalForeground(Signal.KILL));
                assertTrue(stranger.isAlive());
            } finally {
                stranger.destroyForcibly().waitFor();
            }
        }
    }

    /** Writes back the present value. The mode and owner of the file do not tell whether the write is permitted. */
    private static boolean canChooseNumbers() {
        try (InputStream last = Files.newInputStream(LAST_PID)) {
            Files.write(LAST_PID, last.readAllBytes());
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** Starts a session leader with that pid. */
    private static Process strangerOf(int number) throws IOException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            Files.writeString(LAST_PID, Integer.toString(number - 1));
            Process process = new ProcessBuilder("sh", "-c", "exec setsid sleep 1000").start();
            if (process.pid() == number) {
                return process;
            }
            process.destroyForcibly().waitFor();
        }
        throw new AssertionError("others take the number " + number);
    }
}
