package dev.panpty.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.Pty;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.Reactor;
import dev.panpty.SpawnException;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;

/** A terminal without a program, and its model. */
final class Terminal {

    final Pty pty;
    private boolean open = true;
    private boolean raw;
    private WindowSize size = WindowSize.DEFAULT;

    Terminal() throws Exception {
        pty = Pty.open();
        pty.attributes(Options.attributes(false));
    }

    private static <T> T call(Where where, Callable<T> call) throws Exception {
        return where.call(Reactor.shared(), call);
    }

    void resize(Where where, int number) throws Exception {
        WindowSize wanted = new WindowSize(number, 65535 - number, number * 3, number * 7);
        assertTrue(pty.ptsName().startsWith("/dev/pts/"));
        if (open) {
            call(where, () -> {
                pty.resize(wanted);
                return null;
            });
            size = wanted;
            assertEquals(size, call(where, pty::windowSize));
        } else {
            assertThrows(IOException.class, () -> pty.resize(wanted));
            assertThrows(IOException.class, pty::windowSize);
        }
    }

    void changeAttributes(Where where, int number) throws Exception {
        if (open) {
            raw = number % 2 == 0;
            call(where, () -> {
                pty.attributes(Options.attributes(raw));
                return null;
            });
            assertEquals(Options.attributes(raw), call(where, pty::attributes));
            assertEquals(size, pty.windowSize());
        } else {
            assertThrows(IOException.class, () -> pty.attributes(Options.attributes(true)));
            assertThrows(IOException.class, pty::attributes);
        }
    }

    /** Bytes from the ptmx to the pts and back. */
    void talk(Where where, int number) throws Exception {
        byte[] line = (TalkSteps.letters(number) + "\n").getBytes(StandardCharsets.US_ASCII);
        if (!open) {
            assertThrows(IOException.class, () -> pty.ptmxOutputStream().write(line));
            assertEquals(-1, pty.ptmxInputStream().read());
            assertThrows(IOException.class, pty::ptsInputStream);
            assertThrows(IOException.class, pty::ptsOutputStream);
        } else if (where == Where.REACTOR) {
            assertThrows(IllegalStateException.class, () -> call(where, () -> pty.ptmxInputStream().read()));
            assertThrows(IllegalStateException.class, () -> call(where, () -> pty.ptsInputStream().read()));
        } else {
            assertEquals(text(line, line.length), call(where, () -> {
                pty.ptmxOutputStream().write(line);
                return read(pty.ptsInputStream(), line.length);
            }));
            String shown = TalkSteps.letters(number) + (raw ? "\n" : "\r\n");
            assertEquals(shown, call(where, () -> {
                pty.ptsOutputStream().write(line);
                return read(pty.ptmxInputStream(), shown.length());
            }));
        }
    }

    private static String read(InputStream in, int count) throws IOException {
        return text(in.readNBytes(count), count);
    }

    private static String text(byte[] bytes, int count) {
        return new String(Arrays.copyOf(bytes, count), StandardCharsets.US_ASCII);
    }

    void close() throws Exception {
        call(Where.PLATFORM, () -> {
            pty.close();
            pty.close();
            return null;
        });
        open = false;
        assertThrows(SpawnException.class, () -> new PtyProcessBuilder("true").pty(pty).start());
        talk(Where.PLATFORM, 1);
    }
}
