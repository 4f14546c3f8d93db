package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Way;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/** What a program has written before the connection was lost is delivered, or counted. The large numbers are in LoseConnectionStress. */
class LoseConnectionTest {

    private static final int TIMES = 30;
    private static final int FLOODS = 10;

    @TempDir
    Path folder;

    @EachWay
    void oneWriteThatIsUnderWayArrivesWhole() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < Way.times(TIMES); i++) {
                assertEquals(0, LostConnection.missing(folder.resolve("report"), i % 2 == 0 ? "raw" : "cooked", "once"));
            }
        });
    }

    @EachWay
    void ofAFloodOnARawTerminalNothingIsLost() throws Exception {
        for (int i = 0; i < Math.max(2, Way.times(FLOODS)); i++) {
            assertEquals(0, LostConnection.missing(folder.resolve("report"), "raw", "flood"));
        }
    }

    @EachWay
    void ofAFloodOnACookedTerminalALineEndIsLostAtMost() throws Exception {
        for (int i = 0; i < Math.max(2, Way.times(FLOODS)); i++) {
            int missing = LostConnection.missing(folder.resolve("report"), "cooked", "flood");
            assertTrue(missing >= 0 && missing <= 2, () -> missing + " bytes are missing");
        }
    }

    @EachWay
    void whatAPausedProtocolDidNotGetAtTheLimitIsCounted() throws Exception {
        for (String how : new String[] {"once", "flood"}) {
            for (int i = 0; i < Math.max(1, Way.times(FLOODS)); i++) {
                Path report = folder.resolve(how + i);
                ProtocolRecorder protocol = new ProtocolRecorder() {
                    @Override
                    public void outReceived(ByteBuffer data) {
                        super.outReceived(data);
                        transport().pauseProducing();
                        transport().loseConnection();
                    }
                };
                PtyProcess process = LostConnection.program(report, "raw", how).loseConnectionLimit(Duration.ofMillis(50)).start(protocol);
                protocol.awaitEnd().assertOrderly();
                assertEquals(LostConnection.accepted(report), protocol.size() + process.droppedBytes());
                assertTrue(process.droppedBytes() > 0);
            }
        }
    }

    /** It is held up at nearly every look, and has all that it asked for a moment later. */
    @EachWay
    void aFloodEndsThoughEachPieceIsAskedForByAnotherThread() throws Exception {
        for (int i = 0; i < Math.max(1, Way.times(FLOODS)); i++) {
            Path report = folder.resolve("asked" + i);
            ProtocolRecorder protocol = new ProtocolRecorder() {
                @Override
                public void outReceived(ByteBuffer data) {
                    super.outReceived(data);
                    transport().pauseProducing();
                    Thread.startVirtualThread(transport()::resumeProducing);
                }
            };
            PtyProcess process = LostConnection.program(report, "raw", "flood").loseConnectionLimit(Duration.ofDays(1)).start(protocol);
            protocol.awaitSize(1);
            process.loseConnection();
            protocol.awaitEnd().assertOrderly();
            assertEquals(LostConnection.accepted(report), protocol.size());
            assertEquals(0, process.droppedBytes());
        }
    }
}
