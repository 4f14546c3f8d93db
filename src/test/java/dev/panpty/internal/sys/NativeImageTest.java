package dev.panpty.internal.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import java.io.InputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The library's metadata for GraalVM's native-image, see its "Reachability Metadata". */
class NativeImageTest {

    private static final String METADATA = "/META-INF/native-image/dev.panpty/panpty/reachability-metadata.json";

    private static String metadata() throws Exception {
        try (InputStream file = PtyProcess.class.getResourceAsStream(METADATA)) {
            assertNotNull(file, METADATA);
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theOneShapeOfDowncallIsListedAndNoOther() throws Exception {
        FunctionDescriptor shape = Downcall.SHAPE;
        assertEquals(ValueLayout.JAVA_LONG, shape.returnLayout().orElseThrow());
        List<String> parameters = shape.argumentLayouts().stream().map(layout -> "\"j" + ((ValueLayout) layout).carrier() + '"').toList();
        String json = metadata();
        Matcher downcall = Pattern.compile("\"returnType\":\\s*(\\S+),\\s*\"parameterTypes\":\\s*\\[([^]]*)]").matcher(json);
        assertTrue(downcall.find(), json);
        assertEquals("\"jlong\"", downcall.group(1));
        assertEquals(parameters, List.of(downcall.group(2).strip().split(",\\s*")));
        assertEquals(false, downcall.find(), json);
        assertTrue(json.contains("\"captureCallState\": true"), json);
        assertEquals(false, json.contains("condition"), json);
    }

    @Test
    void theTrampolinesAreResources() throws Exception {
        String json = metadata();
        assertTrue(json.contains("\"dev/panpty/internal/spawn/linux-*/libpanpty-trampoline.so\""), json);
    }
}
