package dev.panpty.internal.spawn;

import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Ptmx;
import java.util.List;
import java.util.Optional;

/**
 * One start, validated and encoded for libc. The caller still owns the terminal.
 *
 * @param ptmx the terminal, its size and attributes set
 * @param standardError becomes descriptor 2 in place of the terminal; owned by the caller
 * @param errorTerminal the terminal of {@code standardError}, if that is one
 * @param controlling whether the terminal becomes the child's controlling terminal
 * @param program the name to execute: with a slash a path relative to the child's directory, else searched along {@code searchPath}
 * @param searchPath the child's PATH, empty if it has none
 * @param arguments argv, with argv[0]
 * @param environment the child's environment as NAME=value
 * @param directory the child's working directory, empty for this process's own
 * @param settings those that only the trampoline supports
 */
public record SpawnRequest(
        Ptmx ptmx,
        Optional<Descriptor> standardError,
        Optional<Ptmx> errorTerminal,
        boolean controlling,
        byte[] program,
        Optional<byte[]> searchPath,
        List<byte[]> arguments,
        List<byte[]> environment,
        Optional<byte[]> directory,
        ChildSettings settings) {}
