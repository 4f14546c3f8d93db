package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The numbers of terminals and descriptors in use, and their limits. Any thread. */
public final class Limits {

    private static final Downcall GETRLIMIT = new Downcall(Linux.getrlimit$address());
    private static final Downcall POLL = new Downcall(Linux.poll$address());
    private static final int POLLFD_BYTES = Long.BYTES;
    private static final int POLLFDS = Scratch.DATA_BYTES / POLLFD_BYTES;
    private static final int REVENTS = Integer.BYTES + Short.BYTES;
    private static final long MOST_POLLED = 1 << 20; // a tenth of a second
    private static final Path FILES = Path.of("/proc/sys/fs/file-nr");
    private static final Path PTY = Path.of("/proc/sys/kernel/pty");
    private static final Path OWN_DESCRIPTORS = Path.of("/proc/self/fd");

    private Limits() {}

    /** A number in /proc/sys/kernel/pty; empty if it cannot be read, as at the limit of descriptors. */
    public static OptionalLong ofTerminals(String file) {
        try {
            return OptionalLong.of(Long.parseLong(Files.readAllLines(PTY.resolve(file)).get(0).strip()));
        } catch (IOException | NumberFormatException unknown) {
            return OptionalLong.empty();
        }
    }

    /**
     * Descriptors of this process; empty if /proc is not mounted. If no descriptor is available to read it, they are counted by poll(2),
     * which gives POLLNVAL for a number that is not open.
     */
    public static OptionalLong descriptors() {
        try (Stream<Path> descriptors = Files.list(OWN_DESCRIPTORS)) {
            return OptionalLong.of(descriptors.count() - 1); // without the one that lists them
        } catch (NoSuchFileException notMounted) {
            return OptionalLong.empty();
        } catch (IOException full) {
            return descriptorLimit() > MOST_POLLED ? OptionalLong.empty() : openBelow((int) descriptorLimit());
        }
    }

    private static OptionalLong openBelow(int limit) {
        try (Scratch scratch = Scratch.take()) {
            long open = 0;
            for (int first = 0; first < limit; first += POLLFDS) {
                int count = Math.min(POLLFDS, limit - first);
                for (int i = 0; i < count; i++) {
                    scratch.data().putLong(i * POLLFD_BYTES, 0).putInt(i * POLLFD_BYTES, first + i);
                }
                if (POLL.call(scratch, scratch.address(), count, 0, 0, 0, 0) < 0) {
                    return OptionalLong.empty();
                }
                for (int i = 0; i < count; i++) {
                    open += (scratch.data().getShort(i * POLLFD_BYTES + REVENTS) & Linux.POLLNVAL()) == 0 ? 1 : 0;
                }
            }
            return OptionalLong.of(open);
        }
    }

    /** For EMFILE and ENFILE, in brackets, the number in use and the limit; else empty. */
    public static String numbers(int errno) {
        if (errno == Linux.EMFILE()) {
            OptionalLong open = descriptors();
            return " (descriptors " + (open.isPresent() ? open.getAsLong() : "unknown") + " of " + descriptorLimit() + ")";
        }
        return errno == Linux.ENFILE() ? " (open files of the whole machine " + openFiles() + ")" : "";
    }

    /** Open files of the whole machine and their limit, see proc_sys_fs(5). */
    private static String openFiles() {
        try (InputStream file = Files.newInputStream(FILES)) {
            String[] numbers = new String(file.readAllBytes(), StandardCharsets.US_ASCII).split("\\s+");
            return numbers[0] + " of " + numbers[2];
        } catch (IOException full) {
            return "unknown of unknown";
        }
    }

    /** The soft limit of this process's descriptors; {@code Long.MAX_VALUE} for none. */
    public static long descriptorLimit() {
        try (Scratch scratch = Scratch.take()) {
            int result = GETRLIMIT.call(Linux.RLIMIT_NOFILE(), scratch.address());
            long soft = result < 0 ? -1 : scratch.data().getLong(0);
            return soft < 0 ? Long.MAX_VALUE : soft;
        }
    }
}
