package dev.panpty.internal.sys;

import java.util.Optional;

/**
 * What differs between the processor architectures that Linux runs on, where the committed bindings, made on x86-64, are not true
 * for all: the values of fcntl.h's {@code O_DIRECTORY} and the layout of {@code struct epoll_event}, packed on x86-64 alone.
 */
public record Architecture(int oDirectory, int epollEventBytes, int epollDataOffset) {

    public static final Architecture X86_64 = new Architecture(0x10000, 12, 4);
    public static final Architecture AARCH64 = new Architecture(0x4000, 16, 8);

    private static final Optional<Architecture> HERE = of(System.getProperty("os.name"), System.getProperty("os.arch"));

    /** The architecture this JVM runs on; a machine that is not known is refused by an UnsupportedOperationException. */
    public static Architecture here() {
        if (HERE.isEmpty()) {
            throw new UnsupportedOperationException("Panpty runs on Linux on amd64 (x86-64) and aarch64; this JVM says it is "
                    + System.getProperty("os.name") + " on " + System.getProperty("os.arch"));
        }
        return HERE.get();
    }

    /** What is known of a machine, by the names that Java has for it. */
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
