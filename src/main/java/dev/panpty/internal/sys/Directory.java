package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.util.Arrays;
import java.util.Optional;

/**
 * The working directory of a child to be started, held open without permission to list it, for look-ups relative to it. {@link #current} is
 * this process's own. Used by one thread.
 */
public final class Directory implements AutoCloseable {

    private static final Downcall ACCESS = new Downcall(Linux.faccessat$address());

    private final Descriptor descriptor;

    private Directory(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    public static Directory current() {
        return new Directory(null);
    }

    /** Opens the directory of the path; {@link #current} if empty. With O_PATH, since one of mode 0711 can be entered but not read. */
    public static Result<Directory> open(Optional<byte[]> path) {
        if (path.isEmpty()) {
            return Result.of(current());
        }
        Result<Descriptor> opened = Descriptor.open(path.get(), Linux.O_PATH() | Architecture.here().oDirectory());
        return opened.failed() ? Result.failure(opened.error()) : Result.of(new Directory(opened.value()));
    }

    public boolean isCurrent() {
        return descriptor == null;
    }

    /** The descriptor's number, for the *at calls; valid until {@link #close}. */
    public int number() {
        return descriptor == null ? Linux.AT_FDCWD() : descriptor.number();
    }

    /** Whether the path exists: 0 or the negative errno. */
    public int find(byte[] path) {
        return access(path, Linux.F_OK());
    }

    /** Whether the file may be executed, or the directory entered: 0 or the negative errno. */
    public int execute(byte[] path) {
        return access(path, Linux.X_OK());
    }

    /** The first bytes of a file, at most {@code limit}. */
    public Result<byte[]> head(byte[] path, int limit) {
        int flags = Linux.O_RDONLY() | Linux.O_NONBLOCK() | Linux.O_NOCTTY();
        Result<Descriptor> opened = Descriptor.openAt(number(), path, flags);
        if (opened.failed()) {
            return Result.failure(opened.error());
        }
        try (Descriptor file = opened.value()) {
            byte[] bytes = new byte[limit];
            int count = file.read(bytes, 0, limit);
            return count < 0 ? Result.failure(count) : Result.of(Arrays.copyOf(bytes, count));
        }
    }

    private int access(byte[] path, int mode) {
        try (Scratch scratch = Scratch.take()) {
            return ACCESS.call(number(), scratch.string(0, path), mode, 0);
        }
    }

    @Override
    public void close() {
        if (descriptor != null) {
            descriptor.close();
        }
    }
}
