package dev.panpty.cast;

import dev.panpty.Tapped;
import dev.panpty.TerminalAttributes;
import dev.panpty.TerminalControl;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The terminal that a recording was made of, for the tap that it is played to. It has no program: a reply is dropped. Any thread. */
final class RecordedTerminal implements Tapped {

    private final List<String> command;
    private final Map<String, String> environment;
    private final long startNanos = System.nanoTime();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition resumed = lock.newCondition();
    private boolean paused; // guarded by the lock, as the next
    private long droppedReplyBytes;
    private volatile WindowSize size; // written by the player's thread, as the next
    private volatile Duration time = Duration.ZERO;

    RecordedTerminal(Header header) {
        command = header.command().map(List::of).orElse(List.of());
        Map<String, String> variables = new LinkedHashMap<>(header.environment());
        header.term().ifPresent(term -> variables.put("TERM", term));
        environment = Map.copyOf(variables);
        size = header.sizeOrDefault();
    }

    void at(Duration now) {
        time = now;
    }

    void resized(WindowSize now) {
        size = now;
    }

    /** Waits while the tap pauses. */
    void awaitResumed() throws InterruptedException {
        lock.lock();
        try {
            while (paused) {
                resumed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<String> command() {
        return command;
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public long pid() {
        return ProcessHandle.current().pid();
    }

    @Override
    public WindowSize windowSize() {
        return size;
    }

    @Override
    public TerminalAttributes attributes() throws IOException {
        throw new IOException("a recording has no attributes");
    }

    @Override
    public OptionalInt foregroundProcessGroup() {
        return OptionalInt.empty();
    }

    @Override
    public Optional<TerminalControl.ForegroundProcess> foregroundProcess() {
        return Optional.empty();
    }

    @Override
    public long nanoTime() {
        return startNanos + time.toNanos();
    }

    @Override
    public boolean reply(ByteBuffer data) {
        lock.lock();
        try {
            droppedReplyBytes += data.remaining();
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long droppedReplyBytes() {
        lock.lock();
        try {
            return droppedReplyBytes;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void pauseProducing() {
        lock.lock();
        try {
            paused = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void resumeProducing() {
        lock.lock();
        try {
            paused = false;
            resumed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "recorded terminal of " + command;
    }
}
