package dev.panpty.testing;

import dev.panpty.Reactor;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Reactors that end their thread soon. The property holds for the loops that are opened while this is open, of any reactor. */
public final class IdleTime implements AutoCloseable {

    private static final String PROPERTY = "dev.panpty.idleMillis";

    private IdleTime() {}

    public static IdleTime ofMillis(int millis) {
        System.setProperty(PROPERTY, Integer.toString(millis));
        return new IdleTime();
    }

    /** The option for another JVM. */
    public static String jvmOption(int millis) {
        return "-D" + PROPERTY + "=" + millis;
    }

    /** The thread of the reactor, running now. */
    public static Thread threadOf(Reactor reactor) throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        reactor.execute(() -> thread.complete(Thread.currentThread()));
        return thread.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Returns when this thread has ended. */
    public static void awaitEnd(Thread thread) throws Exception {
        Await.until(thread + " ends", () -> !thread.isAlive());
    }

    /** Returns when a reactor that is opened now has become idle: one that did so before and needs no more time has ended its thread. */
    public static void pass() throws Exception {
        try (Reactor other = Reactor.open()) {
            awaitEnd(threadOf(other));
        }
    }


    /** The names of the platform threads of the library. */
    public static Set<String> threadNames() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter(name -> name.startsWith("panpty-"))
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        System.clearProperty(PROPERTY);
    }
}
