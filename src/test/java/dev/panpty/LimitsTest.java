package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.internal.gen.Linux;
import dev.panpty.testing.Await;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Programs;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The numbers of terminals and descriptors, and the exceptions when none is available. */
class LimitsTest {

    @Test
    void theNumbersAreThoseOfTheKernel() throws Exception {
        PtyLimits limits = PtyLimits.current();
        long max = Long.parseLong(Programs.output("cat", "/proc/sys/kernel/pty/max").strip());
        assertEquals(OptionalLong.of(max), limits.maxTerminals());
        long used = limits.terminals().orElseThrow();
        assertTrue(used >= 0 && used <= max, limits::toString);
        String own = Files.readString(Path.of("/proc/self/limits"));
        long files = Long.parseLong(own.replaceAll("(?s).*Max open files +(\\d+).*", "$1"));
        assertEquals(files, limits.maxDescriptors());
    }

    @Test
    void eachRunningProcessTakesTwoDescriptorsAndAPipeOneMore() throws Exception {
        Programs.output("true");
        Await.until("10 and 3 more, undisturbed by other closes", () -> {
            List<PtyProcess> running = new ArrayList<>();
            try {
                long before = PtyLimits.current().descriptors().orElseThrow();
                for (int i = 0; i < 5; i++) {
                    running.add(PtyProcess.start("cat"));
                }
                long five = PtyLimits.current().descriptors().orElseThrow();
                running.add(new PtyProcessBuilder("cat").stderr(StandardError.PIPE).start());
                long all = PtyLimits.current().descriptors().orElseThrow();
                return five == before + 10 && all == five + 3;
            } finally {
                running.forEach(PtyProcess::close);
            }
        });
    }

    @Test
    void theTextNamesEveryNumber() {
        assertEquals("terminals 1 of 2, descriptors 3 of 4",
                new PtyLimits(OptionalLong.of(1), OptionalLong.of(2), OptionalLong.of(3), 4).toString());
        assertEquals("terminals unknown of unknown, descriptors unknown of 4",
                new PtyLimits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), 4).toString());
    }

    @Test
    void whereThereAreNoDescriptorsTheErrorShowsTheLimits() throws Exception {
        new ForkedJvm(NoDescriptors.class).after("ulimit -n 200").run();
    }

    /** A JVM with a limit of 200 open files, all of them open. */
    public static final class NoDescriptors implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Throwable {
            Programs.output("true");
            PtyLimits.current().toString();
            try {
                PtyProcess.start("/nowhere").close();
            } catch (SpawnException expected) {
                expected.getMessage(); // loads its classes now, while there are descriptors
            }
            Deque<FileInputStream> held = new ArrayDeque<>();
            try {
                for (;;) {
                    held.push(new FileInputStream("/dev/null"));
                }
            } catch (FileNotFoundException full) {
                // expected
            }
            try {
                PtyProcess.start("true").close();
                throw new AssertionError("started");
            } catch (SpawnException refused) {
                String message = refused.getMessage();
                if (!refused.errnoName().equals("EMFILE") || !message.contains("/dev/ptmx (terminals ") || !message.contains("descriptors 200 of 200)")) {
                    throw new AssertionError(message, refused);
                }
            }
            for (FileInputStream one : held) {
                one.close();
            }
            Programs.output("true");
        }
    }

    @Test
    void exhaustedLimitsAreReportedInNumbersAtEachStep() {
        for (SpawnException.Step step : SpawnException.Step.values()) {
            String descriptors = new SpawnException(step, Linux.EMFILE(), "x").culprit();
            assertTrue(descriptors.matches("x \\((terminals \\d+ of \\d+, )?descriptors \\d+ of \\d+\\)"), descriptors);
            String files = new SpawnException(step, Linux.ENFILE(), "x").culprit();
            assertTrue(files.matches("x \\(open files of the whole machine \\d+ of \\d+\\)"), files);
        }
        assertEquals("x", new SpawnException(SpawnException.Step.FORK, Linux.EAGAIN(), "x").culprit());
    }
}
