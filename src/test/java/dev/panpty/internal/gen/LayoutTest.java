package dev.panpty.internal.gen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.LayoutProbe;
import dev.panpty.testing.Needs;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The committed bindings agree with the C compiler of this machine; the test fails on a machine where they are wrong. */
class LayoutTest {

    @Test
    void everyConstantIsWhatTheCompilerMakesOfIt() throws Exception {
        assertEquals(List.of(), wrongConstants(LayoutProbe.here()));
    }

    @Test
    @Needs({"aarch64-linux-gnu-gcc", "qemu-aarch64"})
    void everyConstantIsTheSameOnAarch64() throws Exception {
        assertEquals(List.of(), wrongConstants(LayoutProbe.aarch64()));
    }

    @Test
    void everyStructHasTheCompilersSizeAndOffsets() throws Exception {
        assertEquals(List.of(), wrongOffsets(LayoutProbe.here()));
    }

    @Test
    @Needs({"aarch64-linux-gnu-gcc", "qemu-aarch64"})
    void everyStructIsTheSameOnAarch64() throws Exception {
        assertEquals(List.of(), wrongOffsets(LayoutProbe.aarch64()));
    }

    /** Numbers without a binding: sys lays out {@code struct winsize} by hand, and assumes 4 bytes for ids and ints. */
    @Test
    void layoutsWrittenByHandAreTheCompilers() throws Exception {
        Map<String, Long> probe = LayoutProbe.here();
        assertEquals(List.of(8L, 0L, 2L, 4L, 6L), List.of(probe.get("winsize"), probe.get("winsize.ws_row"),
                probe.get("winsize.ws_col"), probe.get("winsize.ws_xpixel"), probe.get("winsize.ws_ypixel")));
        assertEquals(List.of(4L, 8L, 8L, 4L, 4L, 1L), List.of(probe.get("int"), probe.get("long"), probe.get("pointer"),
                probe.get("pid_t"), probe.get("uid_t"), probe.get("cc_t")));
        assertEquals(0L, probe.get("epoll_event.events"));
    }

    private static List<String> wrongConstants(Map<String, Long> probe) throws Exception {
        List<String> wrong = new ArrayList<>();
        List<Method> constants = constants();
        assertTrue(constants.size() > 200, "only " + constants.size() + " constants found");
        for (Method constant : constants) {
            String name = constant.getName();
            Long expected = probe.get(name);
            Number value = (Number) constant.invoke(null);
            if (expected == null) {
                wrong.add("add V(" + name + ") to src/test/c/layout_probe.c");
            } else if (!same(value, expected)) {
                wrong.add(name + " is " + value + " in the bindings and " + expected + " in C");
            }
        }
        return wrong;
    }

    /** An unsigned 32-bit value is negative as an int. */
    private static boolean same(Number value, long expected) {
        boolean fits = expected >= Integer.MIN_VALUE && expected <= 0xffffffffL;
        return value instanceof Integer ? fits && value.intValue() == (int) expected : value.longValue() == expected;
    }

    /** The methods of constants; unlike these, a function without parameters has an address method too. */
    private static List<Method> constants() {
        Set<String> names = Arrays.stream(Linux.class.getMethods()).map(Method::getName).collect(Collectors.toSet());
        return Arrays.stream(Linux.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && method.getParameterCount() == 0)
                .filter(method -> method.getReturnType() == int.class || method.getReturnType() == long.class)
                .filter(method -> !names.contains(method.getName() + "$address"))
                .toList();
    }

    private static List<String> wrongOffsets(Map<String, Long> probe) {
        List<String> wrong = new ArrayList<>();
        for (GroupLayout struct : List.of(panpty_request.layout(), panpty_limit.layout())) {
            String name = struct.name().orElseThrow();
            compare(wrong, name, struct.byteSize(), probe);
            struct.memberLayouts().stream().flatMap(member -> member.name().stream()).forEach(member -> compare(
                    wrong, name + "." + member, struct.byteOffset(MemoryLayout.PathElement.groupElement(member)), probe));
        }
        return wrong;
    }

    private static void compare(List<String> wrong, String name, long value, Map<String, Long> probe) {
        Long expected = probe.get(name);
        if (expected == null || expected != value) {
            wrong.add(name + " is " + value + " in the bindings and " + expected + " in C");
        }
    }
}
