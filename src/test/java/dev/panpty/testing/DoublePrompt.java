package dev.panpty.testing;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.IntFunction;

/**
 * A program that asks for two passwords, and a user who answers each prompt at once. A round is missed if the program does not get both
 * answers, or if the second prompt is not noticed.
 *
 * @param program builds the program for a round
 * @param same whether the second answer must equal the first
 * @param success the output after both answers; {@code %1$s} and {@code %2$s} are the answers
 * @param again whether a typed line begins the next round; else the program is started again
 */
public record DoublePrompt(IntFunction<PtyProcessBuilder> program, boolean same, String success, boolean again) {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SECOND = Duration.ofSeconds(5);
    private static final Duration ANSWERED = Duration.ofSeconds(3);

    /** How the terminal is read during the wait. */
    public enum Style { READ, UNREAD, PROTOCOL }

    /** A program that loops, and prints {@code got <first> <second>}. */
    static DoublePrompt looping(String... command) {
        return new DoublePrompt(round -> new PtyProcessBuilder(command), false, "got <%1$s> <%2$s>", true);
    }

    /** The number of rounds in which an answer was missed. */
    public int misses(int rounds, Style style) throws Exception {
        int missed = 0;
        Talk talk = null;
        try {
            for (int round = 0; round < rounds; round++) {
                if (talk == null) {
                    talk = talk(round, style);
                } else {
                    talk.type("\n");
                }
                boolean hit = isHit(talk, round);
                missed += hit ? 0 : 1;
                if (!hit || !again) {
                    talk.process().close();
                    talk = null;
                }
            }
            return missed;
        } finally {
            if (talk != null) {
                talk.process().close();
            }
        }
    }

    private boolean isHit(Talk talk, int round) throws Exception {
        String first = "Kq7Zx" + round; // long enough for passwd
        String other = same ? first : "Rv3Wy" + round;
        if (!talk.process().awaitPasswordPrompt(LONG)) {
            throw new AssertionError("no first prompt in round " + round + ": " + talk.text());
        }
        talk.type(first + "\n");
        boolean noticed = talk.process().awaitPasswordPrompt(SECOND);
        talk.type(other + "\n");
        String said = success.formatted(first, other);
        return Await.within(ANSWERED, () -> talk.text().contains(said)) && noticed;
    }

    private interface Talk {
        PtyProcess process();

        void type(String keys) throws IOException;

        /** All output so far. */
        String text() throws IOException;
    }

    private Talk talk(int round, Style style) throws Exception {
        PtyProcessBuilder builder = program.apply(round);
        return switch (style) {
            case READ -> reading(new Screen(builder.start()));
            case UNREAD -> new Unread(builder.start(), new StringBuilder());
            case PROTOCOL -> {
                ProtocolRecorder recorder = new ProtocolRecorder();
                yield protocol(builder.start(recorder), recorder);
            }
        };
    }

    private static Talk reading(Screen screen) {
        return new Talk() {
            @Override
            public PtyProcess process() {
                return screen.process();
            }

            @Override
            public void type(String keys) throws IOException {
                screen.type(keys);
            }

            @Override
            public String text() {
                return screen.text();
            }
        };
    }

    private static Talk protocol(PtyProcess process, ProtocolRecorder recorder) {
        return new Talk() {
            @Override
            public PtyProcess process() {
                return process;
            }

            @Override
            public void type(String keys) {
                process.write(keys.getBytes(StandardCharsets.US_ASCII));
            }

            @Override
            public String text() {
                return recorder.text();
            }
        };
    }

    /** Only the library reads during a wait for a prompt. */
    private record Unread(PtyProcess process, StringBuilder all) implements Talk {

        @Override
        public void type(String keys) throws IOException {
            process.getOutputStream().write(keys.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public String text() throws IOException {
            InputStream output = process.getInputStream();
            byte[] some = new byte[output.available()];
            int count = some.length == 0 ? 0 : output.read(some);
            return all.append(new String(some, 0, Math.max(count, 0), StandardCharsets.ISO_8859_1)).toString();
        }
    }

    /** Runs the body while this many processes use up CPU time. */
    public static int underLoad(int processes, Body body) throws Exception {
        Process[] load = new Process[processes];
        try {
            for (int i = 0; i < processes; i++) {
                load[i] = new ProcessBuilder("sh", "-c", "while kill -0 " + ProcessHandle.current().pid() + "; do i=0; "
                        + "while [ $i -lt 100000 ]; do i=$((i+1)); done; done").start();
            }
            return body.run();
        } finally {
            for (Process one : load) {
                if (one != null) {
                    one.destroyForcibly().waitFor();
                }
            }
        }
    }

    /** Something that may throw. */
    public interface Body {
        int run() throws Exception;
    }
}
