package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Programs;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests have in common that each want a reactor, which they may hold up. */
abstract class OwnReactor {

    /** What is to happen at once has this long on a busy machine. */
    static final Duration PROMPTLY = Duration.ofSeconds(10);

    Reactor reactor;

    @BeforeEach
    final void openAReactor() throws SpawnException {
        reactor = Reactor.open();
    }

    /** On a thread of its own: one that is held up cannot be closed, and has failed its test already. */
    @AfterEach
    final void closeTheReactor() throws InterruptedException {
        Thread closing = Thread.ofPlatform().daemon().start(reactor::close);
        assertTrue(closing.join(PROMPTLY), "the reactor does not close");
    }

    static void assertPromptly(String what, CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(PROMPTLY.toSeconds(), TimeUnit.SECONDS), "not promptly: " + what);
    }

    /** Another process starts and ends on it; so what its commands and output before that lead to is done. */
    final void assertTheReactorAnswers() throws Exception {
        ProtocolRecorder other = new ProtocolRecorder();
        Programs.shell("echo hi").start(reactor, other);
        other.awaitEnd();
    }
}
