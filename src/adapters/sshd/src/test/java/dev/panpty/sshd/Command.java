package dev.panpty.sshd;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Runs a program of this machine, without a terminal, to its end. */
final class Command {

    private static final long LIMIT_SECONDS = 60;
    private static final Executor THREADS = work -> Thread.ofPlatform().daemon().start(work); // the common pool may have one thread only

    private Command() {}

    record Run(int status, byte[] out, String err) {

        String text() {
            return new String(out, StandardCharsets.UTF_8);
        }

        Run succeeded() {
            if (status != 0) {
                throw new AssertionError("status " + status + ": " + err + text());
            }
            return this;
        }
    }

    static Run run(List<String> command) throws Exception {
        return run(command, Path.of("/dev/null"), Map.of());
    }

    static Run run(List<String> command, Path input, Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(input.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        CompletableFuture<byte[]> err = CompletableFuture.supplyAsync(() -> readAll(process.getErrorStream()), THREADS);
        CompletableFuture<byte[]> out = CompletableFuture.supplyAsync(() -> readAll(process.getInputStream()), THREADS);
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running: " + command);
        }
        return new Run(process.exitValue(), out.get(), new String(err.get(), StandardCharsets.UTF_8));
    }

    private static byte[] readAll(InputStream in) {
        try (in) {
            return in.readAllBytes();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
