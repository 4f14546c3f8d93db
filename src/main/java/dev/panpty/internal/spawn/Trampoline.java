package dev.panpty.internal.spawn;

import dev.panpty.internal.sys.Downcall;
import dev.panpty.internal.sys.Library;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The C library that runs between fork and exec: a resource of this jar, loaded at its first use. If it cannot be loaded, that is final;
 * only EMFILE and ENFILE are retried at the next use.
 */
final class Trampoline {

    private static final String LIBRARY = "libpanpty-trampoline";
    private static final String ENTRY = "panpty_spawn";

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static volatile Optional<Loaded> known = Optional.empty();

    private Trampoline() {}

    /**
     * The entry {@code int panpty_spawn(struct panpty_request *)}, or the reason why it is not available.
     *
     * @param errno EMFILE or ENFILE if a retry may succeed, else 0
     */
    record Loaded(Optional<Downcall> entry, int errno, String reason) {

        boolean mayComeLater() {
            return errno != 0;
        }
    }

    static Loaded get() {
        Optional<Loaded> before = known;
        if (before.isPresent()) {
            return before.get();
        }
        LOCK.lock();
        try {
            Loaded loaded = known.orElseGet(Trampoline::load);
            if (!loaded.mayComeLater()) {
                known = Optional.of(loaded);
            }
            return loaded;
        } finally {
            LOCK.unlock();
        }
    }

    private static Loaded load() {
        String resource = "linux-" + System.getProperty("os.arch") + "/" + LIBRARY + ".so";
        try (InputStream image = Trampoline.class.getResourceAsStream(resource)) {
            if (image == null) {
                return new Loaded(Optional.empty(), 0, "this build of Panpty has no " + resource);
            }
            Library.Opened opened = Library.open(LIBRARY, image.readAllBytes(), ENTRY);
            return new Loaded(opened.symbol().map(Downcall::new), -opened.error(), resource + " cannot be loaded: " + opened.reason());
        } catch (IOException | RuntimeException failed) {
            return new Loaded(Optional.empty(), 0, resource + " cannot be read: " + failed.getMessage());
        }
    }

    /** The failure of a start that needs it while it is not available. */
    static SpawnFailure failure(Loaded loaded) {
        return new SpawnFailure(SpawnFailure.STRATEGY, loaded.errno(), loaded.reason());
    }
}
