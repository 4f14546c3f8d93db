package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What recorded programs have drawn, after each key and each size, directly after each size, and at the end: as on xterm.js, whose pictures are among
 * the resources, written by {@link RecordPrograms}.
 */
class RealProgramsTest {

    static Stream<Recorded> programs() {
        return Stream.of("dialog", "emacs", "fish", "gitlog", "htop", "less", "mc", "nano", "progress", "python3", "tmux", "vim", "zsh")
                .map(name -> new Recorded(RecordPrograms.FOLDER, name));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void eachScreenIsTheExpectedOne(Recorded recorded) throws Exception {
        assertTrue(recorded.places().size() > 5);
        recorded.assertShown();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void thePictureIsThatOfXtermJsOrHasAReason(Recorded recorded) throws Exception {
        recorded.assertAsOnXtermJs((places, place) -> SizeDifference.in(places.get(place)));
    }
}
