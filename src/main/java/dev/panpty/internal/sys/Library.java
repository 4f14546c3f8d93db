package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Loads a shared library from bytes; it stays loaded until its symbol is unreachable. As a rule from a memfd_create(2) file, which needs no
 * temporary directory, leaves no file behind and is not subject to a noexec mount. If that fails, from a temporary file, which is deleted
 * once loaded.
 */
public final class Library {

    /** memfd_create(2), whose function glibc has since 2.27. */
    private static final Downcall SYSCALL = new Downcall(Linux.syscall_long$address());

    private Library() {}

    /**
     * The address of one symbol of the library, or the reason why it is not available.
     *
     * @param error the negative errno if no descriptor was available, which may be temporary; else 0
     */
    public record Opened(Optional<MemorySegment> symbol, int error, String reason) {}

    public static Opened open(String name, byte[] image, String symbol) {
        Result<Descriptor> memory = memory(name);
        if (isOutOfDescriptors(memory)) {
            return new Opened(Optional.empty(), memory.error(), "memfd_create");
        }
        String inMemory = "memfd_create: " + (memory.failed() ? Errno.name(-memory.error()) : "");
        if (!memory.failed()) {
            try {
                Opened opened = found(fromMemory(memory.value(), image), symbol);
                memory.value().close();
                return opened;
            } catch (IOException | IllegalArgumentException failed) {
                Result<Descriptor> another = memory(name); // dlopen needs a descriptor too, and gives no errno
                memory.value().close();
                if (isOutOfDescriptors(another)) {
                    return new Opened(Optional.empty(), another.error(), "dlopen");
                }
                if (!another.failed()) {
                    another.value().close();
                }
                inMemory = failed.getMessage();
            }
        }
        try {
            return found(fromFile(name, image), symbol);
        } catch (IOException | IllegalArgumentException failed) {
            return new Opened(Optional.empty(), 0, inMemory + "; " + failed.getMessage());
        }
    }

    private static Opened found(SymbolLookup lookup, String symbol) {
        return new Opened(lookup.find(symbol), 0, "it has no " + symbol);
    }

    private static boolean isOutOfDescriptors(Result<Descriptor> opened) {
        return opened.error() == -Linux.EMFILE() || opened.error() == -Linux.ENFILE();
    }

    private static Result<Descriptor> memory(String name) {
        try (Scratch scratch = Scratch.take()) {
            long path = scratch.string(0, name.getBytes(StandardCharsets.US_ASCII));
            return Descriptor.own(SYSCALL.call(Architecture.here().sysMemfdCreate(), path, Linux.MFD_CLOEXEC()));
        }
    }

    private static SymbolLookup fromMemory(Descriptor file, byte[] image) throws IOException {
        for (int done = 0; done < image.length; ) {
            int count = file.write(image, done, image.length - done);
            if (count <= 0) {
                throw new IOException("write to memfd: " + Errno.describe(-count));
            }
            done += count;
        }
        return SymbolLookup.libraryLookup(path(file), Arena.ofAuto());
    }

    /**
     * A path of the descriptor that no other library has: dlopen(3) takes a path for the library that was loaded by it before, and a number
     * is used again. It spells the inode's number, the lowest bit first, {@code /.} for 1 and {@code /} for 0. While the library is loaded,
     * no other file has that inode.
     */
    private static String path(Descriptor file) throws IOException {
        StringBuilder path = new StringBuilder("/proc/self/fd");
        for (long left = (Long) Files.getAttribute(Path.of(path + "/" + file.number()), "unix:ino"); left != 0; left >>>= 1) {
            path.append((left & 1) == 1 ? "/." : "/");
        }
        return path.append('/').append(file.number()).toString();
    }

    private static SymbolLookup fromFile(String name, byte[] image) throws IOException {
        Path file = Files.createTempFile(name, ".so");
        try {
            Files.write(file, image);
            return SymbolLookup.libraryLookup(file, Arena.ofAuto());
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
