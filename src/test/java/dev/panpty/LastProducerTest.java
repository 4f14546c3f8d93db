package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Producers during a graceful close: it waits for one that waits for a request. */
class LastProducerTest {

    private static final int PIECE_BYTES = 1000;
    private static final int PIECES = 200;

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("read");
    }

    /** Ignores SIGHUP, and copies what it reads to the file once the first part of the script permits it. */
    private PtyProcess reading(ProtocolRecorder recorder, String before, Duration limit) throws Exception {
        PtyProcess process = new PtyProcessBuilder("sh", "-c", "trap '' HUP; stty raw -echo; printf R; " + before + "; exec cat >\"$0\"",
                file().toString()).loseConnectionLimit(limit).start(recorder);
        recorder.awaitOutput("R");
        return process;
    }

    /** Writes a piece at each request, then unregisters. */
    private static class Pieces {

        final PtyProcess process;
        final int most;
        int written;
        volatile boolean refused;
        final CountDownLatch stopped = new CountDownLatch(1);

        Pieces(PtyProcess process, int most) {
            this.process = process;
            this.most = most;
        }

        void writeOne() {
            process.write(new byte[PIECE_BYTES]);
            written++;
            if (written == most) {
                process.unregisterProducer();
                refused = isRefused(process);
            }
        }
    }

    private static boolean isRefused(PtyProcess process) {
        return assertThrows(IllegalStateException.class, () -> process.write(new byte[1])) != null;
    }

    private static class Pulled extends Pieces implements Producer.Pull {

        Pulled(PtyProcess process, int most) {
            super(process, most);
        }

        @Override
        public void resumeProducing() {
            writeOne();
        }

        @Override
        public void stopProducing() {
            stopped.countDown();
        }
    }

    private static class Pushing extends Pieces implements Producer.Push {

        private boolean paused;
        final CountDownLatch wasPaused = new CountDownLatch(1);

        Pushing(PtyProcess process, int most) {
            super(process, most);
        }

        void produce() {
            while (!paused && written < most) {
                writeOne();
            }
        }

        @Override
        public void pauseProducing() {
            paused = true;
            wasPaused.countDown();
        }

        @Override
        public void resumeProducing() {
            paused = false;
            process.write(new byte[PIECE_BYTES]); // below the high water mark: it continues later
            written++;
            Thread.startVirtualThread(() -> process.onReactor(this::produce));
        }

        @Override
        public void stopProducing() {
            paused = true;
            stopped.countDown();
        }
    }

    @EachWay
    void aPullProducerIsAskedUntilItUnregisters() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = reading(recorder, ":", Await.DEADLINE);
        Pulled producer = new Pulled(process, PIECES);
        process.registerProducer(producer);
        process.loseConnection();
        assertEquals(ProcessTransport.State.DISCONNECTING, process.state());
        recorder.awaitEnd().assertOrderly();
        assertEquals(PIECES * PIECE_BYTES, Files.size(file()));
        assertTrue(producer.refused);
        assertEquals(1, producer.stopped.getCount(), "it has unregistered by itself");
        assertEquals(0, process.unwrittenBytes());
    }

    /** It had nothing at the request before, and no write since then causes another request. */
    @EachWay
    void aPullProducerThatHadNothingIsAskedOnceMore() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = reading(recorder, ":", Await.DEADLINE);
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch first = new CountDownLatch(1);
        process.registerProducer(new Producer.Pull() {
            @Override
            public void resumeProducing() {
                first.countDown();
                if (asked.incrementAndGet() == 2) {
                    process.write(new byte[PIECE_BYTES]);
                    process.unregisterProducer();
                }
            }

            @Override
            public void stopProducing() {}
        });
        assertTrue(Await.opened(first));
        process.loseConnection();
        recorder.awaitEnd().assertOrderly();
        assertEquals(2, asked.get());
        assertEquals(PIECE_BYTES, Files.size(file()));
    }

    @EachWay
    void aPausedPushProducerIsResumedAndWaitedFor() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        Path go = folder.resolve("go");
        PtyProcess process = reading(recorder, Programs.until(go), Await.DEADLINE);
        Pushing producer = new Pushing(process, PIECES);
        process.registerProducer(producer);
        process.onReactor(producer::produce);
        assertTrue(Await.opened(producer.wasPaused));
        process.loseConnection();
        Files.createFile(go);
        recorder.awaitEnd().assertOrderly();
        assertEquals(PIECES, producer.written);
        assertEquals(PIECES * PIECE_BYTES, Files.size(file()));
        assertTrue(producer.refused);
    }

    /** The terminal has room at once, so that it is resumed before the close has begun; its source is slow. */
    @EachWay
    void aPushProducerThatIsResumedAsTheCloseBeginsIsWaitedFor() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = reading(recorder, ":", Await.DEADLINE);
        process.waterMarks(2 * PIECE_BYTES, PIECE_BYTES);
        Pushing slow = new Pushing(process, 4) {
            @Override
            public void resumeProducing() {
                process.reactor().schedule(Duration.ofMillis(100), this::writeOne);
            }
        };
        process.registerProducer(slow);
        process.onReactor(() -> {
            slow.produce();
            process.loseConnection();
        });
        recorder.awaitEnd().assertOrderly();
        assertEquals(1, slow.stopped.getCount());
        assertEquals(4 * PIECE_BYTES, Files.size(file()));
        assertTrue(slow.refused);
    }

    /** As in Twisted: it writes at any time, and stopProducing notifies it that no more is accepted. */
    @Test
    void aPushProducerThatRunsIsNotWaitedFor() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = reading(recorder, ":", Duration.ofDays(1));
        Pushing producer = new Pushing(process, PIECES);
        process.registerProducer(producer);
        process.loseConnection();
        recorder.awaitEnd().assertOrderly();
        assertTrue(Await.opened(producer.stopped));
        assertTrue(isRefused(process));
    }

    @Test
    void aProducerThatNeverLeavesIsStoppedAtTheLimit() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = reading(recorder, ":", Duration.ofMillis(100));
        Pulled producer = new Pulled(process, 1) {
            @Override
            public void resumeProducing() {
                // it has nothing yet
            }
        };
        process.registerProducer(producer);
        process.loseConnection();
        recorder.awaitEnd().assertOrderly();
        assertTrue(Await.opened(producer.stopped));
    }

    @Test
    void withoutAProducerNothingMoreIsAcceptedFromTheCallOn() throws Exception {
        PtyProcess process = reading(new ProtocolRecorder(), ":", Await.DEADLINE);
        process.loseConnection();
        assertTrue(isRefused(process));
        PtyProcess other = reading(new ProtocolRecorder(), ":", Await.DEADLINE);
        other.registerProducer(new Pulled(other, PIECES));
        other.stopConsuming();
        assertTrue(isRefused(other));
    }

    /** Longer than the limit in total, but each pause is shorter than the limit. */
    @Test
    void theLimitCountsFromTheLastByteThatTheKernelTook() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        String script = "trap '' HUP; stty raw -echo; printf R; i=0; while [ $i -lt 30 ]; do"
                + " dd bs=4096 count=1 iflag=fullblock 2>/dev/null >>\"$0\" || exit 1; sleep 0.1; i=$((i+1)); done";
        PtyProcess process = new PtyProcessBuilder("sh", "-c", script, file().toString())
                .loseConnectionLimit(Duration.ofSeconds(2)).start(recorder);
        recorder.awaitOutput("R");
        process.write(new byte[30 * 4096]);
        process.loseConnection();
        recorder.awaitEnd().assertOrderly();
        assertEquals(30 * 4096, Files.size(file()));
        assertEquals(0, process.unwrittenBytes());
        assertFalse(process.isAlive());
    }
}
