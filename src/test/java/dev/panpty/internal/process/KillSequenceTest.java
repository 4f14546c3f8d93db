package dev.panpty.internal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.spawn.ChildSettings;
import dev.panpty.internal.spawn.PosixSpawn;
import dev.panpty.internal.spawn.SpawnRequest;
import dev.panpty.internal.stream.StreamProcess;
import dev.panpty.internal.sys.ChildProcess;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.Way;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Ending a process whose loop has ended first. */
class KillSequenceTest {

    private static final long LONGER_THAN_THE_TEST_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void aCallerThatWaitsForTheEndReapsWhereTheLoopHasEnded() throws Exception {
        Way.POSIX_SPAWN.need();
        EventLoop loop = EventLoop.open().value();
        Ptmx ptmx = Ptmx.open().value();
        List<byte[]> words = Stream.of("/bin/sh", "-c", "trap '' HUP; echo ready; read x")
                .map(word -> word.getBytes(StandardCharsets.US_ASCII)).toList();
        ChildProcess child = new ChildProcess();
        assertEquals(Optional.empty(), new PosixSpawn().spawn(new SpawnRequest(ptmx, Optional.empty(), Optional.empty(), true, words.getFirst(),
                Optional.empty(), words, List.of(), Optional.empty(), ChildSettings.NONE), child));
        Await.until("it ignores the signal", () -> ptmx.descriptor().readableBytes() > 0);
        StreamProcess process = new StreamProcess(
                new ProcessStart(loop, ptmx, Optional.empty(), Optional.empty(), true, child, false, false, Duration.ofSeconds(1),
                        Optional.empty()),
                (message, bytesWritten) -> new IOException(message));
        KillSequence ending = new KillSequence(process, LONGER_THAN_THE_TEST_NANOS);
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                KillSequence.run(List.of(ending));
            } catch (InterruptedException stop) {
                throw new AssertionError(stop);
            }
        });
        Await.blocked(caller);
        loop.stop();
        loop.join();
        assertEquals(0, process.signal(KillSequence.SIGKILL));
        assertTrue(caller.join(LIMIT));
        assertEquals(0, Children.fields(child.pid()).length);
        assertTrue(ptmx.descriptor().isClosed());
    }
}
