package dev.panpty.screen;

import dev.panpty.screen.Oracle.Case;
import dev.panpty.screen.Recorded.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes the recordings of {@link VttestTest}, of vttest 2.7 (20221229), and what xterm.js shows of them: a program to be run by hand, with names of
 * sessions as arguments; with {@code -Dpanpty.keepRecordings=true} only the pictures are written. A session is a list of choices in its menus, and of
 * keys for the tests that ask for some; RETURN is pressed wherever nothing else is asked for. A marker follows each picture that is no menu.
 */
final class RecordVttest {

    static final String FOLDER = "vttest";

    private static final String MENU = "Enter choice number";
    private static final String RETURN = "Push <RETURN>";

    private static final Map<String, List<Object>> SESSIONS = new LinkedHashMap<>();

    static {
        SESSIONS.put("movements", List.of("1"));
        SESSIONS.put("features", List.of("2"));
        SESSIONS.put("charsets", List.of("3", "8", "5", "1", "6", "5", "7", "7", "9", "10", "11"));
        SESSIONS.put("keys", List.of("5", "4", Key.UP, Key.LEFT, Key.TAB, Key.DOWN, Key.RIGHT, Key.TAB, Key.TAB));
        Key quit = Key.character('q');
        SESSIONS.put("mouse", List.of("11", "8", "5", "3", mouse(MouseButton.LEFT, MouseAction.PRESS), quit,
                "4", mouse(MouseButton.RIGHT, MouseAction.PRESS), mouse(MouseButton.RIGHT, MouseAction.RELEASE), quit,
                "1", "1", "4", mouse(MouseButton.MIDDLE, MouseAction.PRESS), mouse(MouseButton.MIDDLE, MouseAction.RELEASE),
                mouse(MouseButton.WHEEL_UP, MouseAction.PRESS), quit, "6", mouse(MouseButton.NONE, MouseAction.MOVE), quit));
        SESSIONS.put("reports", List.of("6", "1", "2", Key.ENTER, Key.ENTER, "3", "4", "5"));
        SESSIONS.put("insdel", List.of("8"));
        SESSIONS.put("bugs", List.of("9", "1", "2", "7", "9"));
        SESSIONS.put("reset", List.of("10", "1", "3"));
        SESSIONS.put("vt220", List.of("11", "1", "1", "1", "2", "0", "0", "2", "2", "3", "4", "0", "6"));
        SESSIONS.put("vt320", List.of("11", "2", "2", "1", "2", "0", "5", "2", "6", "0", "3", "3", "1", "2", "0", "6", "2", "3", "7", "8"));
        SESSIONS.put("vt420", List.of("11", "3", "3", "9", "10", "11", "12", "13"));
        SESSIONS.put("vt520", List.of("11", "4", "5", "2", "3", "8", "0", "0", "0", "6", "2"));
        SESSIONS.put("iso6429", List.of("11", "5", "1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "7", "2", "3", "4", "5", "6"));
        SESSIONS.put("colors", List.of("11", "6", "2", "3", "4", "5", "6", "3", "0", "7", "2", "3", "4", "5", "6", "0", "9"));
        SESSIONS.put("xterm", List.of("11", "8", "2", "2", "0", "3", new Line("a title"), "7", "3", "4", "5"));
    }

    private final RecordedSession vttest;
    private final Deque<Object> steps;
    private final Set<String> marked = new HashSet<>();

    private RecordVttest(RecordedSession vttest, List<Object> steps) {
        this.vttest = vttest;
        this.steps = new ArrayDeque<>(steps);
    }

    private static Key mouse(MouseButton button, MouseAction action) {
        return Key.mouse(button, action, 9, 29);
    }

    static Stream<String> names() {
        return SESSIONS.keySet().stream();
    }

    public static void main(String[] names) throws Exception {
        for (String name : names) {
            Recorded recorded = new Recorded(FOLDER, name);
            if (!Boolean.getBoolean("panpty.keepRecordings")) {
                Path home = Files.createTempDirectory("vttest");
                try (RecordedSession vttest = new RecordedSession(recorded, List.of("vttest", "24x80.80"), home, Map.of())) {
                    new RecordVttest(vttest, SESSIONS.get(name)).run();
                    vttest.end();
                }
            }
            recorded.write(pictures(recorded));
        }
        System.exit(0);
    }

    private void run() throws Exception {
        for (;;) {
            Snapshot shown = vttest.settled(snapshot -> snapshot.contains(MENU) || snapshot.contains(RETURN) || asksForKeys());
            if (!vttest.isAlive()) {
                return;
            }
            if (shown.contains(MENU)) {
                vttest.take((steps.isEmpty() ? "0" : steps.remove()) + "\r");
                continue;
            }
            if (marked.add(shown.toString())) {
                vttest.mark(Integer.toString(marked.size()));
            }
            vttest.take(asksForKeys() ? steps.remove() : Key.ENTER);
        }
    }

    private boolean asksForKeys() {
        return steps.peek() instanceof Key || steps.peek() instanceof Line;
    }

    /** Those of xterm.js, except where it does not know what is tested. */
    private static List<Picture> pictures(Recorded recorded) throws IOException {
        List<Case> places = recorded.places();
        List<Picture> pictures = new ArrayList<>();
        try (Oracle oracle = Oracle.start()) {
            for (int i = 0; i < places.size(); i++) {
                String theirs = oracle.show(places.get(i));
                String ours = Dump.of(Dump.screen(places.get(i)));
                List<Difference> reasons = VttestTest.reasons(places, i);
                boolean isListed = !ours.equals(theirs) && !reasons.isEmpty();
                pictures.add(isListed ? new Picture(reasons.toString(), ours) : new Picture("", theirs));
            }
        }
        return pictures;
    }

    /** A line to be typed where vttest asks for one. */
    private record Line(String text) {

        @Override
        public String toString() {
            return text + "\r";
        }
    }
}
