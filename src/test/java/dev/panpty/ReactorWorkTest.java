package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.testing.Await;
import dev.panpty.testing.OwnReactor;
import dev.panpty.testing.ProtocolRecorder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Work and starts that callbacks and timers post to the reactor: none waits for another event, and none starves another. */
class ReactorWorkTest extends OwnReactor {

    private static final String SAYS_ONE_THING = "echo hi; exec sleep 1000";

    /** A protocol that runs an action at the first output. */
    private static class AtOutput extends ProtocolRecorder {

        private final Runnable then;
        private boolean done;

        AtOutput(Runnable then) {
            this.then = then;
        }

        @Override
        public void outReceived(ByteBuffer data) {
            super.outReceived(data);
            if (!done) {
                done = true;
                then.run();
            }
        }
    }

    private PtyProcess start(ProcessProtocol protocol, String script) throws SpawnException {
        return new PtyProcessBuilder("sh", "-c", script).start(reactor, protocol);
    }

    private void startUnchecked(ProcessProtocol protocol, String script) {
        try {
            start(protocol, script);
        } catch (SpawnException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void workGivenOnTheReactorsOwnThreadWhileOutputIsDeliveredRunsWithoutAnyOtherEvent() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        start(new AtOutput(() -> reactor.execute(ran::countDown)), SAYS_ONE_THING);
        assertPromptly("the work", ran);
    }

    @Test
    void aConnectionAbortedWhileItsOutputIsDeliveredEndsWithoutAnyOtherEvent() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        start(new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                transport().abortConnection();
            }

            @Override
            public void processEnded(ExitStatus status) {
                ended.countDown();
            }
        }, SAYS_ONE_THING);
        assertPromptly("the end", ended);
    }

    @Test
    void aProcessStartedWhileOutputIsDeliveredIsConnectedWithoutAnyOtherEvent() throws Exception {
        CountDownLatch made = new CountDownLatch(1);
        ProtocolRecorder second = new ProtocolRecorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                made.countDown();
            }
        };
        start(new AtOutput(() -> startUnchecked(second, "exec sleep 1000")), SAYS_ONE_THING);
        assertPromptly("the connection", made);
    }

    @Test
    void workGivenByATimerRunsWithoutAnyOtherEvent() throws Exception {
        CountDownLatch ran = new CountDownLatch(2);
        CountDownLatch made = new CountDownLatch(1);
        reactor.schedule(Duration.ofMillis(1), () -> {
            reactor.execute(ran::countDown);
            reactor.execute(ran::countDown);
        });
        assertPromptly("the work", ran);
        reactor.schedule(Duration.ofMillis(1), () -> startUnchecked(new ProtocolRecorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                made.countDown();
            }
        }, "exec sleep 1000"));
        assertPromptly("the connection", made);
    }

    @Test
    void workThatACallbackPostsIsDoneWithoutAnyOtherEvent() throws Exception {
        CountDownLatch done = new CountDownLatch(20);
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                super.outReceived(data);
                reactor.execute(done::countDown);
            }
        };
        PtyProcess process = start(recorder, "stty raw -echo; printf R; exec cat");
        for (int size = 1; size <= 20; size++) {
            recorder.awaitSize(size);
            long left = 20 - size;
            Await.until("the work is done", () -> done.getCount() <= left);
            process.write(new byte[] {'x'});
        }
    }

    @Test
    void aStartInACallbackIsNotifiedAfterwardsWithoutAnyOtherEvent() throws Exception {
        ProtocolRecorder second = new ProtocolRecorder();
        AtomicReference<List<String>> atReturn = new AtomicReference<>();
        ProtocolRecorder first = new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                super.outReceived(data);
                if (atReturn.get() != null) {
                    return; // the output may come in pieces
                }
                try {
                    start(second, "exec sleep 1000");
                    atReturn.set(second.events());
                } catch (SpawnException failed) {
                    throw new AssertionError(failed);
                }
            }
        };
        start(first, "echo hello; exec sleep 1000");
        second.awaitEvent("made");
        assertEquals(List.of(), atReturn.get());
        assertEquals(List.of(), first.errors());
    }

    @Test
    void workThatGivesItselfAgainDoesNotStarveTerminals() throws Exception {
        CountDownLatch output = new CountDownLatch(1);
        AtomicLong turns = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        Runnable again = new Runnable() {
            @Override
            public void run() {
                turns.incrementAndGet();
                if (!over.get()) {
                    reactor.execute(this);
                }
            }
        };
        reactor.execute(again);
        try {
            start(new AtOutput(output::countDown), "echo hi");
            assertPromptly("output", output);
        } finally {
            over.set(true);
        }
    }
}
