package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.Reactor;
import dev.panpty.SpawnException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test with a reactor of its own, which it may block. */
public abstract class OwnReactor {

    /** The time limit for prompt events on a busy machine. */
    protected static final Duration PROMPTLY = Duration.ofSeconds(10);

    protected Reactor reactor;

    @BeforeEach
    protected final void openAReactor() throws SpawnException {
        reactor = Reactor.open();
    }

    /** On a thread of its own: a blocked reactor cannot be closed, and its test has failed already. */
    @AfterEach
    protected final void closeTheReactor() throws InterruptedException {
        Thread closing = Thread.ofPlatform().daemon().start(reactor::close);
        assertTrue(closing.join(PROMPTLY), "the reactor does not close");
    }

    protected static void assertPromptly(String what, CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(PROMPTLY.toSeconds(), TimeUnit.SECONDS), "not promptly: " + what);
    }

    /** Runs another process to its end on the reactor, which therefore has handled all earlier commands and output. */
    protected final void assertTheReactorAnswers() throws Exception {
        ProtocolRecorder other = new ProtocolRecorder();
        Programs.shell("echo hi").start(reactor, other);
        other.awaitEnd();
    }
}
