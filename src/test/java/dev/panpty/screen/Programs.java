package dev.panpty.screen;

import dev.panpty.WindowSize;
import dev.panpty.cast.CastEvent;
import dev.panpty.cast.Recording;
import dev.panpty.screen.Oracle.Case;
import dev.panpty.screen.Oracle.Output;
import dev.panpty.screen.Oracle.Size;
import dev.panpty.screen.Oracle.Step;
import dev.panpty.testing.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The recordings of real programs among the test resources, and the places at which the screen is compared. */
final class Programs {

    static final List<String> NAMES = List.of("dialog", "emacs", "fish", "gitlog", "htop", "less", "mc", "nano", "progress", "python3", "tmux",
            "vim", "zsh");

    private Programs() {}

    static Path recording(String name) {
        return Repository.path("src/test/resources/dev/panpty/screen/programs/" + name + ".cast");
    }

    static Path screens(String name) {
        return Repository.path("src/test/resources/dev/panpty/screen/programs/" + name + ".screens");
    }

    /** From the beginning to each marker, where the program has drawn what a key or a new size asks for, and to the end. */
    static List<Case> cases(String name) throws IOException {
        Recording recording = Recording.read(recording(name));
        WindowSize size = recording.windowSize();
        List<Step> steps = new ArrayList<>();
        List<Case> cases = new ArrayList<>();
        try (Stream<CastEvent> events = recording.events()) {
            for (CastEvent event : (Iterable<CastEvent>) events::iterator) {
                switch (event) {
                    case CastEvent.Output output -> steps.add(new Output(output.text()));
                    case CastEvent.Resize resize -> steps.add(new Size(resize.size().rows(), resize.size().columns()));
                    case CastEvent.Marker marker -> cases.add(new Case(size.rows(), size.columns(), 0, List.copyOf(steps)));
                    default -> { }
                }
            }
        }
        cases.add(new Case(size.rows(), size.columns(), 0, List.copyOf(steps)));
        return cases;
    }
}
