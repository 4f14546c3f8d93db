package dev.panpty.internal.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.process.ProcessStart;
import dev.panpty.internal.process.TerminalProcess;
import dev.panpty.internal.process.TerminalProcesses;
import dev.panpty.internal.process.WaitStatus;
import dev.panpty.internal.spawn.ChildSettings;
import dev.panpty.internal.spawn.PosixSpawn;
import dev.panpty.internal.spawn.SpawnRequest;
import dev.panpty.internal.sys.ChildProcess;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.testing.Way;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The first event of a listener. */
class ConnectTest {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static final class Recorder implements Listener {

        private final Queue<String> heard = new ConcurrentLinkedQueue<>();

        @Override
        public void connected() {
            heard.add("connected");
        }

        @Override
        public void data(int childFd, ByteBuffer data) {
            heard.add("data " + childFd);
        }

        @Override
        public void sideLost(int childFd) {
            heard.add("lost " + childFd);
        }

        @Override
        public void losing() {}

        @Override
        public boolean produces(boolean drained) {
            return false;
        }

        @Override
        public void full() {}

        @Override
        public void backpressure() {}

        @Override
        public void exited(WaitStatus outcome) {
            heard.add("exited");
        }

        @Override
        public void ended(WaitStatus outcome) {
            heard.add("ended");
        }

        @Override
        public void inputCut(String reason, long writtenBytes) {}

        @Override
        public void failed(Throwable thrown) {
            heard.add("failed " + thrown);
        }
    }

    /** The reactor is closed after the process is added to it and before the process is connected. */
    @Test
    void aProcessThatIsClosedBeforeItIsConnectedIsConnectedFirstAllTheSame() throws Exception {
        Way.POSIX_SPAWN.need();
        EventLoop loop = EventLoop.open().value();
        Ptmx ptmx = Ptmx.open().value();
        List<byte[]> words = Stream.of("/bin/sleep", "1000").map(word -> word.getBytes(StandardCharsets.US_ASCII)).toList();
        ChildProcess child = new ChildProcess();
        assertEquals(Optional.empty(), new PosixSpawn().spawn(new SpawnRequest(ptmx, Optional.empty(), Optional.empty(), true, words.getFirst(),
                Optional.empty(), words, List.of(), Optional.empty(), ChildSettings.NONE), child));
        Recorder recorder = new Recorder();
        EventProcess process = new EventProcess(
                new ProcessStart(loop, ptmx, Optional.empty(), Optional.empty(), true, child, false, false, Duration.ofSeconds(1),
                        Optional.empty()),
                new EventProcess.Limits(64, 16, 0, Duration.ofSeconds(5)), recorder);
        assertEquals(0, loop.members().add(process));
        for (TerminalProcess each : TerminalProcesses.startedOn(loop)) {
            each.abort();
        }
        process.watch();
        assertTrue(process.ended().await(LIMIT_NANOS));
        List<String> heard = List.copyOf(recorder.heard);
        assertEquals("connected", heard.getFirst(), heard::toString);
        assertEquals("ended", heard.getLast(), heard::toString);
        assertEquals(List.of("connected", "ended", "exited", "lost 0", "lost 1"), heard.stream().sorted().toList());
        loop.stop();
        loop.join();
    }
}
