package dev.panpty.examples;

import dev.panpty.PtyProcess;

public final class Hello {
    public static void main(String[] arguments) throws Exception {
        try (PtyProcess shell = PtyProcess.start("sh", "-c", "read name; echo Hello, $name, on $(tty)")) {
            shell.outputWriter().append("Duke\n").flush();
            shell.inputReader().lines().forEach(System.out::println);
            System.out.println("exit code " + shell.waitFor());
        }
    }
}
