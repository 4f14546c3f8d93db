package dev.panpty.internal.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.internal.gen.Linux;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Repository;
import dev.panpty.testing.Way;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every function of the bindings exists and can be called through the one shape of {@link Downcall}. */
class BindingsTest {

    private static final String INCLUDE_FUNCTION = "--include-function ";
    private static final int REGISTERS = 6;

    @Test
    void everyFunctionHasAtMostSixIntegersOrPointersAndGivesOne() throws Exception {
        List<String> functions = functions();
        assertTrue(functions.size() > 30, "only " + functions);
        assertEquals(List.of(), functions.stream().filter(name -> !fitsTheShape(descriptor(name))).toList());
    }

    @Test
    void everyFunctionIsInThisLibc() throws Exception {
        Way.POSIX_SPAWN.need();
        assertEquals(List.of(), functions().stream().filter(name -> address(name).equals(MemorySegment.NULL)).toList());
    }

    /** So that an older glibc has all that a start needs; the library looks the optional ones up, and has another strategy without them. */
    @Test
    @Needs("readelf")
    void everyFunctionButTheOptionalOnesIsInGlibc217() throws Exception {
        String libc = Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains("/libc.so.6") || line.contains("/libc-2.")).findFirst().orElseThrow().replaceAll(".* ", "");
        String symbols = Programs.output("readelf", "-W", "--dyn-syms", libc);
        String header = Repository.text("native-headers/linux.h");
        List<String> newer = new ArrayList<>();
        for (String function : functions()) {
            Matcher named = Pattern.compile("\\b" + function + "\\(.*__asm__\\(\"(\\w+)").matcher(header);
            String name = named.find() ? named.group(1) : function;
            boolean old = Pattern.compile(" " + name + "@@?GLIBC_2\\.(\\d+)").matcher(symbols).results()
                    .anyMatch(version -> Integer.parseInt(version.group(1)) <= 17);
            if (!old) {
                newer.add(name);
            }
        }
        assertEquals(List.of("posix_spawn_file_actions_addclosefrom_np", "posix_spawn_file_actions_addfchdir_np"),
                newer.stream().sorted().toList());
    }

    /** An argument narrower than an int can be passed as a long with its value; a narrower result would leave bits undefined. */
    private static boolean fitsTheShape(FunctionDescriptor function) {
        return function.argumentLayouts().size() <= REGISTERS
                && function.argumentLayouts().stream().allMatch(layout -> isIntegerOrPointer(layout) || layout instanceof ValueLayout.OfShort)
                && function.returnLayout().stream().allMatch(BindingsTest::isIntegerOrPointer);
    }

    private static boolean isIntegerOrPointer(MemoryLayout layout) {
        return layout instanceof ValueLayout.OfInt || layout instanceof ValueLayout.OfLong || layout instanceof AddressLayout;
    }

    private static List<String> functions() throws Exception {
        return Repository.text("native-headers/includes.txt").lines()
                .filter(line -> line.startsWith(INCLUDE_FUNCTION))
                .map(line -> line.substring(INCLUDE_FUNCTION.length()).strip())
                .toList();
    }

    private static FunctionDescriptor descriptor(String name) {
        return (FunctionDescriptor) invoke(name + "$descriptor");
    }

    private static MemorySegment address(String name) {
        return (MemorySegment) invoke(name + "$address");
    }

    private static Object invoke(String method) {
        try {
            return Linux.class.getMethod(method).invoke(null);
        } catch (ReflectiveOperationException failed) {
            throw new AssertionError("Linux." + method, failed);
        }
    }
}
