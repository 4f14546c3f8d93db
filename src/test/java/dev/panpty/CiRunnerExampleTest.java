package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.cast.Recording;
import dev.panpty.examples.CiRunner;
import dev.panpty.examples.CiRunner.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The runner of commands, an example. */
@Timeout(120)
class CiRunnerExampleTest {

    private static final int COMMANDS = 200;

    @TempDir
    Path results;

    /** Finds what a command has left: all of its processes have it in their environment. */
    private final String mark = "PANPTY_MARK=" + UUID.randomUUID();

    private List<Result> run(Duration limit, Duration silence, List<String> commands) throws Exception {
        return new CiRunner(results, limit, silence).run(commands.stream().map(command -> "export " + mark + "; " + command).toList());
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            assertEquals(List.of(), all.filter(process -> environment(process).contains(mark)).map(process -> process.info().toString()).toList());
        }
    }

    private static String environment(ProcessHandle process) {
        try {
            return new String(Files.readAllBytes(Path.of("/proc/" + process.pid() + "/environ")), StandardCharsets.ISO_8859_1);
        } catch (IOException goneOrForeign) {
            return "";
        }
    }

    private String log(int number) throws IOException {
        return Files.readString(results.resolve(number + ".log")).stripTrailing();
    }

    @Test
    void theLogIsWhatWasSeenAndTheRecordingHasTheColours() throws Exception {
        List<Result> all = run(Duration.ofSeconds(30), Duration.ofSeconds(30), List.of(
                "for i in 10 50 100; do printf '\\r%3d %%' $i; done; echo; echo ready",
                "printf '\\033[31mred\\033[0m\\n'; exit 3", "seq 100", "test -t 0 && test -t 1 && echo $CI"));
        assertEquals(List.of(true, false, true, true), all.stream().map(Result::isSuccess).toList());
        assertEquals(new ExitStatus.Exited(3), all.get(1).status());
        assertEquals("100 %\nready", log(1));
        assertEquals("red", log(2));
        assertTrue(log(3).startsWith("1\n2\n3\n") && log(3).endsWith("\n99\n100"));
        assertEquals("true", log(4));
        Recording recording = Recording.read(results.resolve("2.cast"));
        assertTrue(new String(recording.asInputStream().readAllBytes(), StandardCharsets.UTF_8).contains("\033[31mred\033[0m"));
        assertNothingIsLeft();
    }

    @Test
    void limitsEndWholeSessions() throws Exception {
        List<Result> all = run(Duration.ofSeconds(2), Duration.ofSeconds(1), List.of(
                "sleep 1000", "while :; do echo again; sleep 0.1; done", "yes", "(trap '' HUP; sleep 1000) & sleep 1000"));
        assertEquals(List.of("no output for 1 s", "longer than 2 s", "longer than 2 s", "no output for 1 s"),
                all.stream().map(result -> result.reason().orElse("")).toList());
        assertFalse(all.stream().anyMatch(Result::isSuccess));
        assertNothingIsLeft();
    }

    /** They read, leave jobs in the background, turn echo off, ask for passwords, write much, and change the terminal. */
    @Test
    void twoHundredCommandsLeaveNothing() throws Exception {
        List<String> kinds = List.of("cat; echo read", "sleep 1000 & echo left", "stty -echo raw; echo off", "read -r line; echo \"asked $line\"",
                "seq 20000", "setsid sleep 1000 & echo daemon", "nohup sleep 1000 >/dev/null & echo nohup", "kill -9 $$", "exit 5", "tput clear; echo clear");
        List<String> commands = new ArrayList<>();
        for (int number = 0; number < COMMANDS; number++) {
            commands.add(kinds.get(number % kinds.size()));
        }
        List<Result> all = run(Duration.ofSeconds(60), Duration.ofSeconds(60), commands);
        for (int number = 0; number < COMMANDS; number++) {
            Result result = all.get(number);
            switch (number % kinds.size()) {
                case 7 -> assertEquals(new ExitStatus.Signaled(Signal.KILL, false), result.status());
                case 8 -> assertEquals(new ExitStatus.Exited(5), result.status());
                default -> assertEquals(new ExitStatus.Exited(0), result.status(), result::toString);
            }
            assertEquals(number % kinds.size() == 4, log(number + 1).endsWith("20000"));
        }
        assertTrue(log(1).endsWith("read") && log(2).endsWith("left") && log(6).endsWith("daemon"));
        assertNothingIsLeft();
    }
}
