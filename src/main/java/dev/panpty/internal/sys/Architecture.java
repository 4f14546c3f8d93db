package dev.panpty.internal.sys;

/**
 * What differs between the processor architectures that Linux runs on, where the committed bindings, made on x86-64, are not true
 * for all: the values of fcntl.h's {@code O_DIRECTORY} and the layout of {@code struct epoll_event}, packed on x86-64 alone.
 */
public record Architecture(int oDirectory, int epollEventBytes, int epollDataOffset) {

    public static final Architecture X86_64 = new Architecture(0x10000, 12, 4);
    public static final Architecture AARCH64 = new Architecture(0x4000, 16, 8);

    private static final Architecture HERE = of(System.getProperty("os.name"), System.getProperty("os.arch"));

    /** The architecture this JVM runs on; a machine that is not known is refused by an UnsupportedOperationException. */
    public static Architecture here() {
        if (HERE == null) {
            throw new UnsupportedOperationException("Panpty runs on Linux on amd64 (x86-64) and aarch64; this JVM says it is "
                    + System.getProperty("os.name") + " on " + System.getProperty("os.arch"));
        }
        return HERE;
    }

    static Architecture of(String osName, String osArch) {
        if (!"Linux".equals(osName)) {
            return null;
        }
        return switch (osArch) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64" -> AARCH64;
            default -> null;
        };
    }
}
