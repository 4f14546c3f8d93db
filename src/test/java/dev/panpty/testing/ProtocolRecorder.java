package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ExitStatus;
import dev.panpty.ProcessProtocol;
import dev.panpty.ProcessTransport;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A protocol that records its callbacks and their thread. The events are {@code made}, {@code out} (one for any number in a row),
 * {@code in lost}, {@code out lost}, {@code exited}, {@code ended} and {@code error}. Override a callback and call super to do more.
 */
public class ProtocolRecorder implements ProcessProtocol {

    /** Only a hang reaches it. */
    static final Duration LIMIT = Duration.ofSeconds(20);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<String> events = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private volatile Thread inside;
    private volatile ProcessTransport transport;
    private volatile ExitStatus exit;
    private volatile ExitStatus end;

    @Override
    public void connectionMade(ProcessTransport newTransport) {
        transport = newTransport;
        note("made", null);
    }

    @Override
    public void outReceived(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        note("out", bytes);
    }

    @Override
    public void inConnectionLost() {
        note("in lost", null);
    }

    @Override
    public void outConnectionLost() {
        note("out lost", null);
    }

    @Override
    public void processExited(ExitStatus status) {
        exit = status;
        note("exited", null);
    }

    @Override
    public void processEnded(ExitStatus status) {
        end = status;
        note("ended", null);
    }

    @Override
    public void onError(Throwable thrown) {
        lock.lock();
        try {
            errors.add(thrown);
        } finally {
            lock.unlock();
        }
        note("error", null);
    }

    private void note(String event, byte[] bytes) {
        lock.lock();
        try {
            if (inside != null && inside != Thread.currentThread()) {
                faults.add(event + " on " + Thread.currentThread() + ", before on " + inside);
            }
            inside = Thread.currentThread();
            if (!inside.getName().startsWith("panpty-reactor")) {
                faults.add(event + " on " + inside);
            }
            if (bytes != null) {
                output.writeBytes(bytes);
            }
            if (bytes == null || events.isEmpty() || !events.getLast().equals("out")) {
                events.add(event);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public final ProcessTransport transport() {
        return transport;
    }

    public final ExitStatus exit() {
        return exit;
    }

    public final List<String> events() {
        lock.lock();
        try {
            return List.copyOf(events);
        } finally {
            lock.unlock();
        }
    }

    public final List<Throwable> errors() {
        lock.lock();
        try {
            return List.copyOf(errors);
        } finally {
            lock.unlock();
        }
    }

    public final byte[] bytes() {
        lock.lock();
        try {
            return output.toByteArray();
        } finally {
            lock.unlock();
        }
    }

    public final int size() {
        lock.lock();
        try {
            return output.size();
        } finally {
            lock.unlock();
        }
    }

    /** The output so far as ISO 8859-1. */
    public final String text() {
        return new String(bytes(), StandardCharsets.ISO_8859_1);
    }

    public final ProtocolRecorder awaitOutput(String literal) throws InterruptedException {
        await("output " + literal, () -> text().contains(literal));
        return this;
    }

    public final ProtocolRecorder awaitSize(int bytes) throws InterruptedException {
        await(bytes + " bytes of output", () -> output.size() >= bytes);
        return this;
    }

    public final ProtocolRecorder awaitEvent(String event) throws InterruptedException {
        await(event, () -> events.contains(event));
        return this;
    }

    public final ProtocolRecorder awaitEnd() throws InterruptedException {
        return awaitEvent("ended");
    }

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        long nanos = LIMIT.toNanos();
        lock.lockInterruptibly();
        try {
            while (!condition.getAsBoolean()) {
                if (nanos <= 0) {
                    throw new AssertionError("not within " + LIMIT + ": " + what + "; " + events + ", " + output.size()
                            + " bytes, the last: " + tail() + ", " + errors);
                }
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private String tail() {
        String all = output.toString(StandardCharsets.ISO_8859_1);
        return all.substring(Math.max(0, all.length() - 200));
    }

    /** Checks, after the end, that each callback came once, in order, on one thread, and that none failed. */
    public final void assertOrderly() {
        List<String> told = events();
        assertEquals(List.of(), faults);
        assertEquals(List.of(), errors());
        assertEquals("made", told.getFirst(), told::toString);
        assertEquals("ended", told.getLast(), told::toString);
        for (String once : List.of("made", "in lost", "out lost", "exited", "ended")) {
            assertEquals(1, Collections.frequency(told, once), () -> once + " in " + told);
        }
        assertTrue(told.lastIndexOf("out") < told.indexOf("out lost"), told::toString);
        assertEquals(exit, end);
    }
}
