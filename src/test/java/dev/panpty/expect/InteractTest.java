package dev.panpty.expect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.TerminalTap;
import dev.panpty.WindowSize;
import dev.panpty.testing.ForkedJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A JVM on a terminal of ours connects it with a program of its own. */
@Timeout(100)
class InteractTest {

    private static final byte ESCAPE = 0x1d;

    @TempDir
    Path folder;

    /** Interacts, leaves by the escape byte, goes on by itself, and interacts again until the program ends. */
    public static final class Host implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Exception {
            String script = "echo hidden; printf 'one: '; read a; echo; echo \"1 $a $(stty size)\"; printf 'two: '; read b; echo \"2 $b $(stty size)\";"
                    + " printf 'three: '; read c; echo \"3 $c\"";
            try (Expect session = Expect.start("sh", "-c", script)) {
                session.expect("hidden");
                assertEquals(new Departure.Escaped(ESCAPE), session.interact(ESCAPE));
                System.out.print("[" + session.drop() + "]");
                session.sendLine("auto");
                session.expect("2 auto 24 500");
                System.out.print("[left]");
                System.out.flush();
                assertTrue(session.interact(ESCAPE) instanceof Departure.Ended);
                System.out.print("[ended]");
            }
        }
    }

    @Test
    void itBeginsWithWhatIsUnreadAndTheKeysBehindTheEscapeStay() throws Exception {
        Path report = folder.resolve("report");
        PtyProcessBuilder jvm = new PtyProcessBuilder(new ForkedJvm(Host.class).builder(report).command()).windowSize(new WindowSize(33, 101));
        try (PtyProcess host = jvm.start(); Expect outer = Expect.of(host)) {
            outer.expect("one: ");
            assertTrue(!host.attributes().has(LocalFlag.ICANON), "the terminal is raw");
            outer.send("key\r");
            outer.expect("1 key 33 101");
            outer.expect("two: ");
            host.resize(new WindowSize(20, 90));
            outer.send("\035last\r"); // what is behind the escape waits for the second time
            outer.expect("[]");
            outer.expect("[left]");
            outer.expect("three: ");
            outer.expect("3 last");
            outer.expect("[ended]");
            outer.end();
            assertEquals("ok", Files.readString(report).strip());
        }
    }

    /** Interacts over streams to a terminal of another size, until the escape byte, then until the program ends. */
    public static final class StreamsHost implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Exception {
            String script = "trap 'echo changed $(stty size)' WINCH; echo began; while :; do sleep 0.02; done";
            List<WindowSize> told = new ArrayList<>();
            try (PtyProcess far = new PtyProcessBuilder("sh", "-c", script).windowSize(new WindowSize(24, 70)).start();
                    Expect session = Expect.over(far.getInputStream(), far.getOutputStream(), far::resize,
                            ExpectOptions.defaults().withWindow(new WindowSize(24, 70)))) {
                session.tap(new TerminalTap() {
                    @Override
                    public void resized(WindowSize size) {
                        told.add(size);
                    }
                });
                session.expect("began");
                assertEquals(new Departure.Escaped(ESCAPE), session.interact(ESCAPE));
                session.expect("changed 24 70");
                System.out.print("[left]");
                System.out.flush();
                assertEquals(new Departure.Ended(Optional.empty()), session.interact(ESCAPE));
            }
            assertEquals(List.of(new WindowSize(33, 101), new WindowSize(20, 90), new WindowSize(24, 70), new WindowSize(20, 90)), told);
        }
    }

    @Test
    void theWindowAtTheFarEndOfStreamsHasTheSizeOfTheJvmsTerminal() throws Exception {
        Path report = folder.resolve("report");
        PtyProcessBuilder jvm = new PtyProcessBuilder(new ForkedJvm(StreamsHost.class).builder(report).command())
                .windowSize(new WindowSize(33, 101));
        try (PtyProcess host = jvm.start(); Expect outer = Expect.of(host)) {
            outer.expect("changed 33 101");
            host.resize(new WindowSize(20, 90));
            outer.expect("changed 20 90");
            outer.send("\035");
            outer.expect("[left]");
            outer.expect("changed 20 90");
            outer.send("\003");
            outer.end();
            assertEquals("ok", Files.readString(report).strip());
        }
    }
}
