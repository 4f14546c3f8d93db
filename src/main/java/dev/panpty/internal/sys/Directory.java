package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.util.Arrays;
import java.util.Optional;

/**
 * The directory that a child will work in, held open without the right to list it, and what can be seen from there. {@link #current}
 * stands for this process's own. Used by one thread.
 */
public final class Directory implements AutoCloseable {

    private static final Downcall ACCESS = new Downcall(Linux.faccessat$address());

    private final Descriptor descriptor;

    private Directory(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** A directory, or the negative errno. */
    public record Opened(Directory directory, int error) {}

    public static Directory current() {
        return new Directory(null);
    }

    /** The directory of the path, {@link #current} without one. With O_PATH: one of mode 0711 cannot be read, but entered. */
    public static Opened open(Optional<byte[]> path) {
        if (path.isEmpty()) {
            return new Opened(current(), 0);
        }
        Descriptor.Opened opened = Descriptor.open(path.get(), Linux.O_PATH() | Architecture.here().oDirectory());
        return opened.failed() ? new Opened(null, opened.error()) : new Opened(new Directory(opened.descriptor()), 0);
    }

    public boolean isCurrent() {
        return descriptor == null;
    }

    /** For a call that takes a directory's number; valid until {@link #close}. */
    public int number() {
        return descriptor == null ? Linux.AT_FDCWD() : descriptor.number();
    }

    /** Whether the path leads to something, or why not: 0 or the negative errno. */
    public int find(byte[] path) {
        return access(path, Linux.F_OK());
    }

    /** Whether the file may be executed, or the directory entered: 0 or the negative errno. */
    public int execute(byte[] path) {
        return access(path, Linux.X_OK());
    }

    /** The first bytes of a file, or the negative errno, and then none. */
    public record Head(byte[] bytes, int error) {}

    /** The first bytes of a file, at most {@code limit}. */
    public Head head(byte[] path, int limit) {
        int flags = Linux.O_RDONLY() | Linux.O_NONBLOCK() | Linux.O_NOCTTY();
        Descriptor.Opened opened = Descriptor.openAt(number(), path, flags);
        if (opened.failed()) {
            return new Head(new byte[0], opened.error());
        }
        try (Descriptor file = opened.descriptor()) {
            byte[] bytes = new byte[limit];
            int count = file.read(bytes, 0, limit);
            return new Head(Arrays.copyOf(bytes, Math.max(count, 0)), Math.min(count, 0));
        }
    }

    private int access(byte[] path, int mode) {
        Scratch scratch = Scratch.take();
        try {
            return ACCESS.call(number(), scratch.string(0, path), mode, 0);
        } finally {
            scratch.give();
        }
    }

    @Override
    public void close() {
        if (descriptor != null) {
            descriptor.close();
        }
    }
}
