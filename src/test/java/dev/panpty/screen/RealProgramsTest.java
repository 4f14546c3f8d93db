package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.screen.Oracle.Case;
import dev.panpty.screen.Recorded.Picture;
import java.util.List;
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
        List<Picture> pictures = recorded.pictures();
        List<Case> places = recorded.places();
        assertEquals(pictures.size(), places.size());
        assertTrue(places.size() > 5, () -> places.size() + " places");
        for (int i = 0; i < pictures.size(); i++) {
            assertEquals(pictures.get(i).screen(), Dump.of(Dump.screen(places.get(i))).stripTrailing(), recorded + ", place " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void thePictureIsThatOfXtermJsOrHasAReason(Recorded recorded) throws Exception {
        List<Picture> pictures = recorded.pictures();
        List<Case> places = recorded.places();
        try (Oracle oracle = Oracle.start()) {
            for (int i = 0; i < pictures.size(); i++) {
                String theirs = oracle.show(places.get(i)).stripTrailing();
                if (pictures.get(i).reason().isEmpty()) {
                    assertEquals(theirs, pictures.get(i).screen(), recorded + ", place " + i);
                } else {
                    assertNotEquals(theirs, pictures.get(i).screen(), recorded + ", place " + i);
                    assertEquals(SizeDifference.in(places.get(i)).toString(), pictures.get(i).reason());
                }
            }
        }
    }
}
