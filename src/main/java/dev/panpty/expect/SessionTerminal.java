package dev.panpty.expect;

import dev.panpty.PtyProcess;
import dev.panpty.Tapped;
import dev.panpty.TerminalAttributes;
import dev.panpty.TerminalControl;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The terminal of a session for one tap. Over streams it has no command, process number 0, the window of the options or of the last
 * resize, and no modes. Any thread.
 */
final class SessionTerminal implements Tapped {

    private static final int MOST_REPLY_BYTES = 4096;

    private final Connection connection;
    private final SessionTaps taps;
    private final List<String> command;
    private final Map<String, String> environment;
    private final ConcurrentLinkedQueue<byte[]> replies = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pendingReplyBytes = new AtomicInteger();
    private final AtomicLong droppedReplyBytes = new AtomicLong();
    private volatile boolean paused; // written by the tap's threads

    SessionTerminal(Connection connection, SessionTaps taps, List<String> command, Map<String, String> environment) {
        this.connection = connection;
        this.taps = taps;
        this.command = command;
        this.environment = environment;
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
        return connection.process().map(PtyProcess::pid).orElse(0L);
    }

    @Override
    public WindowSize windowSize() throws IOException {
        return connection.windowSize();
    }

    @Override
    public TerminalAttributes attributes() throws IOException {
        return process().attributes();
    }

    @Override
    public OptionalInt foregroundProcessGroup() throws IOException {
        return process().foregroundProcessGroup();
    }

    @Override
    public Optional<TerminalControl.ForegroundProcess> foregroundProcess() throws IOException {
        return process().foregroundProcess();
    }

    private PtyProcess process() throws IOException {
        return connection.process().orElseThrow(() -> new IOException("a session over streams has no terminal"));
    }

    @Override
    public long nanoTime() {
        return taps.eventNanos();
    }

    @Override
    public boolean reply(ByteBuffer data) {
        int count = data.remaining();
        if (pendingReplyBytes.addAndGet(count) > MOST_REPLY_BYTES) {
            pendingReplyBytes.addAndGet(-count);
            droppedReplyBytes.addAndGet(count);
            return false;
        }
        byte[] bytes = new byte[count];
        data.get(bytes);
        replies.add(bytes);
        Thread.ofVirtual().name("panpty-expect-reply").start(this::typeReplies);
        return true;
    }

    private void typeReplies() {
        for (byte[] next = replies.poll(); next != null; next = replies.poll()) {
            pendingReplyBytes.addAndGet(-next.length);
            try {
                taps.input(next, false);
                connection.write(next, false);
            } catch (IOException ended) {
                droppedReplyBytes.addAndGet(next.length);
            }
        }
    }

    @Override
    public void pauseProducing() {
        paused = true;
    }

    @Override
    public void resumeProducing() {
        paused = false;
        taps.resumed();
    }

    boolean isPaused() {
        return paused;
    }

    @Override
    public long droppedReplyBytes() {
        return droppedReplyBytes.get();
    }
}
