package dev.panpty.examples;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.cast.Recorder;
import dev.panpty.cast.Recording;
import dev.panpty.cast.Speed;
import java.nio.file.Path;
import java.time.Duration;

/** A session that is recorded and played. */
public final class Casting {

    private Casting() {}

    /** Arguments: the file. */
    public static void main(String[] arguments) throws Exception {
        Path path = Path.of(arguments[0]);
        // @start region="record"
        try (Recorder recorder = Recorder.to(path).title("A count");
                PtyProcess process = new PtyProcessBuilder("sh", "-c", "for i in 1 2 3; do echo $i; sleep 1; done").tap(recorder).start()) {
            process.drain();
            process.onEnd().join();
        }
        // @end
        // @start region="play"
        Recording recording = Recording.read(path);
        recording.play(System.out, Speed.times(2).idleLimit(Duration.ofMillis(500)));
        // @end
    }
}
