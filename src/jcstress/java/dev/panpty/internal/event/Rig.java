package dev.panpty.internal.event;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.sys.Ptmx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The fixture of the write queue tests; they share one loop. */
final class Rig {

    static final EventLoop LOOP = EventLoop.open().value();

    private static final long LIMIT_SECONDS = 20;

    /** Accepts no bytes, so that writes stay pending and a state needs no descriptor and no system call. */
    private static final PtmxChannel DEAD = dead();

    private Rig() {}

    private static PtmxChannel dead() {
        Ptmx ptmx = Ptmx.open().value();
        ptmx.close();
        return new PtmxChannel(LOOP, ptmx);
    }

    static WriteQueue deadQueue() {
        return deadQueue(new Deaf());
    }

    static WriteQueue deadQueue(WriteQueue.Owner owner) {
        return queue(DEAD, owner);
    }

    static WriteQueue queue(PtmxChannel terminal, WriteQueue.Owner owner) {
        return new WriteQueue(terminal, Integer.MAX_VALUE, 0, false, owner);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("stuck");
            }
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    /** An owner that does nothing. */
    static class Deaf implements WriteQueue.Owner {

        @Override
        public void changed() {}

        @Override
        public boolean flushesLater() {
            return false;
        }

        @Override
        public void cut(long writtenBytes) {}

        @Override
        public void failed(IOException reason) {}
    }
}
