package dev.panpty.internal.sys;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Checked by every use of this library: throws at once on a JVM that refuses native access, and on a machine for which there are no
 * layouts. Any thread may call; after the first success it costs a class check.
 */
public final class NativeAccess {

    private static volatile boolean begun;

    private NativeAccess() {}

    /**
     * @throws UncheckedIOException with EMFILE if no descriptor is available at the first call; a later call retries
     * @throws IllegalCallerException if the JVM refuses native access to this library
     * @throws UnsupportedOperationException if this is not Linux on a known architecture
     */
    public static void require() {
        Architecture.here();
        if (!begun) {
            needDescriptor();
            begun = true;
        }
        if (!Granted.REFUSAL.isEmpty()) {
            throw new IllegalCallerException(Granted.REFUSAL);
        }
    }

    /** The JVM's linker opens a library at its first use; if it gets no descriptor then, it never works again. */
    private static void needDescriptor() {
        try (FileInputStream any = new FileInputStream("/dev/null")) {
            any.available();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    private static final class Granted {
        /** Why native access is refused, or empty. A text, since a class initializer can throw its reason only once. */
        static final String REFUSAL = refusal();

        private static String refusal() {
            try {
                Downcall.link();
                return "";
            } catch (ExceptionInInitializerError failed) {
                if (failed.getCause() instanceof IllegalCallerException) {
                    Module module = NativeAccess.class.getModule();
                    return "this JVM refuses native access to Panpty: start it with --enable-native-access="
                            + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
                }
                throw failed;
            }
        }
    }
}
