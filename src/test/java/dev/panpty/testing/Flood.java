package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ExitStatus;
import dev.panpty.ProcessTransport;
import dev.panpty.Producer;
import dev.panpty.PtyProcess;
import dev.panpty.Reactor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Produces on the reactor's thread as fast as the back-pressure permits, up to a total. */
public final class Flood implements Producer.Push {

    private static final int HIGH = 64 * 1024;

    private final ProcessTransport transport;
    private final byte[] piece;
    private final long total;
    private boolean paused;
    long written;
    public volatile long highest;
    public volatile int pauses;
    public volatile int resumes;
    volatile String fault = "";
    public final CountDownLatch stopped = new CountDownLatch(1);

    public Flood(ProcessTransport transport, long total, int pieceBytes) {
        this.transport = transport;
        this.total = total;
        piece = new byte[pieceBytes];
    }

    public void produce() {
        while (!paused && written < total) {
            transport.write(piece);
            written += piece.length;
            highest = Math.max(highest, transport.pendingBytes());
        }
    }

    @Override
    public void pauseProducing() {
        fault += paused ? "paused twice; " : "";
        paused = true;
        pauses++;
    }

    @Override
    public void resumeProducing() {
        fault += paused ? "" : "resumed while running; ";
        paused = false;
        resumes++;
        produce();
    }

    @Override
    public void stopProducing() {
        paused = true;
        stopped.countDown();
    }

    /** Writes so many bytes to a reader and checks the queue all the time. */
    public static void feed(long bytes) throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = Programs.shell("stty raw -echo; printf R; exec head -c " + bytes + " >/dev/null").start(recorder);
        recorder.awaitOutput("R");
        int piece = 10_000;
        Flood flood = new Flood(process, (bytes + piece - 1) / piece * piece, piece);
        process.registerProducer(flood);
        Reactor.shared().execute(flood::produce);
        CompletableFuture<PtyProcess> end = process.onEnd();
        while (!end.isDone()) { // another thread checks it too
            assertTrue(process.pendingBytes() <= HIGH + piece);
            process.waitFor(10, TimeUnit.MILLISECONDS);
        }
        recorder.awaitEnd().assertOrderly();
        assertEquals("", flood.fault);
        assertTrue(flood.highest <= HIGH + piece, () -> flood.highest + " pending");
        assertTrue(flood.pauses > 100, () -> flood.pauses + " pauses");
        assertTrue(flood.pauses - flood.resumes <= 1 && flood.pauses >= flood.resumes, flood.pauses + " " + flood.resumes);
        assertTrue(flood.stopped.await(20, TimeUnit.SECONDS), "stopped at the end");
        assertEquals(new ExitStatus.Exited(0), recorder.exit());
    }
}
