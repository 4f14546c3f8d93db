package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.EachWay;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Calls inside a callback take effect in call order; what they cause is notified after the callback has returned. */
class CallbackOrderTest {

    /** Notes each callback, and marks one that begins inside another. */
    private static class Noting implements ProcessProtocol {

        final List<String> heard = Collections.synchronizedList(new ArrayList<>());
        final StringBuffer output = new StringBuffer();
        final CountDownLatch ended = new CountDownLatch(1);
        private int depth;

        void note(String name, Runnable body) {
            heard.add(depth > 0 ? name + " inside another" : name);
            depth++;
            try {
                body.run();
            } finally {
                depth--;
            }
        }

        @Override
        public void connectionMade(ProcessTransport transport) {
            note("made", () -> made(transport));
        }

        void made(ProcessTransport transport) {}

        @Override
        public void outReceived(ByteBuffer data) {
            note("out", () -> output.append(StandardCharsets.ISO_8859_1.decode(data)));
        }

        @Override
        public void childConnectionLost(int childFd) {
            note("lost " + childFd, () -> { });
        }

        @Override
        public void processExited(ExitStatus status) {
            note("exited", () -> { });
        }

        @Override
        public void processEnded(ExitStatus status) {
            note("ended", () -> { });
            ended.countDown();
        }
    }

    private static Noting run(PtyProcessBuilder builder, Consumer<ProcessTransport> inMade) throws Exception {
        Noting protocol = new Noting() {
            @Override
            void made(ProcessTransport transport) {
                inMade.accept(transport);
            }
        };
        try (PtyProcess process = builder.start(protocol)) {
            assertTrue(protocol.ended.await(Await.DEADLINE.toMillis(), TimeUnit.MILLISECONDS), () -> protocol.heard + " of " + process);
        }
        assertEquals(List.of(), protocol.heard.stream().filter(name -> name.contains("inside")).toList());
        assertEquals("made", protocol.heard.getFirst());
        assertEquals("ended", protocol.heard.getLast());
        return protocol;
    }

    private static PtyProcessBuilder shell(String script) {
        return new PtyProcessBuilder("sh", "-c", script);
    }

    @EachWay
    void callsInsideConnectionMadeAreNotifiedAfterIt() throws Exception {
        run(new PtyProcessBuilder("cat"), ProcessTransport::loseConnection);
        run(new PtyProcessBuilder("cat"), ProcessTransport::abortConnection);
        run(new PtyProcessBuilder("cat"), ProcessTransport::closeStdin);
        run(new PtyProcessBuilder("true"), transport -> {
            transport.pauseProducing();
            transport.resumeProducing();
        });
        run(new PtyProcessBuilder("cat"), transport -> {
            transport.registerProducer(new Stopped());
            transport.unregisterProducer();
            transport.write("x\n".getBytes(StandardCharsets.US_ASCII));
            transport.loseConnection();
        });
    }

    /** A producer is paused inside the write that fills the queue; what it throws then is told after the callback. */
    @EachWay
    void whatAPausedProducerThrowsIsToldAfterTheCallback() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        Noting protocol = new Noting() {
            @Override
            void made(ProcessTransport transport) {
                transport.registerProducer(new Producer.Push() {
                    @Override
                    public void pauseProducing() {
                        note("paused", () -> { });
                        throw new IllegalArgumentException("paused");
                    }

                    @Override
                    public void resumeProducing() {}

                    @Override
                    public void stopProducing() {}
                });
                transport.write(new byte[100_000]);
                note("written", () -> { });
            }

            @Override
            public void onError(Throwable thrown) {
                note("error " + thrown.getMessage(), told::countDown);
            }
        };
        try (PtyProcess process = new PtyProcessBuilder("sleep", "1000").attributes(TerminalAttributes.raw()).start(protocol)) {
            assertTrue(told.await(Await.DEADLINE.toMillis(), TimeUnit.MILLISECONDS), () -> protocol.heard + " of " + process);
        }
        assertEquals(List.of("made", "paused inside another", "written inside another", "error paused"), List.copyOf(protocol.heard).subList(0, 4));
    }

    private static final class Stopped implements Producer.Pull {

        @Override
        public void resumeProducing() {}

        @Override
        public void stopProducing() {}
    }

    @EachWay
    void aProducerIsCalledAfterTheCallbackThatRegistersIt() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Noting protocol = run(new PtyProcessBuilder("cat"), transport -> {
            transport.registerProducer(new Producer.Pull() {
                @Override
                public void resumeProducing() {
                    order.add("asked");
                    transport.unregisterProducer();
                    transport.closeStdin();
                }

                @Override
                public void stopProducing() {
                    order.add("stopped");
                }
            });
            order.add("made");
        });
        assertEquals(List.of("made", "asked"), order, () -> protocol.heard.toString());
    }

    /** A call that acts on the terminal or the process. */
    private interface Effect {

        void on(PtyProcess process) throws IOException;
    }

    /** A byte is held while the callback runs, and is written before the next call takes effect. */
    @EachWay
    void bytesWrittenInACallbackComeBeforeItsNextCall() throws Exception {
        List<Effect> effects = List.of(
                process -> process.resize(new WindowSize(7, 9)),
                process -> process.attributes(TerminalAttributes.raw()),
                process -> process.signal(Signal.CONT),
                process -> process.signalGroup(Signal.CONT),
                process -> process.signalForeground(Signal.CONT),
                PtyProcess::stopOutput,
                PtyProcess::resumeOutput,
                PtyProcess::closeStdin);
        Noting protocol = new Noting();
        try (PtyProcess process = shell("cat >/dev/null").attributes(TerminalAttributes.raw()).start(protocol)) {
            CompletableFuture<List<Long>> seen = new CompletableFuture<>();
            Reactor.shared().execute(() -> {
                List<Long> counts = new ArrayList<>();
                try {
                    for (Effect effect : effects) {
                        process.write(new byte[] {'x'});
                        counts.add(process.pendingBytes());
                        effect.on(process);
                        counts.add(process.pendingBytes());
                    }
                    seen.complete(counts);
                } catch (Throwable failed) {
                    seen.completeExceptionally(failed);
                }
            });
            List<Long> expected = new ArrayList<>();
            effects.forEach(effect -> expected.addAll(List.of(1L, 0L)));
            assertEquals(expected, seen.get(20, TimeUnit.SECONDS));
        }
    }

    /** More than is held, one byte at a time; then another thread writes more. */
    @EachWay
    void bytesWrittenInACallbackAreInOrder() throws Exception {
        int bytes = 10_000;
        CountDownLatch ready = new CountDownLatch(1);
        Noting protocol = new Noting() {
            @Override
            public void outReceived(ByteBuffer data) {
                super.outReceived(data);
                if (output.indexOf("ready") >= 0) {
                    ready.countDown();
                }
            }
        };
        StringBuilder expected = new StringBuilder("ready\n");
        try (PtyProcess process = shell("stty raw -echo; echo ready; head -c " + (bytes + 1)).start(protocol)) {
            assertTrue(ready.await(20, TimeUnit.SECONDS));
            CountDownLatch written = new CountDownLatch(1);
            Reactor.shared().execute(() -> {
                for (int i = 0; i < bytes; i++) {
                    process.write(new byte[] {(byte) ('a' + i % 26)});
                }
                Thread other = Thread.ofPlatform().start(() -> process.write(new byte[] {'!'}));
                joined(other);
                written.countDown();
            });
            for (int i = 0; i < bytes; i++) {
                expected.append((char) ('a' + i % 26));
            }
            expected.append('!');
            assertTrue(written.await(20, TimeUnit.SECONDS));
            assertTrue(protocol.ended.await(20, TimeUnit.SECONDS), protocol.heard::toString);
        }
        assertEquals(expected.toString(), protocol.output.toString());
    }

    private static void joined(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }
}
