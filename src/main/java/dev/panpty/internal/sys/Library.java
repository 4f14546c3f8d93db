package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A shared library that is loaded from bytes and stays for good. Normally from a memfd_create(2) file: no temporary directory is
 * needed, none is left behind, and a noexec mount does not matter. Where that fails, from a temporary file, deleted once loaded.
 */
public final class Library {

    private static final Downcall MEMFD_CREATE = new Downcall(Linux.memfd_create$address());

    private Library() {}

    /**
     * The address of one symbol of the library.
     *
     * @throws IOException if the library cannot be loaded, with the reason of each attempt
     */
    public static MemorySegment load(String name, byte[] image, String symbol) throws IOException {
        SymbolLookup lookup;
        try {
            lookup = fromMemory(name, image);
        } catch (IOException | IllegalArgumentException inMemory) {
            try {
                lookup = fromFile(name, image);
            } catch (IOException | IllegalArgumentException inFile) {
                inFile.addSuppressed(inMemory);
                throw new IOException(inMemory.getMessage() + "; " + inFile.getMessage(), inFile);
            }
        }
        return lookup.find(symbol).orElseThrow(() -> new IOException(name + " has no " + symbol));
    }

    /** The memfd stays open: a later library under the same /proc path would be taken for this one. */
    private static SymbolLookup fromMemory(String name, byte[] image) throws IOException {
        Scratch scratch = Scratch.take();
        Descriptor.Opened opened;
        try {
            long path = scratch.string(0, name.getBytes(StandardCharsets.US_ASCII));
            opened = Descriptor.own(MEMFD_CREATE.call(path, Linux.MFD_CLOEXEC()));
        } finally {
            scratch.give();
        }
        if (opened.failed()) {
            throw new IOException("memfd_create: " + Errno.describe(-opened.error()));
        }
        Descriptor file = opened.descriptor();
        for (int done = 0; done < image.length; ) {
            int count = file.write(image, done, image.length - done);
            if (count <= 0) {
                file.close();
                throw new IOException("write to memfd: " + Errno.describe(-count));
            }
            done += count;
        }
        try {
            return SymbolLookup.libraryLookup("/proc/self/fd/" + file.number(), Arena.global());
        } catch (IllegalArgumentException cannot) {
            file.close();
            throw cannot;
        }
    }

    private static SymbolLookup fromFile(String name, byte[] image) throws IOException {
        Path file = Files.createTempFile(name, ".so");
        try {
            Files.write(file, image);
            return SymbolLookup.libraryLookup(file, Arena.global());
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
