package dev.panpty.examples;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.cast.CastEvent;
import dev.panpty.cast.Recorder;
import dev.panpty.cast.Recording;
import dev.panpty.cast.Speed;
import dev.panpty.screen.Screen;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** A session that is recorded, played, and shown as a picture. */
public final class Casting {

    private Casting() {}

    /** Arguments: the file of the recording, that of the picture. */
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        Path picture = Path.of(arguments[1]);
        // @start region="record"
        Recorder recorder = Recorder.to(file).title("A count");
        String count = "for i in 1 2 3; do printf '\\33[3%dm%d\\33[0m\\n' $i $i; sleep 0.3; done; exit 4";
        try (recorder; PtyProcess process = new PtyProcessBuilder("sh", "-c", count).tap(recorder).start()) {
            process.drain();
            process.onEnd().join();
        }
        // @end
        // @start region="play"
        Recording recording = Recording.read(file);
        recording.play(System.out, Speed.times(2).idleLimit(Duration.ofMillis(100)));

        Duration second;
        try (Stream<CastEvent> events = recording.events()) {
            second = events.filter(event -> event instanceof CastEvent.Output output && output.text().contains("2")).findFirst().orElseThrow().time();
        }
        Screen screen = new Screen();          // any tap will do
        recording.playUntil(screen, second);   // what the terminal showed then
        Files.writeString(picture, screen.snapshot().toSvg());
        // @end
    }
}
