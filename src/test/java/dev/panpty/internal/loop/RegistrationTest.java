package dev.panpty.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Epoll;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The events of a descriptor in each state of its registration. */
class RegistrationTest {

    private static final long LIMIT_SECONDS = 20;

    private final EventLoop loop = EventLoop.open().value();
    private final Descriptor.Pipe pipe = Descriptor.pipe().value();
    private final BlockingQueue<Integer> events = new LinkedBlockingQueue<>();
    private final Registration registration = new Registration(loop, pipe.readEnd(), events::add);

    @AfterEach
    void stop() throws Exception {
        registration.close();
        pipe.readEnd().close();
        pipe.writeEnd().close();
        loop.stop();
        loop.join();
    }

    private void write() {
        assertEquals(1, pipe.writeEnd().write(new byte[1], 0, 1));
    }

    private void readAll() {
        byte[] bytes = new byte[16];
        while (pipe.readEnd().read(bytes, 0, bytes.length) > 0) {
            // drains the pipe
        }
    }

    private void once() {
        assertEquals(0, registration.once(Epoll.IN));
    }

    private void awaitEvent() throws InterruptedException {
        assertNotNull(events.poll(LIMIT_SECONDS, TimeUnit.SECONDS), "no event");
        readAll();
    }

    /** Lets the loop handle all pending events and call epoll_wait once more, and checks that no event came. */
    private void assertNoEvent() throws InterruptedException {
        for (int turn = 0; turn < 2; turn++) {
            CountDownLatch done = new CountDownLatch(1);
            assertTrue(loop.post(done::countDown));
            assertTrue(done.await(LIMIT_SECONDS, TimeUnit.SECONDS));
        }
        assertTrue(events.isEmpty(), events::toString);
    }

    private void awaitUntilEdgeTriggered() throws InterruptedException {
        for (int i = 0; i < AdaptiveInterest.WAITS + 1; i++) {
            once();
            write();
            awaitEvent();
        }
    }

    @Test
    void anArmedRegistrationIsNotifiedOnce() throws Exception {
        once();
        write();
        awaitEvent();
        write();
        assertNoEvent();
        once();
        awaitEvent();
    }

    @Test
    void aRegistrationWithManyWaitsInARowStaysEdgeTriggered() throws Exception {
        awaitUntilEdgeTriggered();
        write();
        awaitEvent();
    }

    @Test
    void aRegistrationWithoutWaitsIsNotifiedNoMore() throws Exception {
        awaitUntilEdgeTriggered();
        for (int i = 0; i < AdaptiveInterest.EVENTS_IN_VAIN; i++) {
            write();
            assertNotNull(events.poll(LIMIT_SECONDS, TimeUnit.SECONDS), "no event");
        }
        write();
        assertNoEvent();
        once(); // gives the event that is pending already
        awaitEvent();
        write();
        assertNoEvent();
    }

    @Test
    void listeningGivesWayToEdges() throws Exception {
        awaitUntilEdgeTriggered();
        write();
        awaitEvent();
        write();
        assertNotNull(events.poll(LIMIT_SECONDS, TimeUnit.SECONDS), "no event"); // the byte is not read, so the event comes again
        registration.edges(Epoll.IN);
        awaitEvent();
        for (int i = 0; i < AdaptiveInterest.EVENTS_IN_VAIN + 2; i++) {
            write();
            awaitEvent();
        }
    }

    /** Another registration of the descriptor exists, so epoll_ctl gives EEXIST until that is removed. */
    @Test
    void edgesThatEpollRefusesAreAskedForAgain() throws Exception {
        Registration other = new Registration(loop, pipe.readEnd(), readiness -> { });
        assertEquals(0, other.register());
        registration.edges(Epoll.IN);
        assertNotNull(events.poll(LIMIT_SECONDS, TimeUnit.SECONDS), "the resync polls in place of epoll");
        write();
        awaitEvent();
        other.detach();
        while (!registration.isByEdges()) {
            assertNotNull(events.poll(LIMIT_SECONDS, TimeUnit.SECONDS), "no resync");
        }
        events.clear();
        write();
        awaitEvent();
    }
}
