package dev.panpty.internal.loop;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.panpty.internal.sys.Ptmx;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The moment between the closing of a terminal and the writer's hearing of it. */
class StreamWriterTest {

    private final EventLoop loop = EventLoop.open().loop();
    private final Terminal terminal = new Terminal(loop, Ptmx.open().ptmx());
    private final StreamReader reader = new StreamReader(terminal, false, new Nobody());
    private final StreamWriter writer = new StreamWriter(terminal, reader, false);

    /** There is no process. */
    private static final class Nobody implements StreamReader.Owner {

        @Override
        public void awaitExitBriefly() {}

        @Override
        public void finished(StreamReader reader) {}
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
    void aWriteToItIsRefused() {
        terminal.close();
        assertThrows(IOException.class, () -> writer.write(new byte[] {'x'}, 0, 1));
    }
}
