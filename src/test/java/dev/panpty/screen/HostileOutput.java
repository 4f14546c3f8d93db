package dev.panpty.screen;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;

/** Bytes that do not mean well: noise, sequences cut and joined anywhere, numbers and strings without end. */
final class HostileOutput {

    private static final String[] PARTS = {"\u001b[", "\u001b]", "\u001bP", "\u001b_", "\u001b\\", "99999999999", ";", ":", "h", "m", "b", "?", "$",
        "J", "r", "L", "M", "S", "T", "X", "漢", "\u0301", "a", "\n", "\t", "\u009b", "\u0018", "1049", "?7l", "2026", "H", "I", "Z", "@", "P"};

    private final Random random;

    HostileOutput(Random random) {
        this.random = random;
    }

    byte[] next() {
        switch (random.nextInt(4)) {
            case 0 -> {
                byte[] noise = new byte[random.nextInt(400)];
                random.nextBytes(noise);
                return noise;
            }
            case 1 -> {
                byte[] output = String.join("", new RandomOutput(random, 6, 20, Set.of(Difference.values()), false).next())
                        .getBytes(StandardCharsets.UTF_8);
                for (int i = 0; i < 5 && output.length > 0; i++) {
                    output[random.nextInt(output.length)] = (byte) random.nextInt(256);
                }
                return output;
            }
            case 2 -> {
                return PARTS[random.nextInt(PARTS.length)].repeat(random.nextInt(2000)).getBytes(StandardCharsets.UTF_8);
            }
            default -> {
                StringBuilder text = new StringBuilder();
                for (int i = random.nextInt(60); i > 0; i--) {
                    text.append(PARTS[random.nextInt(PARTS.length)]);
                }
                return text.toString().getBytes(StandardCharsets.UTF_8);
            }
        }
    }

    /** A screen takes it, and everything that can be asked of the screen is. */
    static void feed(Screen screen, byte[] output, Random random) {
        screen.feed(output);
        if (random.nextInt(8) == 0) {
            screen.resize(new dev.panpty.WindowSize(1 + random.nextInt(12), 1 + random.nextInt(30)));
        }
        if (random.nextInt(4) == 0) {
            Snapshot snapshot = screen.snapshot();
            snapshot.toAnsi();
            snapshot.toHtml();
            snapshot.toSvg();
            snapshot.toString();
            snapshot.contains("x");
            snapshot.cell(snapshot.rows() - 1, snapshot.columns() - 1);
            screen.history();
        }
    }
}
