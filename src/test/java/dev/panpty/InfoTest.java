package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalControl.ForegroundProcess;
import dev.panpty.internal.sys.FileNameEncoding;
import dev.panpty.testing.Await;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The results of info and foregroundProcess, see proc(5). */
class InfoTest {

    private static final int TIMES = 100;

    @TempDir
    Path folder;

    private static List<String> arguments(PtyProcess process) {
        return process.info().arguments().map(Arrays::asList).orElse(List.of("none"));
    }

    private static List<String> foreground(PtyProcess process) throws IOException {
        return process.foregroundProcess().map(ForegroundProcess::command).orElse(List.of("none"));
    }

    /** The parent of a vfork continues before the kernel has set up the arguments. */
    @EachWay
    void rightAfterTheStartTheArgumentsAreThere() throws Exception {
        List<String> words = List.of("1000", "", "\u00e9");
        List<String> command = new ArrayList<>(List.of("sh", "-c", "read x", "sh"));
        command.addAll(words);
        for (int i = 0; i < Way.times(TIMES); i++) {
            try (PtyProcess process = new PtyProcessBuilder(command).argv0("-mine").start()) {
                ProcessHandle.Info info = process.info();
                assertEquals(command.subList(1, command.size()), arguments(process));
                assertTrue(info.command().orElseThrow().startsWith("/"), info::toString);
                assertTrue(info.commandLine().orElseThrow().endsWith(" -c read x sh 1000  \u00e9"), info::toString);
                assertTrue(info.startInstant().isPresent(), info::toString);
            }
            try (PtyProcess process = new PtyProcessBuilder(command).argv0("-mine").start()) {
                command.set(0, "-mine");
                assertEquals(command, foreground(process));
                command.set(0, "sh");
            }
        }
    }

    @Test
    void inConnectionMadeTheArgumentsAreThere() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            CompletableFuture<List<String>> seen = new CompletableFuture<>();
            PtyProcess process = new PtyProcessBuilder("sleep", "1000").start(new ProcessProtocol() {
                @Override
                public void connectionMade(ProcessTransport transport) {
                    try {
                        seen.complete(foreground((PtyProcess) transport));
                    } catch (IOException failed) {
                        seen.completeExceptionally(failed);
                    }
                    transport.abortConnection();
                }
            });
            assertEquals(List.of("sleep", "1000"), seen.get(20, TimeUnit.SECONDS));
            process.onEnd().get(20, TimeUnit.SECONDS);
        }
    }

    @EachWay
    void emptyArgumentsAndBytesThatAreNoTextSurvive() throws Exception {
        String script = "exec sh -c 'echo there; read x' a '' \"$(printf '\\377y')\" ''";
        try (PtyProcess process = Programs.sh(script)) {
            assertEquals("there", process.inputReader().readLine());
            byte[] noText = {(byte) 0xff, 'y'}; // not valid UTF-8
            List<String> expected = List.of("sh", "-c", "echo there; read x", "a", "", new String(noText, FileNameEncoding.CHARSET), "");
            assertEquals(expected, foreground(process));
            assertEquals(expected.subList(1, expected.size()), arguments(process));
        }
    }

    @EachWay
    void anotherExecIsSeen() throws Exception {
        try (PtyProcess process = Programs.sh("echo first; read x; exec sleep 1000")) {
            assertEquals("first", process.inputReader().readLine());
            assertEquals(List.of("-c", "echo first; read x; exec sleep 1000"), arguments(process));
            String shell = process.info().command().orElseThrow();
            process.getOutputStream().write('\n');
            Await.until("sleep runs", () -> !process.info().command().orElseThrow().equals(shell));
            assertEquals(List.of("1000"), arguments(process));
        }
    }

    @Test
    void argumentsBeyondAPageAreSeen() throws Exception {
        String lengthy = "x".repeat(100_000);
        try (PtyProcess process = PtyProcess.start("sh", "-c", "echo there; read x", "sh", lengthy)) {
            assertEquals("there", process.inputReader().readLine());
            assertEquals(List.of("-c", "echo there; read x", "sh", lengthy), arguments(process));
        }
    }

    @EachWay
    void aRemovedDirectoryIsNoneAndOneThatIsCalledSoIsThere() throws Exception {
        Path called = Files.createDirectory(folder.toRealPath().resolve("x (deleted)"));
        try (PtyProcess process = new PtyProcessBuilder("cat").directory(called).start()) {
            assertEquals(Optional.of(called), process.foregroundProcess().orElseThrow().directory());
            Files.delete(called);
            assertEquals(Optional.empty(), process.foregroundProcess().orElseThrow().directory());
        }
        Path plain = Files.createDirectory(folder.toRealPath().resolve("x"));
        try (PtyProcess process = new PtyProcessBuilder("cat").directory(plain).start()) {
            assertEquals(Optional.of(plain), process.foregroundProcess().orElseThrow().directory());
            Files.delete(plain);
            assertEquals(Optional.empty(), process.foregroundProcess().orElseThrow().directory());
        }
    }

    @EachWay
    void aRemovedProgramKeepsItsName() throws Exception {
        Path shell = Path.of("/bin/sh").toRealPath();
        for (String name : List.of("mine", "mine (deleted)")) {
            Path mine = Files.copy(shell, folder.toRealPath().resolve(name));
            try (PtyProcess process = PtyProcess.start(mine.toString(), "-c", "read x")) {
                assertEquals(Optional.of(mine.toString()), process.info().command());
                Files.delete(mine);
                assertEquals(Optional.of(mine.toString()), process.info().command());
            }
        }
    }

    @EachWay
    void aRemovedProgramThatHasAnotherNameKeepsTheOneItWasStartedBy() throws Exception {
        Path mine = Files.copy(Path.of("/bin/sh").toRealPath(), folder.toRealPath().resolve("mine"));
        Path other = Files.createLink(folder.toRealPath().resolve("other (deleted)"), mine);
        try (PtyProcess process = PtyProcess.start(mine.toString(), "-c", "read x");
                PtyProcess called = PtyProcess.start(other.toString(), "-c", "read x")) {
            Files.delete(mine);
            assertEquals(Optional.of(mine.toString()), process.info().command());
            assertEquals(Optional.of(other.toString()), called.info().command());
        }
    }

    @Test
    void afterTheExitNothingIsSeen() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            ProcessHandle.Info before = process.info();
            process.destroyForcibly().waitFor();
            assertEquals(Optional.empty(), process.info().arguments());
            assertEquals(Optional.empty(), process.info().command());
            assertEquals(Optional.of(0), before.arguments().map(all -> all.length));
        }
    }
}
