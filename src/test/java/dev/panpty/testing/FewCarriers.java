package dev.panpty.testing;

import static dev.panpty.testing.FullHost.check;

import dev.panpty.PtyProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A JVM with one carrier for all virtual threads: threads that wait for a terminal or a process do not hold it. */
public final class FewCarriers implements ForkedJvm.Body {

    private static final int PROCESSES = 8;
    private static final int MESSAGES = 20;

    @Override
    public void run(String[] arguments) throws Throwable {
        Leaks.none(() -> {
            List<PtyProcess> silent = new ArrayList<>();
            List<CompletableFuture<Integer>> blocked = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                PtyProcess process = Programs.rawCat();
                silent.add(process);
                blocked.add(virtually(() -> process.getInputStream().read()));
                blocked.add(virtually(() -> process.awaitOutput(Duration.ofDays(1)) ? -1 : 1));
                blocked.add(virtually(process::waitFor));
            }
            List<CompletableFuture<Integer>> busy = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                busy.add(virtually(FewCarriers::exchange));
            }
            busy.add(virtually(() -> {
                RealUse.all();
                return MESSAGES;
            }));
            for (CompletableFuture<Integer> one : busy) {
                check(one.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS) == MESSAGES, one);
            }
            check(blocked.stream().noneMatch(CompletableFuture::isDone), blocked);
            silent.forEach(PtyProcess::destroyForcibly);
            for (CompletableFuture<Integer> one : blocked) {
                int answer = one.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
                check(answer == -1 || answer == 137, answer);
            }
            silent.forEach(PtyProcess::close);
        });
    }

    private static int exchange() throws Exception {
        try (PtyProcess process = Programs.rawCat()) {
            int done = 0;
            for (; done < MESSAGES; done++) {
                process.getOutputStream().write(done);
                int answer = process.getInputStream().read();
                check(answer == done, answer);
            }
            return done;
        }
    }

    private static CompletableFuture<Integer> virtually(Callable<Integer> work) {
        CompletableFuture<Integer> future = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                future.complete(work.call());
            } catch (Throwable thrown) {
                future.completeExceptionally(thrown);
            }
        });
        return future;
    }
}
