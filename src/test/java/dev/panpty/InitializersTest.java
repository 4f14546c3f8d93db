package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process finds initialized after its start. */
class InitializersTest {

    private static final String PREFIX = "dev.panpty.";

    /** Lines of HotSpot's log, see {@code -Xlog:class+init}. */
    private static final String LINKED = "Start class verification for: ";
    private static final String INITIALIZED = "Initializing '";
    private static final String WITHOUT_INITIALIZER = "(no method)";

    @TempDir
    Path folder;

    /** Linked when a start has come to its end. */
    private static final class Started {
        static void is(Process process) {
            assertNotNull(process);
        }
    }

    private static final long LIMIT_SECONDS = 20;

    /** Processes with streams. */
    public static final class Streams implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Exception {
            try (PtyProcess first = PtyProcess.start("cat")) {
                Started.is(first);
                type(first);
                assertEquals(0, waitForEnd(first));
            }
            streams();
            virtual();
        }

        private static void type(PtyProcess process) throws IOException {
            process.getOutputStream().write("a\n".getBytes());
            process.getInputStream().skipNBytes("a\r\na\r\n".length());
            assertTrue(process.foregroundProcess().isPresent());
            process.getInputStream().available();
        }

        private static int waitForEnd(PtyProcess process) throws Exception {
            process.getOutputStream().close();
            assertEquals(-1, process.getInputStream().read());
            return process.waitFor();
        }

        private static void streams() throws Exception {
            try (PtyProcess process = PtyProcess.start("sh", "-c", "yes | head -c 1000; kill -9 $$")) {
                process.onEnd().get(LIMIT_SECONDS, TimeUnit.SECONDS);
                assertTrue(process.exitStatus().isPresent());
            }
            try (PtyProcess process = PtyProcess.start("sleep", "100")) {
                process.getOutputStream().write(new byte[3000]);
                process.signal(Signal.KILL);
                process.onEnd().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
        }

        private static void virtual() throws Exception {
            CompletableFuture<Integer> exit = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try (PtyProcess process = PtyProcess.start("cat")) {
                    type(process);
                    exit.complete(waitForEnd(process));
                } catch (Throwable failed) {
                    exit.completeExceptionally(failed);
                }
            });
            assertEquals(0, exit.get(LIMIT_SECONDS, TimeUnit.SECONDS));
        }

    }

    /** Processes with a protocol. */
    public static final class Events implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Exception {
            protocol(true);
            protocol(false);
        }

        private static void protocol(boolean lose) throws Exception {
            PtyProcess process = new PtyProcessBuilder("cat").start(new ProcessProtocol() {
                @Override
                public void connectionMade(ProcessTransport transport) {
                    Started.is((PtyProcess) transport);
                    transport.write(new byte[2000]);
                    transport.pauseProducing();
                    transport.resumeProducing();
                    if (lose) {
                        transport.loseConnection();
                    }
                }
            });
            if (!lose) {
                process.close();
            }
            process.onEnd().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** An initializer that finds no memory can never run again. */
    @ParameterizedTest
    @ValueSource(classes = {Streams.class, Events.class})
    void noInitializerIsLeftForAfterTheStart(Class<? extends ForkedJvm.Body> body) throws Exception {
        List<String> log = log(body);
        int started = log.indexOf(log.stream().filter(line -> line.contains(LINKED + Started.class.getName())).findFirst().orElseThrow());
        Set<String> late = log.subList(started, log.size()).stream()
                .filter(line -> line.contains(INITIALIZED + PREFIX.replace('.', '/')) && !line.contains(WITHOUT_INITIALIZER))
                .map(line -> line.split("'")[1].replace('/', '.'))
                .filter(name -> !name.startsWith(InitializersTest.class.getName()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), late);
    }

    private List<String> log(Class<? extends ForkedJvm.Body> body) throws Exception {
        Path log = folder.resolve("log");
        new ForkedJvm(body).options("-Xlog:class+init=info:file=" + log).run();
        return Files.readAllLines(log);
    }
}
