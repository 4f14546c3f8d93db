package dev.panpty.bench;

/** A program of README: this library on Linux, pty4j elsewhere. Here, since pty4j is a dependency of the benchmarks alone. */
public final class Anywhere {
    public static Process start(String... command) throws java.io.IOException {
        return dev.panpty.PtyProcessBuilder.isSupported() ? dev.panpty.PtyProcess.start(command)
                : new com.pty4j.PtyProcessBuilder(command).start();
    }
}
