package dev.panpty.internal.process;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.sys.LineMode;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.PtsControl;
import dev.panpty.internal.sys.Result;
import dev.panpty.internal.sys.Termios;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Our end of a terminal.
 *
 * <pre>
 *   live: a read gives data, or EAGAIN
 *   hung up: EIO, no process holds the pts; but the child may open /dev/tty again, so it is listened to by edges from here on
 *   at its end: EIO after the child was reaped
 * </pre>
 *
 * <p>Some calls open the pts for a short time. They keep writes out until it is closed again, by the writing lock or by the lock of the one
 * writer: while this JVM holds the pts, {@link #hasReader} would take it for a program that reads.
 *
 * <p>Two parties observe the bytes in both directions, each {@code read(2)} and {@code write(2)} being wholly before or wholly after the
 * other: a {@link PasswordPrompt}, while one is open, and a {@link Tap}, from the start to the end. While there is one of them, the writing
 * lock is held over the call and over theirs:
 *
 * <pre>
 *   writing lock { tcgetattr(3), write(2), prompt, tap.input }      the echo is not read before its input is told
 *   writing lock { read(2), prompt, tap.output }                    the reader gets the bytes afterwards
 *   writing lock { TIOCSWINSZ, tap.resized }
 *   writing lock { tap.started }, before the child is watched; writing lock { tap.ended }, after the last read and write
 * </pre>
 *
 * <p>Without a tap or a prompt a read takes no lock, and a write makes no further call.
 */
public final class PtmxChannel extends Channel {

    private final Ptmx ptmx;
    /** Whether a TCOOFF of ours is in force. Guarded by the writing lock, as the next field. */
    private boolean stopped;
    private PasswordPrompt prompt; // null before the first poll for one
    private final TappedTerminal tap;

    /** Of a terminal without a process. */
    public PtmxChannel(EventLoop loop, Ptmx ptmx) {
        this(loop, ptmx, Optional.empty(), Optional.empty());
    }

    public PtmxChannel(EventLoop loop, Ptmx ptmx, Optional<Child> child, Optional<? extends Tap> tap) {
        super(loop, ptmx.descriptor(), child, ptmx.toString());
        this.ptmx = ptmx;
        this.tap = new TappedTerminal(tap);
        observe();
    }

    /** Calls the tap for the start. */
    void tellStart() {
        if (tap.isTapped()) {
            withWritesOut(tap::started);
        }
    }

    /** Calls the tap for the end, once, if it was called for the start. The child is reaped, and nothing more is read or written. */
    public void tellEnd() {
        if (tap.isTapped()) {
            withWritesOut(() -> tap.ended(child().orElseThrow().status()));
        }
    }

    /** {@link Tap#refuseInside}, for a call that takes other locks, or waits for threads that take the writing lock. Any thread. */
    public void refuseInsideTap() {
        if (writing.isHeldByCurrentThread()) {
            tap.refuseInside();
        }
    }

    private void withWritesOut(Runnable call) {
        writing.lock();
        try {
            call.run();
        } finally {
            writing.unlock();
        }
    }

    /** {@link Ptmx#setWindowSize}. Any thread. */
    public int resize(Ptmx.Size size) {
        if (!tap.isTapped()) {
            return ptmx.setWindowSize(size);
        }
        writing.lock();
        try {
            tap.refuseInside();
            int result = ptmx.setWindowSize(size);
            if (result == 0) {
                tap.resized(size);
            }
            return result;
        } finally {
            writing.unlock();
        }
    }

    public Ptmx ptmx() {
        return ptmx;
    }

    /**
     * Looked up at each write. After the exit of the child the kernel accepts, and echoes, 3,584 bytes and more that no program reads. A
     * running child may open the terminal again, which raises no event, and then reads. The pidfd is polled first: poll(2) of a ptmx waits
     * for the kernel's worker, which makes an echo of one byte 22 % slower.
     */
    @Override
    boolean hasReader() {
        return child().isEmpty() || !child().get().hasExited() || end().isHeld();
    }

    @Override
    public boolean isHangUpFinal() {
        return isChildReaped();
    }

    /** False while our TCOOFF is in force: a write then waits, and none of its bytes is in flight. */
    @Override
    public boolean isBeingWritten() {
        writing.lock();
        try {
            return !stopped && end().isHeld() && ptmx.pts().isBeingWritten();
        } finally {
            writing.unlock();
        }
    }

    /**
     * A worker of the kernel echoes what was typed. While it runs after the program's exit, the terminal may report for half a millisecond
     * that all output is read although the program's last output is not. Reading the input to its end waits for that worker.
     */
    @Override
    public void drainInput() {
        writing.lock();
        try {
            ptmx.pts().takeUnreadInput();
        } finally {
            writing.unlock();
        }
    }

    /** No bound once output is stopped: the kernel may still move some of it from one of its buffers to the other. */
    @Override
    public long stopOutput() {
        writing.lock();
        try {
            return ptmx.pts().stopOutput() < 0 ? MOST_UNREAD_BYTES : Long.MAX_VALUE;
        } finally {
            writing.unlock();
        }
    }

    /** Stops or restarts output, see tcflow(3); 0 or the negative errno. Any thread. */
    int flow(boolean on) {
        writing.lock();
        try {
            PtsControl pts = ptmx.pts();
            int result = on ? pts.resumeOutput() : pts.stopOutput();
            stopped = result == 0 ? !on : stopped;
            observe();
            return result;
        } finally {
            writing.unlock();
        }
    }

    /**
     * What a signal character does to output, see {@link PtsControl#startAndEcho}, and to a prompt. Without a reader nothing is echoed: a
     * protocol that interrupts at each output would delay its end for ever. Any thread.
     */
    void startAndEcho(Termios now, byte[] echo) {
        writing.lock();
        try {
            if (prompt != null && prompt.meets(now.isSilent())) {
                prompt.signalled(unreadOutput());
                observe();
            }
            if (ptmx.pts().startAndEcho(now, stopped, hasReader() ? echo : new byte[0])) {
                tap.input(ByteBuffer.wrap(new byte[] {now.controlCharacter(Termios.VSTART)}), 0, 1, now.isSilent());
            }
        } finally {
            writing.unlock();
        }
    }

    /**
     * Polls for a prompt for a password, see {@link PasswordPrompt}: 1 if there is one, 0, or the negative errno. Any thread.
     *
     * @param pending whether input waits to be written
     */
    int pollForPrompt(boolean pending) {
        writing.lock();
        try {
            Result<Termios> now = ptmx.attributes();
            if (now.error() < 0) {
                return now.error();
            }
            if (prompt == null) {
                prompt = new PasswordPrompt();
            }
            boolean asked = prompt.poll(now.value().isSilent(), () -> pending || ptmx.pts().pollUnreadInput() > 0);
            observe();
            return asked && !pending ? 1 : 0;
        } finally {
            writing.unlock();
        }
    }

    /** Derives {@code watched} and {@code observed}. With the writing lock, after each change. */
    private void observe() {
        boolean prompted = prompt != null && prompt.observesInput();
        watched = stopped || prompted || tap.isTapped();
        observed = prompted && prompt.observesOutput() || tap.isTapped();
    }

    @Override
    void readUnobserved(int count) {
        writing.lock();
        try {
            prompt.missedOutput(count);
        } finally {
            writing.unlock();
        }
    }

    @Override
    int readObserved(ByteBuffer target, int offset, int length) {
        writing.lock();
        try {
            tap.refuseInside();
            int count = descriptor().read(target, offset, length);
            if (count > 0 && prompt != null && prompt.observesOutput()) {
                prompt.sawOutput(target, offset, count);
                observe();
            }
            tap.output(target, offset, count);
            return count;
        } finally {
            writing.unlock();
        }
    }

    /**
     * Used while our TCOOFF is in force, a prompt is open, or there is a tap. The kernel ignores VSTART while TCOOFF is in force, so the
     * stop is lifted here. The write ends early behind a byte that starts output, makes a signal at a prompt, or ends the line of an
     * answer.
     */
    @Override
    int writeWatched(ByteBuffer source, int offset, int length, boolean secret) {
        tap.refuseInside();
        Result<Termios> looked = ptmx.attributes();
        if (looked.error() < 0) {
            int count = descriptor().write(source, offset, length);
            tap.input(source, offset, count, secret);
            return count;
        }
        Termios now = looked.value();
        boolean prompted = prompt != null && prompt.meets(now.isSilent());
        boolean answerable = prompted && prompt.awaitsAnswer(() -> ptmx.pts().pollUnreadInput() > 0);
        LineMode answers = answerable ? LineMode.of(now) : LineMode.NONE;
        int unreadOutput = prompted ? unreadOutput() : 0;
        int count = descriptor().write(source, offset, through(source, offset, length, now, prompted, answers));
        if (count > 0) {
            byte last = source.get(offset + count - 1);
            if (answers.endsLine(last)) {
                prompt.answered(unreadOutput);
            } else if (prompted && SignalKey.isSignal(last, now)) {
                prompt.signalled(unreadOutput);
            }
            if (stopped && SignalKey.startsOutput(last, now)) {
                flow(true);
            }
        }
        observe();
        tap.input(source, offset, count, secret || now.isSilent());
        return count;
    }

    private int through(ByteBuffer source, int offset, int length, Termios now, boolean prompted, LineMode answers) {
        for (int i = 0; i < length && (stopped || prompted); i++) {
            byte value = source.get(offset + i);
            if (stopped && SignalKey.startsOutput(value, now) || answers.endsLine(value) || prompted && SignalKey.isSignal(value, now)) {
                return i + 1;
            }
        }
        return length;
    }

    private int unreadOutput() {
        return Math.max(descriptor().readableBytes(), 0);
    }
}
