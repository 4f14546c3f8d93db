package dev.panpty.junit;

import dev.panpty.PtyProcess;
import dev.panpty.TerminalTap;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Types at a program, within a limit: a program that reads nothing would block the test. As a tap of a dialog it notes what that types.
 */
final class Typing implements TerminalTap {

    private final PtyProcess process;
    private final Settling settling;
    private final Report report;
    private final Duration limit;

    Typing(PtyProcess process, Settling settling, Report report, Duration limit) {
        this.process = process;
        this.settling = settling;
        this.report = report;
        this.limit = limit;
    }

    @Override
    public void input(ByteBuffer data, boolean secret) {
        if (!secret) {
            report.typing(Readable.quoted(StandardCharsets.UTF_8.decode(data)));
        }
        settling.noteInput();
    }

    void type(byte[] bytes, String shown) {
        report.typing(shown);
        settling.noteInput();
        CompletableFuture<Void> typed = CompletableFuture.runAsync(() -> write(bytes), Thread::startVirtualThread);
        try {
            typed.get(Waits.nanos(limit), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause() instanceof UncheckedIOException wrapped ? wrapped.getCause() : failed.getCause();
            throw new TerminalFailure(report, "cannot type " + shown + ": " + cause.getMessage(), cause);
        } catch (TimeoutException late) {
            throw new TerminalFailure(report, "the program has not read " + shown + " within " + Waits.readable(limit));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TerminalFailure(report, "interrupted while typing " + shown, interrupted);
        }
    }

    /** A resize is an input too: a program draws its screen again. */
    void resize(WindowSize size) {
        settling.noteInput();
        try {
            process.resize(size);
        } catch (IOException failed) {
            throw new TerminalFailure(report, "cannot resize to " + size.rows() + " rows of " + size.columns() + ": " + failed.getMessage(), failed);
        }
    }

    private void write(byte[] bytes) {
        try {
            process.getOutputStream().write(bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
