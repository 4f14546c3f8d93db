package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.Descriptors;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes that their user has forgotten. */
class AbandonedProcessTest {

    private static void start(int many) throws IOException {
        for (int i = 0; i < many; i++) {
            PtyProcess.start("cat");
        }
    }

    private static boolean collected(long terminals, int children) throws IOException {
        System.gc();
        return Descriptors.terminals() <= terminals && Children.all().size() <= children;
    }

    @Test
    @Timeout(120)
    void fiveHundredForgottenProcessesAreHungUpAndReaped() throws Exception {
        Programs.output("true");
        long terminals = Descriptors.terminals();
        int children = Children.all().size();
        start(500);
        Await.until("all terminals and children are gone", () -> collected(terminals, children));
    }

    @EachWay
    void aForgottenProcessWhoseDescendantHoldsTheTerminalIsHungUp() throws Exception {
        Programs.output("true");
        long terminals = Descriptors.terminals();
        int children = Children.all().size();
        long holder = startWithHolder();
        Await.until("the terminal is gone", () -> collected(terminals, children));
        ProcessHandle.of(holder).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static long startWithHolder() throws Exception {
        PtyProcess process = Programs.sh("trap '' HUP; sleep 100 & echo $!; exit 0");
        long holder = Long.parseLong(process.inputReader().readLine());
        process.waitFor();
        return holder;
    }

    @Test
    void aProcessLivesOnWhileOneOfItsStreamsIsInUse() throws Exception {
        Programs.output("true");
        long terminals = Descriptors.terminals();
        int children = Children.all().size();
        useAStreamOfEach();
        Await.until("these are gone as well", () -> collected(terminals, children));
    }

    private static void useAStreamOfEach() throws Exception {
        InputStream in = Programs.rawCat().getInputStream();
        collectSomethingElse();
        assertEquals(0, in.available());
        OutputStream out = startedForItsInput();
        collectSomethingElse();
        out.write('x');
        out.flush();
    }

    private static OutputStream startedForItsInput() throws IOException {
        return Programs.rawCat().getOutputStream();
    }

    @Test
    void aProcessLivesOnWhileAFutureOfItsExitIsWaitedFor() throws Exception {
        CompletableFuture<Process> exit = Programs.sh("sleep 0.5; exit 5").onExit();
        collectSomethingElse();
        assertEquals(5, exit.get().exitValue());
    }

    /** Returns when the collector has found something that was dropped at the same time. */
    private static void collectSomethingElse() throws Exception {
        long terminals = Descriptors.terminals();
        int children = Children.all().size();
        start(3);
        Await.until("the others are gone", () -> collected(terminals, children));
    }
}
