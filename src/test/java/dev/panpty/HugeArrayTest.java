package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.ForkedJvm;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Streams and the largest array that Java has, in a JVM whose heap holds only one. */
class HugeArrayTest {

    private static final int LENGTH = Integer.MAX_VALUE - 8;
    private static final int READ_BYTES = 300_000;

    @Test
    void anArrayOfTwoGigabytesIsReadIntoAndWrittenFromWithoutACopy() throws Exception {
        new ForkedJvm(Streams.class).options("-Xmx2150m", "-XX:MaxNewSize=16m").run();
    }

    /** Reads into the last bytes of the array, writes them, then writes the whole array to a program that reads a part. */
    public static final class Streams implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            byte[] huge = new byte[LENGTH];
            PtyProcessBuilder builder = new PtyProcessBuilder("sh", "-c", "printf R; head -c 2; exec head -c " + READ_BYTES + " >/dev/null");
            try (PtyProcess process = builder.attributes(TerminalAttributes.raw()).start()) {
                InputStream output = process.getInputStream();
                OutputStream input = process.getOutputStream();
                assertEquals(1, output.read(huge));
                assertEquals('R', huge[0]);
                huge[LENGTH - 2] = 'y';
                huge[LENGTH - 1] = 'z';
                input.write(huge, LENGTH - 2, 2);
                assertArrayEquals(new byte[] {'y', 'z'}, output.readNBytes(2));
                IOException exited = assertThrows(IOException.class, () -> input.write(huge));
                Matcher progress = Pattern.compile("write to .*, (\\d+) of " + LENGTH + " bytes done: .*").matcher(exited.getMessage());
                assertTrue(progress.matches(), exited::toString);
                assertTrue(Integer.parseInt(progress.group(1)) >= READ_BYTES, exited::toString);
                assertEquals(-1, output.read(huge, LENGTH - 1, 1));
                assertEquals(0, process.waitFor());
            }
        }
    }
}
