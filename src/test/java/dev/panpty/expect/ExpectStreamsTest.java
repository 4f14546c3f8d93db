package dev.panpty.expect;

import static dev.panpty.expect.Awaited.end;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ExitStatus;
import dev.panpty.Tapped;
import dev.panpty.TerminalTap;
import dev.panpty.testing.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions over plain streams. */
@Timeout(60)
class ExpectStreamsTest {

    /** Greets each caller, and cuts the first one off in the middle. */
    private static void serve(ServerSocket server) {
        try {
            for (int call = 0; call < 2; call++) {
                try (Socket caller = server.accept()) {
                    OutputStream out = caller.getOutputStream();
                    out.write("name: ".getBytes(StandardCharsets.UTF_8));
                    BufferedReader in = new BufferedReader(new InputStreamReader(caller.getInputStream(), StandardCharsets.UTF_8));
                    String name = in.readLine();
                    if (call == 0) {
                        caller.setSoLinger(true, 0); // RST
                    } else {
                        out.write(("password: ").getBytes(StandardCharsets.UTF_8));
                        out.write(("hello " + name + in.readLine() + "\n").getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void aConnectionThatIsCutInMidDialogCanBeDialledAgain() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> serve(server));
            for (int call = 0; call < 2; call++) {
                try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
                        Expect session = Expect.over(socket.getInputStream(), socket.getOutputStream())) {
                    session.expect("name: ");
                    session.sendLine("duke");
                    if (call == 0) {
                        assertTrue(assertThrows(IOException.class, () -> session.expect("password")).getMessage().contains("stream failed"));
                        assertThrows(IOException.class, () -> session.expect("password"));
                    } else {
                        session.expect("password: ");
                        session.sendSecret("pw".toCharArray());
                        assertEquals("dukepw", session.expect(Pattern.compile("hello (\\w+)\n")).group(1).orElseThrow());
                        assertInstanceOf(ExitStatus.Unknown.class, session.end());
                    }
                }
            }
        }
    }

    @Test
    void theEndOfTheStreamEndsTheWait() throws Exception {
        PipedOutputStream far = new PipedOutputStream();
        try (Expect session = Expect.over(new PipedInputStream(far), OutputStream.nullOutputStream())) {
            far.write("abc".getBytes(StandardCharsets.US_ASCII));
            far.close();
            EndedException ended = assertThrows(EndedException.class, () -> session.expect("x"));
            assertTrue(ended.getMessage().contains("abc") && ended.echo().isEmpty() && ended.status().isEmpty(), ended::getMessage);
            assertEquals("abc", session.await(end()).before());
        }
    }

    @Test
    void closeAndInterruptFreeAWaiter() throws Exception {
        try (PipedOutputStream far = new PipedOutputStream(); PipedInputStream near = new PipedInputStream(far)) {
            Expect session = Expect.over(near, OutputStream.nullOutputStream());
            AtomicReference<IOException> thrown = new AtomicReference<>();
            Thread waiter = Thread.ofPlatform().start(() -> thrown.set(assertThrows(IOException.class, () -> session.expect("x"))));
            Await.blocked(waiter);
            waiter.interrupt();
            waiter.join();
            assertTrue(thrown.get().getMessage().contains("interrupted"));
            Thread second = Thread.ofPlatform().start(() -> thrown.set(assertThrows(IOException.class, () -> session.expect("x"))));
            Await.blocked(second);
            session.close();
            second.join();
            assertTrue(thrown.get().getMessage().contains("closed"));
        }
    }

    @Test
    void aWriteThatBlocksEndsAtTheLimit() throws Exception {
        try (PipedOutputStream out = new PipedOutputStream(); PipedInputStream unread = new PipedInputStream(out)) {
            Expect session = Expect.over(unread, out, ExpectOptions.defaults().withTimeout(Duration.ofMillis(500)));
            session.close();
        }
        OutputStream full = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                try {
                    Thread.sleep(Duration.ofSeconds(100));
                } catch (InterruptedException stop) {
                    throw new IOException(stop);
                }
            }
        };
        Expect session = Expect.over(new PipedInputStream(), full, ExpectOptions.defaults().withTimeout(Duration.ofMillis(200)));
        assertTrue(assertThrows(IOException.class, () -> session.send("x")).getMessage().contains("not taken"));
        session.close();
    }

    @Test
    void aTapHearsBothDirectionsAndMayReplyAndPause() throws Exception {
        StringBuilder heard = new StringBuilder();
        AtomicReference<Tapped> terminal = new AtomicReference<>();
        PipedOutputStream far = new PipedOutputStream();
        try (PipedInputStream typed = new PipedInputStream();
                Expect session = Expect.over(new PipedInputStream(far), new PipedOutputStream(typed))) {
            session.tap(new TerminalTap() {
                @Override
                public void started(Tapped tapped) {
                    terminal.set(tapped);
                }

                @Override
                public void output(ByteBuffer data) {
                    heard.append('<').append(StandardCharsets.UTF_8.decode(data));
                    terminal.get().reply(ByteBuffer.wrap("reply".getBytes(StandardCharsets.US_ASCII)));
                }

                @Override
                public void input(ByteBuffer data, boolean secret) {
                    heard.append('>').append(StandardCharsets.UTF_8.decode(data));
                }

                @Override
                public void ended(ExitStatus status) {
                    heard.append("ended");
                }
            });
            assertEquals(24, terminal.get().windowSize().rows());
            far.write("ask".getBytes(StandardCharsets.US_ASCII));
            far.flush(); // it wakes the reader, which else looks once a second
            session.expect("ask");
            assertEquals("reply", new String(typed.readNBytes(5), StandardCharsets.US_ASCII));
            terminal.get().pauseProducing();
            far.write("more".getBytes(StandardCharsets.US_ASCII));
            far.flush();
            assertThrows(ExpectTimeoutException.class, () -> session.expect("more", Duration.ofMillis(100)));
            terminal.get().resumeProducing();
            session.expect("more");
            far.close();
            session.end();
        }
        assertTrue(heard.toString().startsWith("<ask>reply<more"), heard::toString);
        assertTrue(heard.toString().contains("ended"), heard::toString);
    }
}
