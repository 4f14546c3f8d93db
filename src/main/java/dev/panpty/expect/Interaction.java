package dev.panpty.expect;

import dev.panpty.OwnTerminal;
import dev.panpty.PtyProcess;
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
    private final Output output;
    private final Typing typing;
    private final Charset charset;
    private final PrintStream screen = System.out;
    private final AtomicReference<IOException> outputFailure = new AtomicReference<>();

    Interaction(Connection connection, Output output, Typing typing, Charset charset) {
        this.connection = connection;
        this.output = output;
        this.typing = typing;
        this.charset = charset;
    }

    Departure run(byte escape) throws IOException, InterruptedException {
        try (OwnTerminal own = OwnTerminal.open()) {
            own.attributes(TerminalAttributes.raw());
            Optional<WindowSize> former = follow(own);
            byte[] unread = output.drop().getBytes(charset);
            show(unread, 0, unread.length);
            Thread shower = Thread.ofVirtual().name("panpty-expect-output").start(this::showOutput);
            try {
                return typeKeys(own, shower, escape);
            } finally {
                shower.interrupt();
                boolean interrupted = Thread.interrupted();
                shower.join();
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                if (former.isPresent()) {
                    connection.process().orElseThrow().resize(former.get());
                }
            }
        }
    }

    private Optional<WindowSize> follow(OwnTerminal own) throws IOException {
        Optional<PtyProcess> process = connection.process();
        if (process.isEmpty() || process.get().exitStatus().isPresent()) {
            return Optional.empty();
        }
        WindowSize former = process.get().windowSize();
        process.get().resize(own.windowSize());
        return Optional.of(former);
    }

    private Departure typeKeys(OwnTerminal own, Thread shower, byte escape) throws IOException {
        byte[] key = new byte[1];
        ByteArrayOutputStream keys = new ByteArrayOutputStream();
        WindowSize size = own.windowSize();
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
            if (!own.windowSize().equals(size) && connection.process().isPresent()) {
                size = own.windowSize();
                connection.process().get().resize(size);
            }
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
