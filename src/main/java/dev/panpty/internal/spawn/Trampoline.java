package dev.panpty.internal.spawn;

import dev.panpty.internal.sys.Downcall;
import dev.panpty.internal.sys.Library;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The C library between fork and exec: a resource of this jar, loaded when it is first needed and never before. */
final class Trampoline {

    private static final String LIBRARY = "libpanpty-trampoline";
    private static final String ENTRY = "panpty_spawn";

    private Trampoline() {}

    /** The entry {@code int panpty_spawn(struct panpty_request *)}, or why there is none. */
    record Loaded(Optional<Downcall> entry, String reason) {}

    static Loaded get() {
        return Holder.LOADED;
    }

    private static final class Holder {
        static final Loaded LOADED = load();
    }

    private static Loaded load() {
        String resource = "linux-" + System.getProperty("os.arch") + "/" + LIBRARY + ".so";
        try (InputStream image = Trampoline.class.getResourceAsStream(resource)) {
            if (image == null) {
                return new Loaded(Optional.empty(), "this build of Panpty has no " + resource);
            }
            return new Loaded(Optional.of(new Downcall(Library.load(LIBRARY, image.readAllBytes(), ENTRY))), "");
        } catch (IOException | RuntimeException failed) {
            return new Loaded(Optional.empty(), resource + " cannot be loaded: " + failed.getMessage());
        }
    }
}
