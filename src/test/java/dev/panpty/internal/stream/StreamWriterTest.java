package dev.panpty.internal.stream;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Ptmx;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A writer whose terminal is closed before the writer is notified; and the memory of the read-ahead. */
public class StreamWriterTest {

    private static final int TIMES = 1000;

    private final EventLoop loop = EventLoop.open().value();
    private final PtmxChannel terminal = new PtmxChannel(loop, Ptmx.open().value());
    private final StreamReader reader = new StreamReader(terminal, false, new NoProcess());
    private final StreamWriter writer = new StreamWriter(terminal, reader, false, (message, bytesWritten) -> new IOException(message));

    /** The owner of a terminal without a process. */
    public static final class NoProcess implements StreamOwner {

        @Override
        public void awaitExitBriefly() {}

        @Override
        public void advance() {}
    }

    @AfterEach
    void stop() throws Exception {
        terminal.close();
        loop.stop();
        loop.join();
    }

    @Test
    void theEndOfInputHasNoEffectOnATerminalThatIsClosedAlready() {
        terminal.close();
        assertDoesNotThrow(writer::endOfInput);
    }

    @Test
    void aWriteToATerminalThatIsClosedIsRefused() {
        terminal.close();
        assertThrows(IOException.class, () -> writer.write(new byte[] {'x'}, 0, 1, false));
    }

    /** At each wait for room. Only output takes memory, a chunk of some 4 KiB. */
    @Test
    void theReadAheadTakesNoMemoryWithoutOutput() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Descriptor pts = terminal.ptmx().openOwnPts().value()) {
            reader.readAhead();
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < TIMES; i++) {
                reader.readAhead();
            }
            long each = (threads.getCurrentThreadAllocatedBytes() - before) / TIMES;
            assertTrue(each < 2000, () -> each + " bytes each time"); // a downcall that is not compiled yet allocates some
            assertEquals(1, pts.write(new byte[] {'x'}, 0, 1));
            reader.readAhead();
            terminal.close();
            assertEquals('x', reader.read());
        }
    }
}
