package dev.panpty.expect;

import dev.panpty.OwnTerminal;
import dev.panpty.TerminalAttributes;
import dev.panpty.WindowSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The program of a session on the terminal of this JVM. The caller has the session's turn: it reads keys, and a thread of its own shows the
 * output. Keys are read one by one, so that those behind the escape byte stay with the terminal.
 */
final class Interaction {

    private static final Duration KEY_WAIT = Duration.ofMillis(100); // then the window size is polled
    private static final int MOST_KEYS = 4096; // of a paste, in one write
    private static final long OUTPUT_WAIT_NANOS = KEY_WAIT.toNanos();

    private final Connection connection;
    private final SessionTaps taps;
    private final Output output;
    private final Typing typing;
    private final Charset charset;
    private final PrintStream screen = System.out;
    private final AtomicReference<IOException> outputFailure = new AtomicReference<>();

    Interaction(Connection connection, SessionTaps taps, Output output, Typing typing, Charset charset) {
        this.connection = connection;
        this.taps = taps;
        this.output = output;
        this.typing = typing;
        this.charset = charset;
    }

    Departure run(byte escape) throws IOException, InterruptedException {
        try (OwnTerminal own = OwnTerminal.open(); Window window = new Window(own)) {
            own.attributes(TerminalAttributes.raw());
            window.follow();
            byte[] unread = output.drop().getBytes(charset);
            show(unread, 0, unread.length);
            Thread shower = Thread.ofVirtual().name("panpty-expect-output").start(this::showOutput);
            try {
                return typeKeys(own, window, shower, escape);
            } finally {
                shower.interrupt();
                boolean interrupted = Thread.interrupted();
                shower.join();
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** The program's window, which has the size of the own terminal until this is closed. */
    private final class Window implements AutoCloseable {

        private final OwnTerminal own;
        private final Optional<WindowSize> former;
        private Optional<WindowSize> current = Optional.empty();

        Window(OwnTerminal own) throws IOException {
            this.own = own;
            former = connection.canResize() ? Optional.of(connection.windowSize()) : Optional.empty();
        }

        void follow() throws IOException {
            Optional<WindowSize> size = Optional.of(own.windowSize());
            if (former.isPresent() && !size.equals(current)) {
                resize(size.get());
                current = size;
            }
        }

        private void resize(WindowSize size) throws IOException {
            if (connection.canResize()) {
                connection.resize(size);
                taps.resized(size);
            }
        }

        @Override
        public void close() throws IOException {
            if (former.isPresent()) {
                resize(former.get());
            }
        }
    }

    private Departure typeKeys(OwnTerminal own, Window window, Thread shower, byte escape) throws IOException {
        byte[] key = new byte[1];
        ByteArrayOutputStream keys = new ByteArrayOutputStream();
        while (shower.isAlive()) {
            int count = own.read(key, keys.size() == 0 ? KEY_WAIT : Duration.ZERO);
            if (count > 0 && key[0] != escape) {
                keys.write(key[0]);
            }
            if (keys.size() > 0 && (count <= 0 || key[0] == escape || keys.size() == MOST_KEYS)) {
                typing.type(keys.toByteArray());
                keys.reset();
            }
            if (count > 0 && key[0] == escape) {
                return new Departure.Escaped(escape);
            }
            if (count < 0) {
                return new Departure.KeysEnded();
            }
            window.follow();
        }
        if (outputFailure.get() != null) {
            throw outputFailure.get();
        }
        return new Departure.Ended(connection.status());
    }

    private void showOutput() {
        try {
            while (!output.isEnded()) {
                output.showNext(OUTPUT_WAIT_NANOS, this::show);
            }
        } catch (InterruptedIOException | InterruptedException stop) {
            return; // the caller departs
        } catch (IOException failure) {
            outputFailure.set(failure);
        }
    }

    private void show(byte[] bytes, int from, int count) {
        screen.write(bytes, from, count);
        screen.flush();
    }
}
