package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.LostConnection;
import dev.panpty.testing.OwnReactor;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Way;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A graceful close delivers the output written before it, or counts it as dropped. LoseConnectionStress repeats this thousands of times. */
class LoseConnectionTest extends OwnReactor {

    private static final int TIMES = 30;
    private static final int FLOODS = 10;

    @TempDir
    Path folder;

    @EachWay
    void aWriteInFlightArrivesWhole() throws Exception {
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
    void outputThatAPausedProtocolDidNotGetAtTheLimitIsCounted() throws Exception {
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
                PtyProcess process = LostConnection.program(report, "raw", how).loseConnectionLimit(Duration.ofMillis(300)).start(protocol);
                protocol.awaitEnd().assertOrderly();
                long accepted = LostConnection.accepted(report);
                assertEquals(accepted, protocol.size() + process.droppedBytes(), how);
                boolean allRead = how.equals("once") && protocol.size() == LostConnection.ONE_WRITE_BYTES; // by the first read(2)
                assertTrue(allRead || process.droppedBytes() > 0, () -> how + ": " + accepted + " accepted, all delivered");
            }
        }
    }

    /** The protocol is paused at nearly every poll, and resumed a moment later. */
    @EachWay
    void aFloodEndsThoughAnotherThreadResumesForEachPiece() throws Exception {
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

    @Test
    void aConnectionThatIsLostAtOnceIsNotHungUpInsideTheCallback() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                transport().loseConnection();
                events.add("out");
            }

            @Override
            public void outConnectionLost() {
                events.add("out lost");
            }
        };
        Programs.shell("echo out; exec sleep 1000").loseConnectionLimit(Duration.ZERO).start(reactor, recorder);
        recorder.awaitEnd();
        assertEquals(List.of("out", "out lost"), events);
    }

    /** The kernel moves small writes to the ptmx one by one, so a read may return few bytes while more are in flight. */
    @EachWay
    void loseConnectionDeliversOutputThatComesInPieces() throws Exception {
        for (int i = 0; i < Way.times(100); i++) {
            Path written = folder.resolve("written-" + i);
            ProtocolRecorder recorder = new ProtocolRecorder() {
                @Override
                public void connectionMade(ProcessTransport transport) {
                    transport.pauseProducing();
                    super.connectionMade(transport);
                }
            };
            PtyProcess process = Programs.shell("i=0; while [ $i -lt 600 ]; do printf %025d 0; i=$((i+1)); done; : >" + written + "; exec sleep 1000")
                    .start(reactor, recorder);
            recorder.awaitEvent("made");
            Await.until("all is written", () -> Files.exists(written));
            reactor.execute(() -> {
                process.resumeProducing();
                process.loseConnection();
            });
            recorder.awaitEnd().assertOrderly();
            assertEquals(600 * 25, recorder.size());
        }
    }
}
