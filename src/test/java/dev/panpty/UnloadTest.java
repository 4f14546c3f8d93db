package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.Descriptors;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.IdleTime;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Way;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A class loader that is dropped after its use of the library, as of a web application or a plug-in. */
class UnloadTest {

    @Test
    void aDroppedClassLoaderIsCollectedWithItsThreadsAndDescriptors() throws Exception {
        jvm(Drops.class).run();
    }

    @Test
    void aDroppedUserOfALibraryThatOthersUseIsCollected() throws Exception {
        jvm(Shares.class).run();
    }

    /** Soft references are cleared at once: the JDK's caches of method handles have some to the types of records. */
    private static ForkedJvm jvm(Class<? extends ForkedJvm.Body> body) {
        return new ForkedJvm(body).options(IdleTime.jvmOption(50), "-XX:SoftRefLRUPolicyMSPerMB=0", "-Ddev.panpty.spawn=auto");
    }

    /** The library is loaded by another loader, and its shared reactor has a process all the time. */
    public static final class Shares implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Throwable {
            try (PtyProcess other = PtyProcess.start("cat")) {
                Thread thread = IdleTime.threadOf(Reactor.shared());
                WeakReference<ClassLoader> dropped = useAndDrop(new OnlyThePlugin());
                awaitCollected(dropped);
                assertSame(thread, IdleTime.threadOf(Reactor.shared()));
                assertTrue(other.isAlive());
            }
        }
    }

    private static final class OnlyThePlugin extends URLClassLoader {

        OnlyThePlugin() throws MalformedURLException {
            super(classPath(), UnloadTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : name.startsWith(Plugin.class.getName()) ? findClass(name) : super.loadClass(name, resolve);
        }
    }

    private static WeakReference<ClassLoader> useAndDrop(URLClassLoader loader) throws Exception {
        try (loader) {
            Class<?> plugin = loader.loadClass(Plugin.class.getName());
            assertNotSame(Plugin.class, plugin);
            Thread thread = new Thread(() -> call(plugin), "plugin");
            thread.setContextClassLoader(loader);
            CompletableFuture<Throwable> failed = new CompletableFuture<>();
            thread.setUncaughtExceptionHandler((which, thrown) -> failed.complete(thrown));
            thread.start();
            thread.join();
            assertEquals(null, failed.getNow(null));
            return new WeakReference<>(loader);
        }
    }

    private static void call(Class<?> plugin) {
        try {
            ((Callable<?>) plugin.getDeclaredConstructor().newInstance()).call();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private static URL[] classPath() throws MalformedURLException {
        List<URL> parts = new ArrayList<>();
        for (String part : System.getProperty("java.class.path").split(":")) {
            parts.add(Path.of(part).toUri().toURL());
        }
        return parts.toArray(new URL[0]);
    }

    private static void awaitCollected(WeakReference<ClassLoader> dropped) throws Exception {
        Await.until("the loader is collected", () -> {
            System.gc();
            return dropped.get() == null;
        });
    }

    /** Loads the library three times, one after the other, and drops it. */
    public static final class Drops implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Throwable {
            Set<String> children = Children.all();
            Map<Integer, String> before = Descriptors.own();
            for (int i = 0; i < 3; i++) {
                awaitCollected(useAndDrop(new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())));
                assertEquals(Set.of(), IdleTime.threadNames());
                assertEquals(before, Descriptors.own());
                assertEquals(children, Children.all());
            }
            Await.until("the last trampoline is unmapped", () -> {
                System.gc();
                return !Files.readString(Path.of("/proc/self/maps")).contains("trampoline");
            });
        }
    }

    /** Uses the library in each way that takes a thread, a hook, a native library or a logger. Loaded by the loader that is dropped. */
    public static final class Plugin implements Callable<Void> {

        private static final long SECONDS = 20;

        @Override
        public Void call() throws Exception {
            for (Way way : Way.all()) {
                way.force();
                streams();
                protocol();
            }
            System.setProperty("dev.panpty.spawn", "auto");
            try (PtyProcess tied = new PtyProcessBuilder("cat").parentDeathSignal(Signal.KILL).start()) {
                assertTrue(tied.isAlive());
            }
            work();
            terminal();
            try (Reactor own = Reactor.open()) {
                new PtyProcessBuilder("cat").start(own);
            }
            Reactor.open(); // never closed
            PtyProcess.start("cat"); // never closed, too
            return null;
        }

        private static void streams() throws Exception {
            assertEquals("streams\r\n", Programs.output("echo", "streams"));
            PtyProcess process = PtyProcess.start("cat");
            process.drain();
            process.onExit().thenRun(() -> {});
            process.terminateSession(Duration.ofSeconds(1));
            process.onEnd().get(SECONDS, TimeUnit.SECONDS);
        }

        /** A callback that throws is logged. */
        private static void protocol() throws Exception {
            new PtyProcessBuilder("echo", "protocol").start(new ProcessProtocol() {
                @Override
                public void outReceived(ByteBuffer data) {
                    throw new IllegalStateException("logged");
                }
            }).onEnd().get(SECONDS, TimeUnit.SECONDS);
        }

        private static void work() throws Exception {
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            Reactor.shared().execute(() -> thread.complete(Thread.currentThread()));
            assertEquals(ClassLoader.getSystemClassLoader(), thread.get(SECONDS, TimeUnit.SECONDS).getContextClassLoader());
            Reactor.shared().schedule(Duration.ofMillis(1), () -> {});
            Reactor.shared().schedule(Duration.ofDays(1), () -> {}).cancel();
        }

        /** A read that waits longer than the idle time. */
        private static void terminal() throws Exception {
            try (Pty pty = Pty.open()) {
                IdleTime.pass();
                InputStream output = pty.ptmxInputStream();
                CompletableFuture<Integer> read = new CompletableFuture<>();
                Thread reader = Thread.ofPlatform().start(() -> {
                    try {
                        read.complete(output.read());
                    } catch (Exception failed) {
                        read.completeExceptionally(failed);
                    }
                });
                Await.blocked(reader);
                IdleTime.pass();
                pty.ptsOutputStream().write('x');
                assertEquals('x', read.get(SECONDS, TimeUnit.SECONDS));
            }
        }
    }
}
