package dev.panpty.examples;

import dev.panpty.PtyProcess;
import java.nio.charset.StandardCharsets;

public final class Hello {
    public static void main(String[] arguments) throws Exception {
        try (PtyProcess shell = PtyProcess.start("sh", "-c", "read name; echo Hello, $name, on $(tty)")) {
            shell.outputWriter(StandardCharsets.UTF_8).append("Duke\n").flush();
            shell.inputReader(StandardCharsets.UTF_8).lines().forEach(System.out::println);
            System.out.println("exit code " + shell.waitFor());
        }
    }
}
