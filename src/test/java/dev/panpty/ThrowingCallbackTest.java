package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.LoggedErrors;
import dev.panpty.testing.OwnReactor;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** A callback that throws: its protocol or the log gets the throwable, and no other process is disturbed. */
class ThrowingCallbackTest extends OwnReactor {

    @Test
    void aThrowableOfACallbackGoesToOnErrorAndTheEndIsNotLost() throws Exception {
        class Thrower extends ProtocolRecorder {

            @Override
            public void connectionMade(ProcessTransport transport) {
                super.connectionMade(transport);
                throw new IllegalStateException("made");
            }

            @Override
            public void outReceived(ByteBuffer data) {
                super.outReceived(data);
                throw new AssertionError("out");
            }

            @Override
            public void childConnectionLost(int childFd) {
                super.childConnectionLost(childFd);
                throw new IllegalStateException("lost " + childFd);
            }

            @Override
            public void processExited(ExitStatus status) {
                super.processExited(status);
                throw new IllegalStateException("exited");
            }

            @Override
            public void processEnded(ExitStatus status) {
                super.processEnded(status);
                throw new IllegalStateException("ended");
            }
        }

        try (Reactor reactor = Reactor.open()) {
            ProtocolRecorder bystander = new ProtocolRecorder();
            PtyProcess cat = Programs.shell("stty raw -echo; printf R; exec cat").start(reactor, bystander);
            bystander.awaitOutput("R");
            Thrower thrower = new Thrower();
            PtyProcess process = Programs.shell("echo hello; exit 9").start(reactor, thrower);
            assertEquals(9, process.onEnd().get(20, TimeUnit.SECONDS).exitValue());
            thrower.awaitEnd();
            Await.until("all reported", () -> thrower.errors().size() >= 6);
            List<String> messages = thrower.errors().stream().map(Throwable::getMessage).toList();
            assertTrue(messages.containsAll(List.of("made", "out", "lost 0", "lost 1", "exited", "ended")), messages::toString);
            assertEquals("hello\r\n", thrower.text());
            cat.write("still here".getBytes(StandardCharsets.US_ASCII));
            bystander.awaitOutput("still here");
        }
    }

    @Test
    void anOnErrorThatThrowsDisturbsNoOtherProcess() throws Exception {
        ProcessProtocol hopeless = new ProcessProtocol() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                throw new IllegalStateException("made");
            }

            @Override
            public void onError(Throwable thrown) {
                throw new IllegalStateException("again", thrown);
            }
        };
        try (LoggedErrors logged = new LoggedErrors()) {
            assertEquals(4, Programs.shell("exit 4").start(hopeless).onEnd().get(20, TimeUnit.SECONDS).exitValue());
            assertEquals(List.of("in the protocol of a process: java.lang.IllegalStateException: made",
                    "in the onError of that protocol: java.lang.IllegalStateException: again"), logged.all());
        }
    }

    @Test
    void anOnErrorThatRethrowsLosesNeitherExitNorEnd() throws Exception {
        ProcessProtocol thrower = new ProcessProtocol() {
            @Override
            public void processExited(ExitStatus status) {
                throw new IllegalStateException("mine");
            }

            @Override
            public void onError(Throwable thrown) {
                throw (IllegalStateException) thrown;
            }
        };
        try (LoggedErrors logged = new LoggedErrors()) {
            PtyProcess process = Programs.shell("exit 3").start(reactor, thrower);
            assertEquals(3, process.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS).exitValue());
            assertEquals(List.of("in the protocol of a process: java.lang.IllegalStateException: mine"), logged.all());
        }
    }

    @Test
    void workThatThrowsEndsNothing() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        try (LoggedErrors logged = new LoggedErrors()) {
            reactor.execute(() -> {
                throw new AssertionError("thrown for a test");
            });
            reactor.schedule(Duration.ZERO, () -> {
                throw new IllegalStateException("thrown for a test");
            });
            Programs.shell("echo hello").start(reactor, recorder);
            recorder.awaitEnd().assertOrderly();
            Await.until("both are reported", () -> logged.all().size() == 2);
        }
        assertEquals("hello\r\n", recorder.text());
    }

    @Test
    void aLoggerThatThrowsDoesNotEndTheReactor() throws Exception {
        Logger logger = Logger.getLogger("dev.panpty");
        Handler thrower = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                throw (IllegalStateException) entry.getThrown();
            }

            @Override
            public void flush() {
                // entries are not buffered
            }

            @Override
            public void close() {
                // there is nothing to close
            }
        };
        logger.addHandler(thrower);
        try {
            CountDownLatch next = new CountDownLatch(1);
            reactor.execute(() -> {
                throw new IllegalStateException("mine");
            });
            reactor.execute(next::countDown);
            assertPromptly("the command after the one that has failed", next);
        } finally {
            logger.removeHandler(thrower);
        }
    }
}
