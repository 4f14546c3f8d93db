package dev.panpty.internal.sys;

import java.lang.foreign.Linker;
import java.util.List;

/**
 * The environment that this process was started with, byte for byte, see environ(7): a String round trip would change what the JVM's
 * charset cannot express. Read at each call; the JVM itself never changes it.
 */
public final class Environ {

    private Environ() {}

    /** The {@code NAME=value} strings. */
    public static List<byte[]> strings() {
        return Linker.nativeLinker().defaultLookup().find("environ")
                .map(variable -> Memory.at(variable.address(), Long.BYTES).getLong(0))
                .filter(array -> array != 0)
                .map(Memory::stringArray)
                .orElse(List.of());
    }
}
