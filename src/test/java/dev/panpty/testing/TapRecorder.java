package dev.panpty.testing;

import dev.panpty.ExitStatus;
import dev.panpty.Tapped;
import dev.panpty.TerminalTap;
import dev.panpty.WindowSize;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A tap that records its calls, and as faults: two calls at the same time, a call out of order, a time that goes back, more output than
 * input where {@link #echoes} was called. Override a method and call super to do more.
 */
public class TapRecorder implements TerminalTap {

    private final AtomicBoolean inside = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();
    private final List<String> events = new ArrayList<>(); // guarded by the lock, as what follows
    private final List<String> faults = new ArrayList<>();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream input = new ByteArrayOutputStream();
    private final ByteArrayOutputStream secrets = new ByteArrayOutputStream();
    private boolean echoes;
    private long nanoTime;
    private volatile Tapped terminal;
    private volatile ExitStatus status;

    /** From now on each byte of output is the echo of a byte of input. */
    public final TapRecorder echoes() {
        lock.lock();
        try {
            echoes = true;
            return this;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void started(Tapped started) {
        terminal = started;
        note("started", null, null);
    }

    @Override
    public void output(ByteBuffer data) {
        note("output", output, data);
    }

    @Override
    public void input(ByteBuffer data, boolean secret) {
        if (secret) {
            note("secret", secrets, data.duplicate());
        }
        note("input", input, data);
    }

    @Override
    public void resized(WindowSize size) {
        note("resized " + size.rows() + " " + size.columns(), null, null);
    }

    @Override
    public void ended(ExitStatus ended) {
        status = ended;
        note("ended", null, null);
    }

    private void note(String event, ByteArrayOutputStream bytes, ByteBuffer data) {
        if (!inside.compareAndSet(false, true)) {
            fault("two calls at the same time: " + event);
        }
        lock.lock();
        try {
            boolean first = events.isEmpty();
            if (first != event.equals("started") || !first && events.getLast().equals("ended")) {
                faults.add(event + " after " + events);
            }
            if (terminal.nanoTime() - nanoTime < 0 && !first) {
                faults.add(event + " goes back in time");
            }
            nanoTime = terminal.nanoTime();
            if (data != null) {
                byte[] copy = new byte[data.remaining()];
                data.get(copy);
                bytes.writeBytes(copy);
            }
            if (first || !events.getLast().equals(event)) {
                events.add(event);
            }
            if (echoes && output.size() > input.size()) {
                faults.add(output.size() + " bytes of output after " + input.size() + " of input");
            }
        } finally {
            lock.unlock();
            inside.set(false);
        }
    }

    private void fault(String fault) {
        lock.lock();
        try {
            faults.add(fault);
        } finally {
            lock.unlock();
        }
    }

    /** Each event once, however often it came in a row. */
    public final List<String> events() {
        lock.lock();
        try {
            return List.copyOf(events);
        } finally {
            lock.unlock();
        }
    }

    public final List<String> faults() {
        lock.lock();
        try {
            return List.copyOf(faults);
        } finally {
            lock.unlock();
        }
    }

    public final String output() {
        return text(output);
    }

    public final String input() {
        return text(input);
    }

    public final String secrets() {
        return text(secrets);
    }

    private String text(ByteArrayOutputStream bytes) {
        lock.lock();
        try {
            return bytes.toString(StandardCharsets.ISO_8859_1);
        } finally {
            lock.unlock();
        }
    }

    public final int outputSize() {
        lock.lock();
        try {
            return output.size();
        } finally {
            lock.unlock();
        }
    }

    public final Tapped terminal() {
        return terminal;
    }

    /** Null before the end. */
    public final ExitStatus status() {
        return status;
    }
}
