package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A program that ignores SIGHUP and counts the bytes that write(2) accepts, and a protocol that closes gracefully during its writes. */
public final class LostConnection {

    public static final int ONE_WRITE_BYTES = 30_000;

    private static final String ACCEPTED = Path.of(System.getProperty("panpty.test.native"), "accepted").toString();

    private LostConnection() {}

    /** Calls loseConnection at the first output. */
    static final class Loser extends ProtocolRecorder {
        private volatile long lostAtNanos;

        @Override
        public void outReceived(ByteBuffer data) {
            super.outReceived(data);
            if (lostAtNanos == 0) {
                lostAtNanos = System.nanoTime();
                transport().loseConnection();
            }
        }

        long nanosSince() {
            return System.nanoTime() - lostAtNanos;
        }
    }

    public static PtyProcessBuilder program(Path report, String mode, String how) {
        return new PtyProcessBuilder(List.of(ACCEPTED, report.toString(), mode, how, Integer.toString(ONE_WRITE_BYTES)));
    }

    public static long accepted(Path report) throws Exception {
        Await.until("the program reports", () -> Files.exists(report));
        return Long.parseLong(Files.readString(report).strip());
    }

    /** On a cooked terminal line ends arrive as two bytes. */
    static int shown(long accepted, String mode) {
        return Math.toIntExact(mode.equals("raw") ? accepted : accepted + accepted / ONE_WRITE_BYTES * (ONE_WRITE_BYTES / 64)
                + accepted % ONE_WRITE_BYTES / 64);
    }

    /** The number of bytes that write(2) accepted and that did not arrive. */
    public static int missing(Path report, String mode, String how) throws Exception {
        Files.deleteIfExists(report);
        Loser protocol = new Loser();
        PtyProcess process = program(report, mode, how).start(protocol);
        protocol.awaitEnd().assertOrderly();
        long accepted = accepted(report);
        assertTrue(how.equals("flood") || accepted == ONE_WRITE_BYTES, () -> accepted + " accepted");
        assertEquals(0, process.droppedBytes());
        return shown(accepted, mode) - protocol.size();
    }
}
