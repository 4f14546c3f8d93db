package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** How many terminals and descriptors there are and may be. */
public final class Limits {

    private static final Downcall GETRLIMIT = new Downcall(Linux.getrlimit$address());
    private static final Path PTY = Path.of("/proc/sys/kernel/pty");
    private static final Path OWN_DESCRIPTORS = Path.of("/proc/self/fd");

    private Limits() {}

    /** A number below /proc/sys/kernel/pty, to be read in one go; empty where it cannot be read, as without a descriptor left to read it. */
    public static OptionalLong ofTerminals(String file) {
        try {
            return OptionalLong.of(Long.parseLong(Files.readAllLines(PTY.resolve(file)).get(0).strip()));
        } catch (IOException | NumberFormatException unknown) {
            return OptionalLong.empty();
        }
    }

    /** Descriptors of this process; empty where they cannot be counted. */
    public static OptionalLong descriptors() {
        try (Stream<Path> descriptors = Files.list(OWN_DESCRIPTORS)) {
            return OptionalLong.of(descriptors.count());
        } catch (IOException unknown) {
            return OptionalLong.empty();
        }
    }

    /** The soft limit of this process's descriptors; {@code Long.MAX_VALUE} for none. */
    public static long descriptorLimit() {
        Scratch scratch = Scratch.take();
        try {
            int result = GETRLIMIT.call(Linux.RLIMIT_NOFILE(), scratch.address());
            long soft = result < 0 ? -1 : scratch.data().getLong(0);
            return soft < 0 ? Long.MAX_VALUE : soft;
        } finally {
            scratch.give();
        }
    }
}
