package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Programs;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The exception of a write that ends half-way has the number of bytes that the kernel took. */
@Timeout(60)
class PartialWriteTest {

    private static final byte[] MEGABYTE = new byte[1 << 20];
    private static final String READS_NOTHING = "exec sleep 1000";

    /** Blocks a write, runs the action, and returns the exception of the write. */
    private static PartialWriteException endedBy(PtyProcess process, boolean virtual, Runnable act) throws Exception {
        FutureTask<Void> write = new FutureTask<>(() -> {
            process.getOutputStream().write(MEGABYTE);
            return null;
        });
        Thread thread = virtual ? Thread.ofVirtual().unstarted(write) : Thread.ofPlatform().daemon().unstarted(write);
        thread.start();
        Await.blocked(thread);
        act.run();
        ExecutionException failed = assertThrows(ExecutionException.class, () -> write.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        return (PartialWriteException) failed.getCause();
    }

    private static void assertCounts(PartialWriteException partial) {
        assertTrue(partial.bytesWritten() > 0 && partial.bytesWritten() < MEGABYTE.length, partial::getMessage);
        assertTrue(partial.getMessage().contains(partial.bytesWritten() + " of " + MEGABYTE.length + " bytes done"), partial::getMessage);
    }

    @EachWay
    void theExitCutsABlockedWrite() throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            try (PtyProcess process = Programs.rawAndThen(READS_NOTHING)) {
                assertCounts(endedBy(process, virtual, process::destroyForcibly));
            }
        }
    }

    @EachWay
    void closeAndHangUpCutABlockedWrite() throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            try (PtyProcess process = Programs.rawAndThen(READS_NOTHING)) {
                assertCounts(endedBy(process, virtual, process::close));
            }
            try (PtyProcess process = Programs.rawAndThen(READS_NOTHING)) {
                assertCounts(endedBy(process, virtual, process::hangUp));
            }
        }
    }

    @Test
    void aWriteThatIsRefusedIsNoPartialOne() throws Exception {
        try (PtyProcess process = Programs.rawAndThen(READS_NOTHING)) {
            process.getOutputStream().close();
            Exception refused = assertThrows(Exception.class, () -> process.getOutputStream().write(MEGABYTE));
            assertEquals(IOException.class, refused.getClass());
        }
    }
}
