package dev.panpty.internal.sys;

import java.util.Optional;

/**
 * The constants that differ between processor architectures: the generated bindings were made on x86-64. They are {@code O_DIRECTORY} of
 * fcntl.h, the layout of {@code struct epoll_event}, which is packed on x86-64 only, and the numbers of system calls that are older than
 * the common table of syscalls(2).
 */
public record Architecture(int oDirectory, int epollEventBytes, int epollDataOffset, int sysMemfdCreate, int sysStatx) {

    public static final Architecture X86_64 = new Architecture(0x10000, 12, 4, 319, 332);
    public static final Architecture AARCH64 = new Architecture(0x4000, 16, 8, 279, 291);

    private static final Optional<Architecture> HERE = of(System.getProperty("os.name"), System.getProperty("os.arch"));

    /** The architecture of this JVM; throws UnsupportedOperationException on an unsupported one. */
    public static Architecture here() {
        if (HERE.isEmpty()) {
            throw new UnsupportedOperationException(unsupported().orElseThrow());
        }
        return HERE.get();
    }

    /** Why this library does not run on the machine that the system properties name; empty if it is a known one. Loads nothing native. */
    public static Optional<String> unsupported() {
        return HERE.isPresent() ? Optional.empty() : Optional.of("Panpty runs on Linux on amd64 (x86-64) and aarch64; this JVM says it is "
                + System.getProperty("os.name") + " on " + System.getProperty("os.arch"));
    }

    /** The architecture by the values of os.name and os.arch; empty if unsupported. */
    public static Optional<Architecture> of(String osName, String osArch) {
        if (!"Linux".equals(osName)) {
            return Optional.empty();
        }
        return switch (osArch) {
            case "amd64", "x86_64" -> Optional.of(X86_64);
            case "aarch64" -> Optional.of(AARCH64);
            default -> Optional.empty();
        };
    }
}
