package dev.panpty.screen;

import dev.panpty.testing.Repository;
import dev.panpty.testing.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** xterm.js in a node of its own, see {@code src/test/js/oracle.js}. */
final class Oracle implements AutoCloseable {

    private static final Path PACKAGES = Path.of(System.getProperty("panpty.npm", Optional.ofNullable(System.getenv("PANPTY_NPM")).orElse("none")));

    private final Process node;
    private final OutputStream cases;
    private final BufferedReader screens;

    private Oracle(Process node) {
        this.node = node;
        cases = node.getOutputStream();
        screens = node.inputReader(StandardCharsets.US_ASCII);
    }

    /** Skips the test without node or the npm packages, whose folder {@code -Dpanpty.npm} or PANPTY_NPM names. */
    static Oracle start() throws IOException {
        Tools.skipUnless(Tools.has("node"), "node");
        Tools.skipUnless(Files.isDirectory(PACKAGES.resolve("node_modules/@xterm/headless")), "@xterm/headless in the folder PANPTY_NPM");
        ProcessBuilder builder = new ProcessBuilder("node", Repository.path("src/test/js/oracle.js").toString());
        builder.environment().put("NODE_PATH", PACKAGES.resolve("node_modules").toString());
        return new Oracle(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** The dump of the screen, or "!" and what was thrown. */
    String show(Case example) throws IOException {
        String answer = ask(example.request());
        return answer.startsWith("!") ? answer : new String(Base64.getDecoder().decode(answer), StandardCharsets.UTF_8);
    }

    /** The width of each code point, as digits. */
    String widths() throws IOException {
        return ask("widths");
    }

    private String ask(String request) throws IOException {
        cases.write((request + "\n").getBytes(StandardCharsets.US_ASCII));
        cases.flush();
        String answer = screens.readLine();
        if (answer == null) {
            throw new IOException("node has ended");
        }
        return answer;
    }

    @Override
    public void close() {
        node.destroy();
    }

    /** A step: output, or a size. */
    sealed interface Step permits Output, Size {}

    /** Output. */
    record Output(byte[] bytes) implements Step {

        Output(String text) {
            this(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A size. */
    record Size(int rows, int columns) implements Step {}

    /** A screen and what happens to it. */
    record Case(int rows, int columns, int history, List<Step> steps) {

        Case(int rows, int columns, int history, Step... steps) {
            this(rows, columns, history, List.of(steps));
        }

        private String request() {
            StringBuilder request = new StringBuilder(rows + " " + columns + " " + history);
            for (Step step : steps) {
                request.append(' ').append(switch (step) {
                    case Output output -> Base64.getEncoder().encodeToString(output.bytes());
                    case Size size -> size.rows() + "x" + size.columns();
                });
            }
            return request.toString();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(rows + "x" + columns + " history " + history);
            for (Step step : steps) {
                text.append("\n  ").append(switch (step) {
                    case Output output -> Escapes.show(output.bytes());
                    case Size size -> size.rows() + "x" + size.columns();
                });
            }
            return text.toString();
        }
    }
}
