package dev.panpty.internal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.spawn.ChildSettings;
import dev.panpty.internal.spawn.PosixSpawn;
import dev.panpty.internal.spawn.SpawnRequest;
import dev.panpty.internal.sys.ChildProcess;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Libc;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Way;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One caller or the loop reaps a child once; a signal never reaches another process. */
class ChildTest {

    private static final int NO_SIGNAL = 0; // only checks whether a signal could be sent, see kill(2)
    private static final long LIMIT_SECONDS = 20;

    private final EventLoop loop = EventLoop.open().value();
    private final Ptmx ptmx = Ptmx.open().value();
    private final BlockingQueue<WaitStatus> outcomes = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() throws Exception {
        ptmx.close();
        loop.stop();
        loop.join();
    }

    /** A running program whose pidfd is not registered yet. */
    private Child child(String... command) {
        Way.POSIX_SPAWN.need();
        List<byte[]> words = Stream.of(command).map(word -> word.getBytes(StandardCharsets.US_ASCII)).toList();
        SpawnRequest request = new SpawnRequest(ptmx, Optional.empty(), Optional.empty(), true, words.getFirst(), Optional.empty(), words, List.of(),
                Optional.empty(), ChildSettings.NONE);
        ChildProcess process = new ChildProcess();
        assertEquals(Optional.empty(), new PosixSpawn().spawn(request, process));
        AtomicReference<Child> child = new AtomicReference<>();
        AtomicBoolean told = new AtomicBoolean();
        child.set(new Child(loop, process, () -> { // may run more than once
            if (told.compareAndSet(false, true)) {
                outcomes.add(child.get().status().orElseThrow());
            }
        }));
        return child.get();
    }

    private static boolean isGone(Child child) {
        return Children.fields(child.pid()).length == 0;
    }

    /** Before the pidfd is opened. */
    @Test
    void theNumberOfAChildThatAnotherThreadHasReapedIsNotSignalled() throws Exception {
        Child child = child("/bin/true");
        assertTrue(Libc.takeStatus(child.pid()));
        assertEquals(-Linux.ESRCH(), child.signal(NO_SIGNAL));
        child.advance();
        assertTrue(outcomes.poll(LIMIT_SECONDS, TimeUnit.SECONDS).unknown().orElseThrow().contains("another part of the JVM"));
        try (PtyProcess stranger = Programs.settled()) {
            int group = (int) stranger.pid();
            assertEquals(-Linux.ESRCH(), child.signalGroup(group, NO_SIGNAL));
        }
    }

    @Test
    void aChildThatHasExitedIsReapedWhenItIsAbandoned() throws Exception {
        Child child = child("/bin/sh", "-c", "exit 3");
        Await.until("it has ended", () -> Children.fields(child.pid())[0].equals("Z"));
        child.abandon("too late");
        assertTrue(isGone(child));
        assertEquals(3 << 8, outcomes.remove().rawStatus());
        child.undo(); // has no effect any more
        assertTrue(outcomes.isEmpty());
    }

    @Test
    void anAbandonedChildIsEndedWhenItsStartIsUndone() {
        Child child = child("/bin/sleep", "1000");
        child.abandon("too late");
        assertEquals(Optional.of("too late"), outcomes.remove().unknown());
        assertFalse(isGone(child));
        child.undo();
        assertTrue(isGone(child));
    }

    @Test
    void theFirstToSeeTheExitReapsAndAllHaveItsStatus() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < 300; i++) {
                Child child = child("/bin/sh", "-c", "exit " + i % 100);
                child.advance();
                List<Thread> waiting = new ArrayList<>();
                for (int thread = 0; thread < i % 4; thread++) {
                    waiting.add(Thread.ofPlatform().start(() -> {
                        while (!child.isReaped()) {
                            child.awaitBriefly();
                        }
                    }));
                }
                WaitStatus outcome = outcomes.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
                assertEquals((i % 100) << 8, outcome.rawStatus());
                for (Thread thread : waiting) {
                    thread.join();
                }
                assertTrue(isGone(child));
            }
        });
        assertTrue(outcomes.isEmpty());
    }

    @Test
    void anExitAfterTheWaitIsSeenByTheLoop() throws Exception {
        Child child = child("/bin/sleep", "0.1");
        child.advance();
        child.awaitBriefly();
        assertEquals(0, outcomes.poll(LIMIT_SECONDS, TimeUnit.SECONDS).rawStatus());
    }
}
