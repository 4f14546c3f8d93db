package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.Reactor;
import dev.panpty.SpawnException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests have in common that each want a reactor, which they may hold up. */
public abstract class OwnReactor {

    /** What is to happen at once has this long on a busy machine. */
    protected static final Duration PROMPTLY = Duration.ofSeconds(10);

    protected Reactor reactor;

    @BeforeEach
    protected final void openAReactor() throws SpawnException {
        reactor = Reactor.open();
    }

    /** On a thread of its own: one that is held up cannot be closed, and has failed its test already. */
    @AfterEach
    protected final void closeTheReactor() throws InterruptedException {
        Thread closing = Thread.ofPlatform().daemon().start(reactor::close);
        assertTrue(closing.join(PROMPTLY), "the reactor does not close");
    }

    protected static void assertPromptly(String what, CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(PROMPTLY.toSeconds(), TimeUnit.SECONDS), "not promptly: " + what);
    }

    /** Another process starts and ends on it; so what its commands and output before that lead to is done. */
    protected final void assertTheReactorAnswers() throws Exception {
        ProtocolRecorder other = new ProtocolRecorder();
        Programs.shell("echo hi").start(reactor, other);
        other.awaitEnd();
    }
}
