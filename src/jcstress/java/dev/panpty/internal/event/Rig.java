package dev.panpty.internal.event;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.process.WaitStatus;
import dev.panpty.internal.sys.Ptmx;
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

    static WriteQueue deadQueue(Listener listener) {
        return queue(DEAD, listener);
    }

    static WriteQueue queue(PtmxChannel terminal, Listener listener) {
        WriteQueue queue = new WriteQueue(terminal, listener, Integer.MAX_VALUE, 0, false, written -> { }, failure -> { });
        terminal.loop().execute(queue::mayTell);
        return queue;
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

    /** A listener that does nothing. */
    static class Deaf implements Listener {

        @Override
        public void connected() {}

        @Override
        public void data(int childFd, ByteBuffer data) {}

        @Override
        public void sideLost(int childFd) {}

        @Override
        public void full() {}

        @Override
        public void drained() {}

        @Override
        public void losing() {}

        @Override
        public boolean produces(boolean drained) {
            return false;
        }

        @Override
        public void emptied() {}

        @Override
        public void exited(WaitStatus outcome) {}

        @Override
        public void ended(WaitStatus outcome) {}

        @Override
        public void inputCut(String reason, long writtenBytes) {}

        @Override
        public void failed(Throwable thrown) {}
    }
}
