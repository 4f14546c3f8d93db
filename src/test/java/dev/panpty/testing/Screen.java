package dev.panpty.testing;

import dev.panpty.PtyProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The user at the terminal: types, and reads until the expected text appears. close() closes the process. */
public final class Screen implements AutoCloseable {

    private final PtyProcess process;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final StringBuilder text = new StringBuilder();
    private int seen;
    private boolean ended;

    public Screen(PtyProcess process) {
        this.process = process;
        Thread.ofVirtual().name("screen of " + process.pid()).start(this::read);
    }

    private void read() {
        byte[] buffer = new byte[8192];
        try {
            InputStream output = process.getInputStream();
            for (int count = output.read(buffer); count >= 0; count = output.read(buffer)) {
                append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1), false);
            }
            append("", true);
        } catch (IOException failed) {
            append("\n" + failed, true);
        }
    }

    private void append(String more, boolean last) {
        lock.lock();
        try {
            text.append(more);
            ended |= last;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public PtyProcess process() {
        return process;
    }

    /** Types the text as ISO 8859-1. */
    public Screen type(String keys) throws IOException {
        process.getOutputStream().write(keys.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** Waits until the text appears after the last match. */
    public Screen await(String literal) throws InterruptedException {
        awaitMatch(Pattern.quote(literal));
        return this;
    }

    /** Waits until the pattern matches after the last match; returns the match. */
    public Matcher awaitMatch(String regex) throws InterruptedException {
        Pattern pattern = Pattern.compile(regex, Pattern.DOTALL);
        long nanos = Await.DEADLINE.toNanos();
        lock.lock();
        try {
            for (;;) {
                Matcher matcher = pattern.matcher(text.substring(seen));
                if (matcher.find()) {
                    seen += matcher.end();
                    return matcher;
                }
                if (ended || nanos <= 0) {
                    throw new AssertionError((ended ? "ended" : "deadline reached") + " without " + regex + " in: " + text);
                }
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the end of the output; returns the whole output. */
    public String awaitEnd() throws InterruptedException {
        long nanos = Await.DEADLINE.toNanos();
        lock.lock();
        try {
            while (!ended) {
                if (nanos <= 0) {
                    throw new AssertionError("deadline reached without an end: " + text);
                }
                nanos = changed.awaitNanos(nanos);
            }
            return text.toString();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the output has ended. */
    public boolean isEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the end and the exit; returns the exit value. */
    public int awaitExit() throws InterruptedException {
        awaitEnd();
        if (!process.waitFor(Await.DEADLINE.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new AssertionError("no exit: " + process);
        }
        return process.exitValue();
    }

    /** The whole output so far. */
    public String text() {
        lock.lock();
        try {
            return text.toString();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
