package dev.panpty.internal.spawn;

import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Ptmx;
import java.util.List;
import java.util.Optional;

/**
 * One start, everything validated and in bytes as libc takes it; the terminal stays the caller's.
 *
 * @param ptmx the terminal, its size and attributes set
 * @param standardError what becomes descriptor 2 in place of the terminal; it stays the caller's
 * @param program the name to execute: with a slash a path relative to the child's directory, else searched along {@code searchPath}
 * @param searchPath the child's PATH, empty where it has none
 * @param arguments argv, with argv[0]
 * @param environment the child's environment as NAME=value
 * @param directory the child's working directory, empty for this process's own
 * @param settings what only the trampoline can give
 */
public record SpawnRequest(
        Ptmx ptmx,
        Optional<Descriptor> standardError,
        byte[] program,
        Optional<byte[]> searchPath,
        List<byte[]> arguments,
        List<byte[]> environment,
        Optional<byte[]> directory,
        ChildSettings settings) {}
