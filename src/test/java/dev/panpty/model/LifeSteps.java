package dev.panpty.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import dev.panpty.SessionReport;
import dev.panpty.SpawnStrategy;
import dev.panpty.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.function.Executable;

/** The life of a process: queries, waiting for its end, and ending it. */
final class LifeSteps {

    private static final Duration GRACE = Duration.ofMillis(500);

    private LifeSteps() {}

    static void askEverything(Subject subject, Where where, int number) throws Exception {
        subject.run(where, () -> {
            askWhoItIs(subject);
            askHowItIs(subject);
        });
    }

    private static void askWhoItIs(Subject subject) {
        PtyProcess process = subject.process;
        SpawnStrategy asked = subject.options.strategy();
        assertTrue(process.spawnStrategy() != SpawnStrategy.AUTO && (asked == SpawnStrategy.AUTO || process.spawnStrategy() == asked));
        assertTrue(process.pid() > 1);
        assertTrue(process.toString().contains("pid=" + process.pid()), process::toString);
        assertTrue(process.ptsName().matches("/dev/pts/\\d+"), process::ptsName);
        assertEquals("/dev/ptmx", process.host().devicePath());
        assertEquals(process.ptsName(), process.peer().devicePath());
        assertEquals((subject.hasEvents() ? "ModelRecorder" : "PtyProcess") + " (pid " + process.pid() + ")", process.logPrefix());
        assertTrue(process.reactor() != null);
        assertEquals(subject.hasEvents() && !subject.belief.ended, process.protocol().isPresent(), subject::toString);
        assertEquals(subject.belief.terminalOpen(), process.disconnectReason().isEmpty(), subject::toString);
        assertTrue(process.supportsNormalTermination());
        assertEquals(process.pid(), process.toHandle().pid());
        assertTrue(process.info() != null);
    }

    private static void askHowItIs(Subject subject) {
        PtyProcess process = subject.process;
        Belief belief = subject.belief;
        if (belief.alive()) {
            assertThrows(IllegalThreadStateException.class, process::exitValue);
            assertEquals(belief.held ? 1 : 0, process.children().count(), subject::toString);
            assertEquals(belief.held ? 1 : 0, process.descendants().count(), subject::toString);
        } else {
            assertEquals(belief.exit.orElseThrow().exitValue(), process.exitValue());
        }
        if (belief.terminalOpen()) {
            assertTrue(process.fileno() > 2);
            assertTrue(subject.hasEvents() || process.unwrittenBytes() == 0);
        } else {
            assertThrows(IllegalStateException.class, process::fileno);
            assertEquals(0, process.pendingBytes(), subject::toString);
        }
        assertTrue(process.pendingBytes() >= 0 && process.droppedBytes() >= 0);
        assertTrue(process.droppedBytes() == 0 || belief.outputClosed || belief.errorsClosed || belief.loose, subject::toString);
    }

    static void waitForExit(Subject subject, Where where, int number) throws Exception {
        PtyProcess process = subject.process;
        boolean alive = subject.belief.alive();
        assertEquals(!alive, subject.call(where, () -> process.waitFor(-number, TimeUnit.SECONDS)));
        assertEquals(!alive, subject.call(where, () -> process.waitFor(Duration.ZERO)));
        if (where == Where.REACTOR && Typing.onLoop(subject)) {
            subject.expect(where, Optional.of(IllegalStateException.class), process::waitFor);
            subject.expect(where, Subject.only(alive, IllegalStateException.class), () -> process.waitFor(1, TimeUnit.DAYS));
        } else if (alive) {
            assertFalse(subject.call(where, () -> process.waitFor(number, TimeUnit.MICROSECONDS)));
            assertFalse(subject.call(where, () -> process.waitFor(Duration.ofNanos(number))));
        } else {
            assertEquals(process.exitValue(), subject.<Integer>call(where, process::waitFor));
            assertTrue(subject.call(where, () -> process.waitFor(1, TimeUnit.DAYS)));
        }
    }

    /** From now on a thread waits for it. */
    static void beginToWait(Subject subject, Where where, int number) throws Exception {
        if (subject.belief.ended || !subject.belief.alive() || subject.atExit.size() > 4) {
            return;
        }
        PtyProcess process = subject.process;
        if (number % 3 == 0) {
            subject.atExit.add(subject.call(where, process::onExit).thenAccept(exited -> assertEquals(process, exited)));
        } else if (number % 3 == 1) {
            subject.atEnd.add(subject.call(where, process::onEnd).thenAccept(ended -> assertFalse(ended.isAlive())));
        } else {
            FutureTask<?> waiting = new FutureTask<>(() -> number % 2 == 0
                    ? process.waitFor(1, TimeUnit.DAYS)
                    : process.waitFor() == process.exitValue());
            subject.atExit.add(waiting);
            Await.blocked(where == Where.VIRTUAL ? Thread.ofVirtual().start(waiting) : Thread.ofPlatform().daemon().start(waiting));
        }
    }

    static void destroy(Subject subject, Where where, int number) throws Exception {
        endBy(subject, where, Belief.TERM, subject.process::destroy);
    }

    static void destroyForcibly(Subject subject, Where where, int number) throws Exception {
        endBy(subject, where, Belief.KILL, subject.process::destroyForcibly);
    }

    private static void endBy(Subject subject, Where where, int signal, Executable call) throws Exception {
        if (!subject.belief.alive()) {
            subject.run(where, call); // no effect, and no exception
        } else if (subject.maySignal(signal)) {
            if (subject.belief.effect(signal) == Belief.Effect.DEATH) {
                subject.beforeDeath();
            }
            subject.run(where, call);
            subject.signalled(signal);
        }
    }

    static void hangUp(Subject subject, Where where, int number) throws Exception {
        if (subject.belief.alive()) {
            subject.beforeDeath();
        }
        subject.run(where, number % 2 == 0 ? subject.process::hangUp : subject.process::abortConnection);
        if (subject.belief.terminalOpen()) {
            subject.hungUp();
        }
    }

    static void close(Subject subject, Where where, int number) throws Exception {
        if (where == Where.REACTOR && Typing.onLoop(subject)) {
            subject.expect(where, Optional.of(IllegalStateException.class), subject.process::close);
        } else {
            subject.close(where);
        }
    }

    static void terminateSession(Subject subject, Where where, int number) throws Exception {
        Belief belief = subject.belief;
        if (where == Where.REACTOR && Typing.onLoop(subject)) {
            subject.expect(where, Optional.of(IllegalStateException.class), () -> subject.process.terminateSession(GRACE));
            return;
        }
        boolean alive = belief.alive();
        ExitStatus ending = belief.ending();
        if (alive) {
            subject.beforeDeath();
            belief.loose |= belief.caught.contains(Belief.HUP) || belief.caught.contains(Belief.TERM) || belief.caught.contains(Belief.CONT);
        }
        SessionReport report = subject.call(where, () -> number % 2 == 0 ? subject.process.terminateSession(GRACE)
                : subject.process.terminateSessionAsync(GRACE).join());
        assertEquals(new SessionReport(List.of(), List.of()), report, subject::toString);
        belief.held = false;
        if (alive) {
            subject.died(ending);
        } else {
            subject.endIfDue();
        }
    }
}
