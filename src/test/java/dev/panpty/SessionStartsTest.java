package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import java.io.FileInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;

/** terminateSession while this process starts others. */
@Timeout(120)
class SessionStartsTest {

    /** It has all descriptors of this process until its set-up closes them; who killed it would make its start fail. */
    @EachWay
    @Needs("strace")
    void aChildInItsSetUpIsNoHolderOfTheTerminal() throws Exception {
        new ForkedJvm(Overlap.class)
                .by("strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", "signal=none", "-e", "trace=setsid",
                        "-e", "inject=setsid:delay_enter=2000000")
                .run();
    }

    /** Begins a start, and ends a session whose terminal this process has open before the start is done. */
    public static final class Overlap implements ForkedJvm.Body {

        @Override
        @SuppressWarnings("try") // a descriptor that is only to be open
        public void run(String[] arguments) throws Throwable {
            try (PtyProcess ending = Programs.sh("read x"); InputStream held = new FileInputStream(ending.peer().devicePath())) {
                CompletableFuture<PtyProcess> starting = new CompletableFuture<>();
                Thread.ofPlatform().daemon().start(() -> {
                    try {
                        starting.complete(Programs.sh("exit 5"));
                    } catch (Exception failed) {
                        starting.completeExceptionally(failed);
                    }
                });
                Await.until("a second child", () -> Children.all().size() == 2);
                SessionReport report = ending.terminateSession(Duration.ZERO);
                assertEquals(false, starting.isDone());
                assertEquals(new SessionReport(List.of(), List.of()), report);
                try (PtyProcess started = starting.join()) {
                    assertEquals(5, started.waitFor());
                }
            }
        }
    }
}
