package dev.panpty.expect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.WindowSize;
import dev.panpty.testing.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
