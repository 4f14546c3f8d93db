package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Screen;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Signals: their names, and the processes that they reach. */
class SignalTest {

    @EachWay
    void aSignalReachesTheProgram() throws Exception {
        try (Screen screen = new Screen(Programs.sh("trap 'echo usr1' USR1; echo ready; while :; do sleep 0.02; done"))) {
            screen.await("ready");
            screen.process().signal(Signal.USR1);
            screen.await("usr1");
        }
    }

    @EachWay
    void aSignalByNameOrNumberReachesTheProgram() throws Exception {
        for (String name : new String[] {"TERM", "SIGTERM", "term"}) {
            try (PtyProcess process = PtyProcess.start("cat")) {
                process.signalProcess(name);
                assertEquals(143, process.waitFor());
            }
        }
        try (PtyProcess process = PtyProcess.start("cat")) {
            process.signalProcess(10);
            assertEquals(138, process.waitFor());
        }
    }

    @EachWay
    void aStoppedProgramIsContinued() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            process.signalProcess("STOP");
            Await.until("stopped", () -> Children.fields(process.pid())[0].equals("T"));
            process.signalProcess("CONT");
            Await.until("continued", () -> Children.fields(process.pid())[0].equals("S"));
        }
    }

    @EachWay
    void aSignalToTheGroupReachesItsMembers() throws Exception {
        try (Screen screen = new Screen(Programs.sh("trap 'echo outer' USR1; sh -c \"trap 'echo inner; exit' USR1; echo ready; "
                + "while :; do sleep 0.02; done\"; exec cat"))) {
            screen.await("ready");
            screen.process().signalGroup(Signal.USR1);
            screen.awaitMatch("inner.*outer");
        }
    }

    @EachWay
    @Needs("bash")
    void aSignalToTheForegroundReachesTheJobAndNotTheShell() throws Exception {
        try (Screen screen = new Screen(PtyProcess.start("bash", "--norc", "-i"))) {
            screen.type("sh -c 'echo run\"\"ning; exec sleep 1000'; echo code $?\n").await("running");
            screen.process().signalForeground(Signal.TERM);
            screen.await("code 143");
        }
    }

    @EachWay
    void afterTheExitASignalIsRefused() throws Exception {
        try (PtyProcess process = PtyProcess.start("true")) {
            process.waitFor();
            assertThrows(ProcessExitedException.class, () -> process.signal(Signal.TERM));
            assertThrows(ProcessExitedException.class, () -> process.signalGroup(Signal.TERM));
            assertThrows(ProcessExitedException.class, () -> process.signalForeground(Signal.TERM));
            assertThrows(ProcessExitedException.class, () -> process.signalProcess("TERM"));
            assertThrows(ProcessExitedException.class, () -> process.signalProcess(15));
        }
    }

    @EachWay
    void aProgramThatRunsOnAfterItsTerminalIsClosedHasNoForeground() throws Exception {
        try (PtyProcess process = Programs.sh("trap '' HUP; echo ready; " + Programs.REST)) {
            assertEquals("ready", process.inputReader().readLine());
            process.hangUp();
            Await.until("the terminal is closed", () -> process.state() == ProcessTransport.State.DISCONNECTED);
            process.signal(Signal.CONT);
            process.signalGroup(Signal.CONT);
            IOException refused = assertThrows(IOException.class, () -> process.signalForeground(Signal.CONT));
            assertEquals("SIGCONT to the foreground of process " + process.pid() + ": its terminal is closed", refused.getMessage());
            assertEquals(IOException.class, refused.getClass());
            assertTrue(process.isAlive());
            process.destroyForcibly().waitFor();
            ProcessExitedException exited = assertThrows(ProcessExitedException.class, () -> process.signalForeground(Signal.CONT));
            assertEquals("SIGCONT to the foreground of process " + process.pid() + ": already exited", exited.getMessage());
        }
    }

    /** A session leader may give its terminal up, see TIOCNOTTY in ioctl_tty(2). */
    @EachWay
    @Needs("python3")
    void aSignalToAnEmptyForegroundIsRefused() throws Exception {
        String script = "import fcntl, signal, termios\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
                + "fcntl.ioctl(0, termios.TIOCNOTTY)\nsignal.signal(signal.SIGHUP, signal.SIG_DFL)\nprint('ready', flush=True)\ninput()";
        try (PtyProcess process = PtyProcess.start("python3", "-c", script)) {
            assertEquals("ready", process.inputReader().readLine());
            ProcessExitedException refused = assertThrows(ProcessExitedException.class, () -> process.signalForeground(Signal.CONT));
            assertEquals("SIGCONT to the foreground of process " + process.pid() + ": no process is there", refused.getMessage());
            assertTrue(process.isAlive());
        }
    }

    @Test
    void aNameThatNoSignalHasIsRefused() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            for (String bad : new String[] {"", "SIG", "NOPE", "9", "RTMIN+31", "RTMIN-1", "RTMAX+1", "RTMIN+"}) {
                assertThrows(IllegalArgumentException.class, () -> process.signalProcess(bad), bad);
            }
            for (int bad : new int[] {-1, 65}) {
                assertThrows(IllegalArgumentException.class, () -> process.signalProcess(bad));
            }
        }
    }

    @Test
    void everyNumberHasANameThatLeadsBackToIt() {
        for (int number = 1; number <= 64; number++) {
            Signal signal = new Signal(number);
            if (number != 32 && number != 33) {
                assertEquals(signal, Signal.of(signal.name()));
                assertEquals(signal, Signal.of(signal.toString()));
                assertEquals(signal, Signal.of(signal.name().toLowerCase(java.util.Locale.ROOT)));
            }
        }
    }

    @EachWay
    @Needs("bash")
    void namesAndNumbersAreThoseOfTheShell() throws Exception {
        String listed = Programs.output("bash", "-c", "for i in {1..31} {34..64}; do echo $i $(kill -l $i); done");
        for (String line : listed.split("\r\n")) {
            String[] words = line.split(" ");
            assertEquals(new Signal(Integer.parseInt(words[0])), Signal.of(words[1]), line);
        }
    }
}
