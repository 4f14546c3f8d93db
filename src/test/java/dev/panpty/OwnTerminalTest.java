package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalAttributes.ControlCharacter;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.internal.sys.ProcessTable;
import dev.panpty.testing.Await;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Needs;
import dev.panpty.testing.OwnTerminalCrowd;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The terminal of a JVM: each JVM here is the program of a process of ours, or a job of a shell on one. */
@Timeout(100)
class OwnTerminalTest {

    private static final WindowSize SIZE = new WindowSize(33, 101);
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    /** What a JVM on our terminal has written, read up to a text. */
    private static final class Screen {

        private final PtyProcess process;
        private final StringBuilder said = new StringBuilder();

        Screen(PtyProcess process) {
            this.process = process;
        }

        /** Reads until the text appears after what was read before; returns all up to its end. */
        String until(String text) throws IOException {
            int from = said.length();
            InputStream output = process.getInputStream();
            while (said.indexOf(text, from) < 0) {
                int next = output.read();
                assertNotEquals(-1, next, () -> "no " + text + " in " + said);
                said.append((char) next);
            }
            return said.substring(from);
        }

        void type(String text) throws IOException {
            process.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static void say(String text) {
        System.out.print(text);
        System.out.flush();
    }

    private Path report() {
        return folder.resolve("report");
    }

    private PtyProcessBuilder jvm(Class<? extends ForkedJvm.Body> body) throws IOException {
        return new PtyProcessBuilder(new ForkedJvm(body).builder(report()).command()).windowSize(SIZE);
    }

    private void passed(PtyProcess process) throws Exception {
        String rest = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        process.waitFor();
        assertEquals("ok", Files.exists(report()) ? Files.readString(report()) : "no report: " + rest);
    }

    /** Without a controlling terminal. */
    public static final class Without implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) {
            for (int i = 0; i < 2; i++) {
                IOException none = assertThrows(IOException.class, OwnTerminal::open);
                assertTrue(none.getMessage().matches("open\\(/dev/tty\\): ENXIO, .*: this JVM has no controlling terminal"), none::getMessage);
            }
        }
    }

    @Test
    @Needs("setsid")
    void aJvmWithoutATerminalIsTold() throws Exception {
        new ForkedJvm(Without.class).by("setsid", "--wait").run();
    }

    /** Reads, attributes and sizes. */
    public static final class Talks implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Exception {
            OwnTerminal closed;
            try (OwnTerminal terminal = OwnTerminal.open()) {
                closed = terminal;
                assertTrue(terminal.isStandardInput());
                assertThrows(IllegalStateException.class, OwnTerminal::open);
                refusesNull(terminal);
                reads(terminal);
                waitsForTheFirstByte(terminal);
                sizes(terminal);
                end(terminal);
            }
            closed.close();
            assertThrows(IOException.class, closed::attributes);
            assertThrows(IOException.class, closed::windowSize);
            assertThrows(IOException.class, closed::isStandardInput);
            assertThrows(IOException.class, () -> closed.attributes(TerminalAttributes.raw()));
            assertThrows(IOException.class, () -> closed.read(new byte[1], LONG));
            assertThrows(IOException.class, () -> closed.awaitResize(SIZE, LONG));
            OwnTerminal.open().close();
        }

        private static void refusesNull(OwnTerminal terminal) {
            assertEquals("attributes", assertThrows(NullPointerException.class, () -> terminal.attributes(null)).getMessage());
            assertEquals("target", assertThrows(NullPointerException.class, () -> terminal.read(null, LONG)).getMessage());
            assertEquals("timeout", assertThrows(NullPointerException.class, () -> terminal.read(new byte[1], null)).getMessage());
            assertEquals("known", assertThrows(NullPointerException.class, () -> terminal.awaitResize(null, LONG)).getMessage());
            assertEquals("timeout", assertThrows(NullPointerException.class, () -> terminal.awaitResize(SIZE, null)).getMessage());
        }

        private static void reads(OwnTerminal terminal) throws Exception {
            byte[] one = new byte[1];
            assertEquals(0, terminal.read(one, Duration.ZERO));
            assertEquals(0, terminal.read(one, Duration.ofMillis(10)));
            assertEquals(0, terminal.read(new byte[0], LONG));
            TerminalAttributes keys = terminal.attributes().withEcho(false).with(LocalFlag.ICANON, false);
            terminal.attributes(keys);
            assertEquals(keys, terminal.attributes());
            say("keys;");
            StringBuilder read = new StringBuilder();
            while (read.length() < 3) { // "abcdef\n" is typed
                assertEquals(1, terminal.read(one, LONG));
                read.append((char) one[0]);
            }
            assertEquals("abc", read.toString());
            assertEquals("def\n", new String(System.in.readNBytes(4), StandardCharsets.US_ASCII), "nothing is read ahead");
        }

        /** With VMIN 0 a read(2) without input gives 0, as at the end of the input. */
        private static void waitsForTheFirstByte(OwnTerminal terminal) throws Exception {
            TerminalAttributes before = terminal.attributes();
            terminal.attributes(before.with(ControlCharacter.VMIN, 0));
            assertEquals(0, terminal.read(new byte[3], Duration.ZERO));
            assertEquals(0, terminal.read(new byte[3], Duration.ofMillis(10)));
            say("no minimum;");
            assertEquals(1, terminal.read(new byte[1], LONG)); // "k" is typed
            terminal.attributes(before);
        }

        private static void sizes(OwnTerminal terminal) throws Exception {
            assertEquals(SIZE, terminal.windowSize());
            assertFalse(terminal.awaitResize(SIZE, Duration.ofMillis(1)));
            assertTrue(terminal.awaitResize(WindowSize.DEFAULT, LONG));
            say("size;");
            assertTrue(terminal.awaitResize(SIZE, LONG));
            assertEquals(new WindowSize(44, 102), terminal.windowSize());
        }

        private static void end(OwnTerminal terminal) throws Exception {
            terminal.attributes(terminal.attributes().with(LocalFlag.ICANON, true));
            say("end;"); // VEOF is typed
            assertEquals(-1, terminal.read(new byte[10], LONG));
            say("more;");
            byte[] line = new byte[10];
            assertEquals(5, terminal.read(line, LONG));
            assertEquals("line\n", new String(line, 0, 5, StandardCharsets.US_ASCII));
        }
    }

    @EachWay
    void keysAndSizesArriveAndNothingIsReadAhead() throws Exception {
        try (PtyProcess process = jvm(Talks.class).start()) {
            TerminalAttributes before = process.attributes();
            Screen screen = new Screen(process);
            screen.until("keys;");
            screen.type("abcdef\n");
            screen.until("no minimum;");
            screen.type("k");
            screen.until("size;");
            process.resize(new WindowSize(44, 102));
            screen.until("end;");
            process.sendEndOfFile();
            screen.until("more;");
            screen.type("line\n");
            passed(process);
            assertEquals(TerminalAttributes.cooked(), before);
        }
    }

    /** A read that waits ends at an interrupt, and at the close. */
    public static final class Waits implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Exception {
            OwnTerminal terminal = OwnTerminal.open();
            AtomicReference<IOException> thrown = new AtomicReference<>();
            AtomicInteger interrupted = new AtomicInteger();
            for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
                Thread reader = kind.start(() -> {
                    thrown.set(assertThrows(IOException.class, () -> terminal.read(new byte[1], LONG)));
                    interrupted.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
                });
                Await.blocked(reader);
                reader.interrupt();
                reader.join();
                assertTrue(thrown.get() instanceof InterruptedIOException, () -> "" + thrown);
            }
            assertEquals(2, interrupted.get(), "the interrupt status is kept");
            Thread reader = Thread.ofPlatform().start(
                    () -> thrown.set(assertThrows(IOException.class, () -> terminal.read(new byte[1], LONG))));
            Await.blocked(reader);
            terminal.close();
            reader.join();
            assertEquals("/dev/tty: closed", thrown.get().getMessage());
        }
    }

    @EachWay
    void aReadThatWaitsEndsAtAnInterruptAndAtTheClose() throws Exception {
        try (PtyProcess process = jvm(Waits.class).start()) {
            passed(process);
        }
    }

    /** Reads until the terminal hangs up. */
    public static final class HungUp implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Exception {
            try (OwnTerminal terminal = OwnTerminal.open()) {
                terminal.attributes(TerminalAttributes.raw());
                say("ready;");
                assertEquals(-1, terminal.read(new byte[1], LONG));
                assertThrows(IOException.class, terminal::windowSize);
            }
        }
    }

    @EachWay
    void aHangUpIsTheEndOfTheInput() throws Exception {
        List<String> command = new ForkedJvm(HungUp.class).after("trap '' HUP").builder(report()).command();
        try (PtyProcess process = new PtyProcessBuilder(command).start()) {
            new Screen(process).until("ready;");
            process.hangUp();
            Await.until("the JVM's report", () -> Files.exists(report()) && !Files.readString(report()).isEmpty());
            assertEquals("ok", Files.readString(report()));
        }
    }

    @EachWay
    void manyThreadsUseItAndOneClosesIt() throws Exception {
        try (PtyProcess process = jvm(OwnTerminalCrowd.class).start()) {
            passed(process);
        }
    }

    /** Sets the terminal raw and ends in the way of its argument. */
    public static final class Ends {

        private Ends() {}

        /** The JVM's main method. */
        public static void main(String[] arguments) throws Exception {
            OwnTerminal terminal = OwnTerminal.open();
            terminal.attributes(TerminalAttributes.raw());
            assertEquals(TerminalAttributes.raw(), terminal.attributes());
            say(arguments[0] + " raw;");
            switch (arguments[0]) {
                case "close" -> {
                    terminal.close();
                    terminal.close();
                }
                case "exit" -> System.exit(0);
                case "throw" -> throw new IllegalStateException("thrown");
                case "term" -> {
                    new ProcessBuilder("kill", "-TERM", Long.toString(ProcessHandle.current().pid())).start();
                    Thread.sleep(LONG);
                }
                default -> {
                    // main returns
                }
            }
        }
    }

    @EachWay
    void theAttributesAreResetHoweverTheJvmEnds() throws Exception {
        String script = "before=$(stty -g); for end in close exit throw return term; do \"$@\" $end; "
                + "test \"$before\" = \"$(stty -g)\" && echo $end same || stty cooked echo; done";
        List<String> command = List.of("sh", "-c", script, "sh", System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-classpath", System.getProperty("java.class.path"),
                Ends.class.getName());
        try (PtyProcess process = new PtyProcessBuilder(command).start()) {
            Screen screen = new Screen(process);
            for (String end : List.of("close", "exit", "throw", "return", "term")) {
                screen.until(end + " raw;");
                screen.until(end + " same");
            }
        }
    }

    /** A job of a shell: sets the echo off, says so, and reads lines. */
    public static final class Job implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Exception {
            try (OwnTerminal terminal = OwnTerminal.open()) {
                terminal.attributes(terminal.attributes().withEcho(false));
                say("job " + ProcessHandle.current().pid() + ";");
                byte[] line = new byte[100];
                int count = terminal.read(line, LONG);
                say("read " + new String(line, 0, count, StandardCharsets.US_ASCII).strip() + ";");
            }
        }
    }

    /** The mode of {@link Job}: a shell has echo on while a job runs, and is not canonical at its prompt. */
    private static boolean isOfJob(PtyProcess process) throws IOException {
        TerminalAttributes now = process.attributes();
        return now.has(LocalFlag.ICANON) && !now.has(LocalFlag.ECHO);
    }

    private static boolean isOfPrompt(PtyProcess shell) throws IOException {
        return shell.foregroundProcessGroup().equals(OptionalInt.of((int) shell.pid()))
                && !shell.attributes().has(LocalFlag.ICANON);
    }

    private static void kill(String signal, String pid) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", signal, pid).start().waitFor());
    }

    /** Whether all threads are stopped: only then does the shell learn of it, and a fg before that continues nothing. */
    private static boolean isStoppedAsAWhole(String pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads.toList()) {
                if (!Files.readString(thread.resolve("stat")).matches("(?s).*\\) T .*")) {
                    return false;
                }
            }
        }
        return true;
    }

    @EachWay
    @Needs("bash")
    void theAttributesAreSetAgainWhenAJobIsContinued() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("bash", "--norc", "--noprofile", "-i");
        builder.environment().put("JOB", String.join(" ", new ForkedJvm(Job.class).builder(report()).command()));
        builder.environment().put("PS1", "\\$ ");
        try (PtyProcess shell = builder.start()) {
            Screen screen = new Screen(shell);
            Await.until("the prompt", () -> isOfPrompt(shell));
            screen.type("before=$(stty -g)\n");
            screen.type("$JOB\n");
            String pid = screen.until(";").replaceAll("(?s).*job (\\d+);", "$1");
            assertTrue(isOfJob(shell));

            kill("-STOP", pid);
            Await.until("the prompt of the shell", () -> isOfPrompt(shell));
            kill("-CONT", pid);
            screen.type("echo still the sh\"\"ell\n"); // the job, in the background, does not read it
            screen.until("still the shell");
            Await.until("the prompt of the shell", () -> isOfPrompt(shell));
            assertFalse(isOfJob(shell));
            assertNotEquals('T', ProcessTable.find(Integer.parseInt(pid)).orElseThrow().state(), "no SIGTTIN, no SIGTTOU");

            kill("-STOP", pid);
            Await.until("stopped", () -> isStoppedAsAWhole(pid));
            screen.type("fg\n");
            Await.until("the attributes of the job",
                    () -> shell.foregroundProcessGroup().orElse(0) == Integer.parseInt(pid) && isOfJob(shell));
            screen.type("typed\n");
            screen.until("read typed;");
            Await.until("the prompt of the shell", () -> isOfPrompt(shell));
            screen.type("test \"$before\" = \"$(stty -g)\" && echo sa\"\"me\n");
            screen.until("same");
            assertEquals("ok", Files.readString(report()));
        }
    }

    /** A job of a shell: reads without a pause until a line comes. */
    public static final class BusyJob implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Exception {
            try (OwnTerminal terminal = OwnTerminal.open()) {
                say("job " + ProcessHandle.current().pid() + ";");
                byte[] line = new byte[100];
                int count;
                do {
                    count = terminal.read(line, Duration.ZERO);
                } while (count == 0);
                say("read " + new String(line, 0, count, StandardCharsets.US_ASCII).strip() + ";");
            }
        }
    }

    /** Calls of read(2) by this process, see proc_pid_io(5). */
    private static long reads(int pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/io")).stream().filter(line -> line.startsWith("syscr: "))
                .mapToLong(line -> Long.parseLong(line.substring("syscr: ".length()))).findFirst().orElseThrow();
    }

    private static boolean isStopped(int pid) throws IOException {
        return ProcessTable.find(pid).orElseThrow().state() == 'T';
    }

    @EachWay
    @Needs("bash")
    void aJvmThatIsContinuedInTheBackgroundIsNotStoppedByItsRead() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("bash", "--norc", "--noprofile", "-i");
        builder.environment().put("JOB", String.join(" ", new ForkedJvm(BusyJob.class).builder(report()).command()));
        try (PtyProcess shell = builder.start()) {
            Screen screen = new Screen(shell);
            Await.until("the prompt", () -> isOfPrompt(shell));
            screen.type("$JOB\n");
            int job = Integer.parseInt(screen.until(";").replaceAll("(?s).*job (\\d+);", "$1"));
            for (int round = 0; round < 100; round++) {
                long first = reads(job);
                Await.until("reads in the foreground", () -> reads(job) > first + 1);
                Await.until("the prompt of the shell", () -> {
                    if (!isStopped(job)) {
                        kill("-STOP", Integer.toString(job)); // again if the SIGCONT of fg came after it
                    }
                    return isOfPrompt(shell);
                });
                kill("-CONT", Integer.toString(job));
                long continued = reads(job);
                Await.until("reads in the background", () -> isStopped(job) || reads(job) > continued + 1);
                assertFalse(isStopped(job), "stopped by SIGTTIN in round " + round);
                screen.type("fg\n");
                Await.until("the job in the foreground", () -> shell.foregroundProcessGroup().orElse(0) == job);
            }
            screen.type("typed\n");
            screen.until("read typed;");
            Await.until("the report", () -> !Files.readString(report()).isEmpty());
            assertEquals("ok", Files.readString(report()));
        }
    }
}
