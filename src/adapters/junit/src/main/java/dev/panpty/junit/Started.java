package dev.panpty.junit;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.cast.Recorder;
import dev.panpty.expect.Expect;
import dev.panpty.expect.ExpectOptions;
import dev.panpty.screen.Screen;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/** A program that was started, and the parts by which a {@link TestTerminal} works. */
final class Started {

    private static final Duration GRACE = Duration.ofMillis(500);

    private final TestSession session;
    private final Screen screen;
    private final TerminalOutput output;
    private final Traffic traffic;
    private final Recorder recorder;
    private final Path recording;
    private final PtyProcess process;
    private final Report report;
    private final Settling settling;
    private final Waits waits;
    private final Typing typing;
    private final OutputCopy copy = new OutputCopy();
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Expect> dialog = Optional.empty(); // guarded by the lock

    /** @throws IOException if the program cannot be started, or the recording not be written; nothing is left of the attempt */
    Started(TestSession session, PtyProcessBuilder builder) throws IOException {
        this.session = session;
        AtomicReference<Report> failing = new AtomicReference<>();
        output = new TerminalOutput(session.options().limit(), what -> new TerminalFailure(failing.get(), what));
        traffic = new Traffic(output);
        recording = session.recordings().next();
        recorder = Recorder.to(recording).title(session.name()).input();
        try {
            screen = new Screen(builder.windowSize().orElse(session.options().size())).answering();
            process = builder.copy().endAtExit(true).tap(screen).tap(traffic).tap(copy).tap(recorder).start();
        } catch (IOException | RuntimeException | Error refused) {
            try {
                recorder.close();
            } catch (IOException failed) {
                refused.addSuppressed(failed);
            }
            throw refused;
        }
        report = new Report(builder.command(), process, screen, traffic, recording);
        failing.set(report);
        settling = new Settling(screen, traffic, session.options());
        waits = new Waits(screen, traffic, settling, report);
        typing = new Typing(process, settling, report, session.options().limit());
        process.drain();
    }

    /** A dialog by the output from its begin on, which is read beside it. What it types is noted as what {@link #typing} does. */
    Expect expect() {
        lock.lock();
        try {
            if (dialog.isEmpty()) {
                dialog = Optional.of(Expect.of(process, copy, ExpectOptions.defaults().withTimeout(session.options().limit())).tap(typing));
            }
            return dialog.get();
        } finally {
            lock.unlock();
        }
    }

    Options options() {
        return session.options();
    }

    Path home() {
        return session.home();
    }

    Screen screen() {
        return screen;
    }

    TerminalOutput output() {
        return output;
    }

    PtyProcess process() {
        return process;
    }

    Path recording() {
        return recording;
    }

    Report report() {
        return report;
    }

    Waits waits() {
        return waits;
    }

    Typing typing() {
        return typing;
    }

    SnapshotFiles snapshots() {
        return new SnapshotFiles(session, this);
    }

    ExitStatus awaitExit() {
        Duration limit = options().limit();
        boolean ended;
        try {
            ended = traffic.awaitEnd(Waits.nanos(limit));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TerminalFailure(report, "the program has not exited: interrupted while waiting", interrupted);
        }
        if (!ended) {
            throw new TerminalFailure(report, "the program has not exited within " + Waits.readable(limit));
        }
        traffic.read();
        return process.exitStatus().orElseThrow();
    }

    /** Ends the processes of the program's session, then the recording. The thread must be one that is not interrupted. */
    void close() throws IOException {
        lock.lock();
        try {
            dialog.ifPresent(Expect::close);
        } finally {
            lock.unlock();
        }
        try {
            Leftovers.kill(process.terminateSession(GRACE).left());
        } catch (InterruptedException interrupted) {
            throw new IOException("interrupted while " + process + " was ended", interrupted);
        } finally {
            try {
                process.close();
            } finally {
                recorder.close();
            }
        }
    }
}
