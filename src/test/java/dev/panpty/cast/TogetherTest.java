package dev.panpty.cast;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.WindowSize;
import dev.panpty.screen.Screen;
import dev.panpty.screen.Snapshot;
import dev.panpty.testing.Await;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.TapRecorder;
import dev.panpty.testing.TapStyle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A screen, a recorder and a log tap the same process, in each style. */
@Timeout(120)
class TogetherTest {

    @TempDir
    Path folder;

    /** Colours and cursor movements while input and output pour; what is played afterwards shows the same. */
    @ParameterizedTest
    @EnumSource
    void screenRecorderAndLogHaveTheSame(TapStyle style) throws Exception {
        Path path = folder.resolve(style + ".cast");
        Files.writeString(folder.resolve("program"), """
                i=0
                while read -r line; do
                  i=$((i + 1))
                  printf '\\033[%d;%dH\\033[3%dm%s \\344\\270\\255\\033[0m' $((i % 23 + 1)) $((i % 70 + 1)) $((i % 8)) "$line"
                done
                printf '\\033[24;1Hend'
                """);
        Leaks.none(() -> {
            Screen screen = new Screen();
            Recorder recorder = Recorder.to(path).input();
            TapRecorder log = new TapRecorder();
            PtyProcessBuilder builder = new PtyProcessBuilder("sh", folder.resolve("program").toString()).tap(screen).tap(recorder).tap(log);
            TapStyle.Reader reader = style.start(builder);
            StringBuilder typed = new StringBuilder();
            try (PtyProcess process = reader.process()) {
                for (int i = 0; i < 500; i++) {
                    String line = "line " + i + "\n";
                    typed.append(line);
                    style.write(process, line.getBytes(StandardCharsets.US_ASCII));
                    if (i % 100 == 99) {
                        process.resize(new WindowSize(24, 70 + i / 100));
                    }
                }
                style.endInput(process);
                process.onEnd().get();
                recorder.onEnd().get();
            }
            String output = new String(reader.allRead(), StandardCharsets.UTF_8);
            List<CastEvent> events = RecorderTest.events(Recording.read(path));
            assertEquals(List.of(), log.faults());
            assertEquals(output, RecorderTest.output(events));
            assertEquals(output, new String(log.output().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
            assertEquals(typed + "\4", RecorderTest.input(events).replaceAll("\4+$", "\4"));
            assertEquals(5, events.stream().filter(CastEvent.Resize.class::isInstance).count());
            Snapshot shown = screen.snapshot();
            Screen played = new Screen();
            Recording.read(path).play(played, Speed.UNLIMITED);
            assertEquals(shown.toString(), played.snapshot().toString());
            assertEquals(shown, played.snapshot());
            Await.until("the end", () -> shown.toString().contains("end"));
        });
    }
}
