package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.Descriptors;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes whose objects become unreachable. */
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
        Await.until("these terminals and children are gone too", () -> collected(terminals, children));
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

    /** Returns when the collector has found other processes, made unreachable at the same time. */
    private static void collectSomethingElse() throws Exception {
        long terminals = Descriptors.terminals();
        int children = Children.all().size();
        start(3);
        Await.until("the others are gone", () -> collected(terminals, children));
    }

    /** Compiled code keeps a reference only as long as it needs it; interpreted code keeps it longer. */
    @Test
    void aProcessIsNotTakenForDroppedWhileItIsWaitedForOrRead(@TempDir Path folder) throws Exception {
        new ForkedJvm(Compiled.class)
                .options("-Xcomp", "-XX:CompileCommand=quiet", "-XX:CompileCommand=compileonly,dev.panpty.*::*")
                .arguments(folder.toString()).run();
    }

    /** Collects garbage while it waits. */
    public static final class Compiled implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Throwable {
            Path waited = Path.of(arguments[0], "waited");
            Path read = Path.of(arguments[0], "read");
            Path written = Path.of(arguments[0], "written");
            collect(waited);
            assertTrue(waitFor(waited), "no exit");
            collect(read);
            assertEquals('x', read(read), "hung up while it was read");
            collect(written);
            write(written);
            for (Path go : new Path[] {waited, read, written}) {
                assertFalse(Files.exists(Path.of(go + ".hup")), "hung up: " + go);
            }
        }

        private static boolean waitFor(Path go) throws Exception {
            return start(go, "exit 0").waitFor(60, TimeUnit.SECONDS);
        }

        private static int read(Path go) throws Exception {
            return start(go, "trap '' HUP; echo x").getInputStream().read(); // after the first byte the reader may drop it
        }

        private static void write(Path go) throws Exception {
            start(go, "exec cat >/dev/null").getOutputStream().write(new byte[100_000]);
        }

        private static PtyProcess start(Path go, String then) throws Exception {
            return new PtyProcessBuilder("sh", "-c", "trap ': >" + go + ".hup; exit 3' HUP; " + Programs.until(go) + "; " + then)
                    .attributes(TerminalAttributes.raw()).start();
        }

        /** Collects until the collector has found unreachable objects ten times, then creates the file. */
        private static void collect(Path go) {
            Cleaner cleaner = Cleaner.create();
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    for (int i = 0; i < 10; i++) {
                        CountDownLatch found = new CountDownLatch(1);
                        cleaner.register(new Object(), found::countDown);
                        while (!found.await(20, TimeUnit.MILLISECONDS)) {
                            System.gc();
                        }
                    }
                    Files.createFile(go);
                } catch (Exception failed) {
                    throw new AssertionError(failed);
                }
            });
        }
    }
}
