package dev.panpty.internal.spawn;

import dev.panpty.internal.sys.Downcall;
import dev.panpty.internal.sys.Library;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The C library between fork and exec: a resource of this jar, loaded when it is first needed and never before. What is missing stays
 * missing; for want of a descriptor it is tried again at the next need.
 */
final class Trampoline {

    private static final String LIBRARY = "libpanpty-trampoline";
    private static final String ENTRY = "panpty_spawn";

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static volatile Optional<Loaded> known = Optional.empty();

    private Trampoline() {}

    /**
     * The entry {@code int panpty_spawn(struct panpty_request *)}, or why there is none.
     *
     * @param errno EMFILE or ENFILE where the next try may succeed, else 0
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

    /** For a start that needs it and cannot have it at this moment. */
    static SpawnFailure failure(Loaded loaded) {
        return new SpawnFailure(SpawnFailure.STRATEGY, loaded.errno(), loaded.reason());
    }
}
