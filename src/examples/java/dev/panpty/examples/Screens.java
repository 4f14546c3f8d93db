package dev.panpty.examples;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.screen.Key;
import dev.panpty.screen.Screen;
import java.time.Duration;

/** What a program shows. */
public final class Screens {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private Screens() {}

    public static void main(String[] arguments) throws Exception {
        // @start region="screen"
        Screen screen = new Screen();
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "printf '\\33[31mReady\\33[0m> '; read line; echo $line").tap(screen).start()) {
            process.drain();
            screen.awaitText("Ready>", LIMIT);
            process.getOutputStream().write(Key.paste("hello\n").encode(screen.snapshot().modes()));
            process.onEnd().join();
        }
        System.out.println(screen.snapshot().line(1));                   // hello
        System.out.println(screen.snapshot().cell(0, 0).style());        // foreground=Indexed[index=1]
        // @end
    }
}
