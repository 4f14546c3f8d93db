package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.panpty.WindowSize;
import dev.panpty.cast.CastEvent;
import dev.panpty.cast.Recording;
import dev.panpty.screen.Oracle.Case;
import dev.panpty.screen.Oracle.Output;
import dev.panpty.screen.Oracle.Size;
import dev.panpty.screen.Oracle.Step;
import dev.panpty.testing.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A recording of a program among the test resources, and its pictures beside it, as {@link Dump} writes them: what is to be seen at each place. */
record Recorded(String folder, String name) {

    /** Before a picture: it is this screen's, and that of xterm.js differs for the reason behind it. */
    private static final String OURS = "# ";

    Path cast() {
        return Repository.path("src/test/resources/dev/panpty/screen/" + folder + "/" + name + ".cast");
    }

    private Path screens() {
        return cast().resolveSibling(name + ".screens");
    }

    /** From the beginning to each marker, where the program has drawn what a key or a new size asks for, to each size itself, and to the end. */
    List<Case> places() throws IOException {
        Recording recording = Recording.read(cast());
        WindowSize size = recording.windowSize();
        List<Step> steps = new ArrayList<>();
        List<Case> places = new ArrayList<>();
        try (Stream<CastEvent> events = recording.events()) {
            for (CastEvent event : (Iterable<CastEvent>) events::iterator) {
                switch (event) {
                    case CastEvent.Output output -> steps.add(new Output(output.text()));
                    case CastEvent.Resize resize -> {
                        steps.add(new Size(resize.size().rows(), resize.size().columns()));
                        places.add(place(size, steps));
                    }
                    case CastEvent.Marker marker -> places.add(place(size, steps));
                    default -> { }
                }
            }
        }
        places.add(place(size, steps));
        return places;
    }

    private static Case place(WindowSize size, List<Step> steps) {
        return new Case(size.rows(), size.columns(), 0, List.copyOf(steps));
    }

    /** What is to be seen at each place. */
    List<Picture> pictures() throws IOException {
        return Arrays.stream(Files.readString(screens()).stripTrailing().split("\n\n")).map(Picture::read).toList();
    }

    void write(List<Picture> pictures) throws IOException {
        Files.writeString(screens(), String.join("\n\n", pictures.stream().map(Picture::toString).toList()) + "\n");
    }

    /** Each picture is what this screen shows. */
    void assertShown() throws IOException {
        List<Picture> pictures = pictures();
        List<Case> places = places();
        assertEquals(pictures.size(), places.size());
        for (int i = 0; i < pictures.size(); i++) {
            assertEquals(pictures.get(i).screen(), Dump.of(Dump.screen(places.get(i))).stripTrailing(), this + ", place " + i);
        }
    }

    /** Each picture is that of xterm.js, or has all reasons that its place has. */
    void assertAsOnXtermJs(Reasons reasons) throws IOException {
        List<Picture> pictures = pictures();
        List<Case> places = places();
        try (Oracle oracle = Oracle.start()) {
            for (int i = 0; i < pictures.size(); i++) {
                String theirs = oracle.show(places.get(i)).stripTrailing();
                if (pictures.get(i).reason().isEmpty()) {
                    assertEquals(theirs, pictures.get(i).screen(), this + ", place " + i);
                } else {
                    assertNotEquals(theirs, pictures.get(i).screen(), this + ", place " + i);
                    assertEquals(reasons.at(places, i).toString(), pictures.get(i).reason());
                }
            }
        }
    }

    /** Why xterm.js may show something else at a place. */
    interface Reasons {
        List<?> at(List<Case> places, int place);
    }

    @Override
    public String toString() {
        return name;
    }

    /** A picture; the reason is empty if it is that of xterm.js too. */
    record Picture(String reason, String screen) {

        private static Picture read(String text) {
            if (!text.startsWith(OURS)) {
                return new Picture("", text.stripTrailing());
            }
            int end = text.indexOf('\n');
            return new Picture(text.substring(OURS.length(), end), text.substring(end + 1).stripTrailing());
        }

        @Override
        public String toString() {
            return (reason.isEmpty() ? "" : OURS + reason + "\n") + screen;
        }
    }
}
