package dev.panpty.internal.event;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.sys.Ptmx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What the tests of a write queue stand on; one loop for all of them. */
final class Rig {

    static final EventLoop LOOP = EventLoop.open().loop();

    private static final long LIMIT_SECONDS = 20;

    /** Takes nothing, so what is written stays pending: no kernel and no descriptor is in the way of the states. */
    private static final PtmxChannel DEAD = dead();

    private Rig() {}

    private static PtmxChannel dead() {
        Ptmx ptmx = Ptmx.open().ptmx();
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
