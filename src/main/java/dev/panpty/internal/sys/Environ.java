package dev.panpty.internal.sys;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * The environment that this process was started with, byte for byte, see environ(7): decoding to String would lose bytes that the JVM's
 * charset cannot express. Read at each call; the JVM never changes it.
 */
public final class Environ {

    private Environ() {}

    /** The {@code NAME=value} strings. */
    public static List<byte[]> strings() {
        Optional<MemorySegment> variable = Linker.nativeLinker().defaultLookup().find("environ");
        long array = variable.isEmpty() ? 0 : NativeBlock.at(variable.get().address(), Long.BYTES).getLong(0);
        return array == 0 ? List.of() : NativeBlock.stringArray(array);
    }
}
