package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.panpty.testing.Await;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Seed;
import dev.panpty.testing.TapRecorder;
import dev.panpty.testing.TapStyle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link TerminalControl#typeSecret} types is a secret for taps, in any mode, and nothing else is. */
@Timeout(60)
class SecretInputTest {

    @RegisterExtension
    final Seed seed = new Seed();

    /** Bytes that are typed by one call. */
    private record Piece(String text, boolean secret) {

        void type(TapStyle style, PtyProcess process) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            if (secret) {
                process.typeSecret(bytes);
            } else {
                style.write(process, bytes);
            }
        }
    }

    private static String text(List<Piece> pieces) {
        return String.join("", pieces.stream().map(Piece::text).toList());
    }

    private static String secrets(List<Piece> pieces) {
        return text(pieces.stream().filter(Piece::secret).toList());
    }

    /** Short ones, and some that are longer than a write(2), or than the terminal has room for; all characters of one are the same. */
    private static List<Piece> pieces(Random random) {
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int length = switch (random.nextInt(8)) {
                case 0 -> random.nextInt(30_000);
                case 1 -> 4094 + random.nextInt(4);
                case 2 -> 0;
                default -> random.nextInt(40);
            };
            boolean secret = random.nextInt(3) == 0;
            pieces.add(new Piece(Character.toString(secret ? 'A' + random.nextInt(26) : 'a' + random.nextInt(26)).repeat(length), secret));
        }
        return pieces;
    }

    private static PtyProcessBuilder reads(List<Piece> pieces, TapRecorder tap) {
        return new PtyProcessBuilder("sh", "-c", "head -c " + text(pieces).length() + " >/dev/null; echo read").attributes(TerminalAttributes.raw())
                .tap(tap);
    }

    private static void check(List<Piece> pieces, TapRecorder tap) {
        assertEquals(List.of(), tap.faults());
        assertEquals(text(pieces), tap.input());
        assertEquals(secrets(pieces), tap.secrets());
    }

    @ParameterizedTest
    @EnumSource
    void secretsAndOtherInputAreToldApart(TapStyle style) throws Exception {
        Random random = seed.random();
        List<Piece> pieces = pieces(random);
        TapRecorder tap = new TapRecorder();
        TapStyle.Reader reader = style.start(reads(pieces, tap));
        try (PtyProcess process = reader.process()) {
            for (Piece each : pieces) {
                if (style == TapStyle.PROTOCOL && random.nextInt(5) == 0) {
                    process.stopWriting(); // what is pending stays in order
                } else if (style == TapStyle.PROTOCOL) {
                    process.startWriting();
                }
                each.type(style, process);
            }
            if (style == TapStyle.PROTOCOL) {
                process.startWriting();
            }
            reader.allRead();
            check(pieces, tap);
        }
    }

    @Test
    void secretsOfACallbackAreToldApart() throws Exception {
        List<Piece> pieces = pieces(seed.random());
        TapRecorder tap = new TapRecorder();
        TapStyle.Reader reader = new TapStyle.Reader() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                super.connectionMade(transport);
                for (Piece each : pieces) {
                    try {
                        each.type(TapStyle.PROTOCOL, (PtyProcess) transport);
                    } catch (IOException refused) {
                        throw new AssertionError(refused);
                    }
                }
            }
        };
        TapStyle.PROTOCOL.start(reads(pieces, tap), reader).allRead();
        assertEquals(List.of(), reader.errors());
        check(pieces, tap);
    }

    @Test
    void aSecretThatAnInterruptDiscardsMarksNoLaterInput() throws Exception {
        TapRecorder tap = new TapRecorder();
        TapStyle.Reader reader = TapStyle.PROTOCOL.start(Programs.shell("trap 'stty raw -echo; echo raw' INT; stty -icanon -echo; echo ready;"
                + " while :; do sleep 0.02; done").tap(tap));
        try (PtyProcess process = reader.process()) {
            Await.until("ready", () -> tap.output().contains("ready"));
            process.stopWriting();
            process.write("dropped".getBytes(StandardCharsets.US_ASCII));
            process.typeSecret("secret".getBytes(StandardCharsets.US_ASCII));
            process.interrupt();
            Await.until("raw mode", () -> tap.output().contains("raw"));
            process.write("later input".getBytes(StandardCharsets.US_ASCII));
            process.startWriting();
            process.destroyForcibly();
            process.onEnd().get();
            assertEquals("later input", tap.input());
            assertEquals("", tap.secrets());
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterTheEndASecretIsRefused(TapStyle style) throws Exception {
        PtyProcess process = style.start(new PtyProcessBuilder("true")).process();
        process.onEnd().get();
        assertThrows(IOException.class, () -> process.typeSecret(new byte[] {'x'}));
    }
}
