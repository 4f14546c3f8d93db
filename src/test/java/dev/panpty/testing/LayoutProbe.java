package dev.panpty.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Constants, sizes and offsets of a C compiler: the lines of {@code src/test/c/layout_probe.c} by their names. */
public final class LayoutProbe {

    private LayoutProbe() {}

    /** For this machine; the build has compiled the probe. */
    public static Map<String, Long> here() throws IOException, InterruptedException {
        return run(Path.of(System.getProperty("panpty.test.native"), "layout_probe").toString());
    }

    /** For aarch64, by a cross compiler and an emulator. */
    public static Map<String, Long> aarch64() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("panpty-layout");
        Path program = folder.resolve("layout_probe");
        try {
            output("aarch64-linux-gnu-gcc", "-std=c11", "-static", "-I" + Repository.path("native-headers"),
                    "-I" + Repository.path("src/generated/c"), "-o", program.toString(),
                    Repository.path("src/test/c/layout_probe.c").toString());
            return run("qemu-aarch64", program.toString());
        } finally {
            Files.deleteIfExists(program);
            Files.delete(folder);
        }
    }

    private static Map<String, Long> run(String... command) throws IOException, InterruptedException {
        Map<String, Long> values = new TreeMap<>();
        for (String line : output(command).lines().toList()) {
            String[] words = line.split(" ");
            values.put(words[0], Long.valueOf(words[1]));
        }
        return values;
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(List.of(command) + " failed: " + output);
        }
        return output;
    }
}
