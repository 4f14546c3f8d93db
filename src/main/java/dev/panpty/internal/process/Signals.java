package dev.panpty.internal.process;

import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.ProcessTable;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.SignalNumber;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends signals to a child and to the process groups of its session, after the input that was written before, and only while the child is
 * not reaped. Each method gives 0 or the negative errno, ESRCH once the child is reaped. Any thread.
 */
public final class Signals {

    private final Child child;
    private final Ptmx ptmx;
    private final boolean controlling;
    private final InputStyle input;
    private final AtomicBoolean hungUp = new AtomicBoolean();

    /** @param controlling whether the terminal is the child's controlling terminal; if not, the child's group counts as the foreground */
    Signals(Child child, Ptmx ptmx, boolean controlling, InputStyle input) {
        this.child = child;
        this.ptmx = ptmx;
        this.controlling = controlling;
        this.input = input;
    }

    /** To the child alone. */
    public int toChild(int signal) {
        input.flushHeld();
        return child.signal(signal);
    }

    /** Whether a signal may be sent to the child: signal 0 of kill(2), which sends none. A zombie that is not reaped has exited. */
    public int probe() {
        return child.hasExited() ? -Errno.ESRCH : child.signal(0);
    }

    /** To the child's own process group. */
    public int toGroup(int signal) {
        input.flushHeld();
        return child.signalGroup(child.pid(), signal);
    }

    /** Of a {@link KillSequence}. The exit of a session leader ends its foreground group only if the terminal is controlling. */
    int ofEnd(int signal) {
        return controlling ? toChild(signal) : toGroup(signal);
    }

    /** SIGHUP and SIGCONT, once: the kernel sends them at the hang-up of a controlling terminal only. */
    void ofHangUp() {
        if (!controlling && hungUp.compareAndSet(false, true)) {
            child.signalGroup(child.pid(), SignalNumber.SIGHUP);
            child.signalGroup(child.pid(), SignalNumber.SIGCONT);
        }
    }

    /** For {@link #ofResize}; empty where that sends nothing. */
    Optional<Ptmx.Size> sizeBefore() {
        return controlling ? Optional.empty() : ptmx.windowSize().present();
    }

    /** SIGWINCH if the size has changed: the kernel sends it to the foreground group of a controlling terminal only. */
    void ofResize(Optional<Ptmx.Size> before, Ptmx.Size now) {
        if (before.isPresent() && !before.get().equals(now)) {
            toGroup(SignalNumber.SIGWINCH);
        }
    }

    /** The call of {@link #ofKey}. */
    String callOfKey() {
        return controlling ? "TIOCSIG" : "kill";
    }

    /** A signal of a key: by TIOCSIG, which also reaches a setuid program, and gives 0 if no group is in the foreground. */
    int ofKey(int signal) {
        if (controlling) {
            return ptmx.signalForeground(signal);
        }
        int result = child.signalGroup(child.pid(), signal);
        return result == -Errno.ESRCH ? 0 : result;
    }

    /** To the foreground process group of the terminal; ESRCH if it has none. */
    public int toForeground(int signal) {
        if (!controlling) {
            return toGroup(signal);
        }
        input.flushHeld();
        int group = ptmx.foregroundGroup();
        if (group < 0) {
            return group;
        }
        return group == 0 || isStrangers(group) ? -Errno.ESRCH : child.signalGroup(group, signal);
    }

    /** Whether the foreground group has ended and its number now belongs to a group of another session. */
    private boolean isStrangers(int group) {
        try {
            Optional<ProcessTable.Entry> leader = ProcessTable.find(group);
            return leader.isPresent() && leader.get().session() != ptmx.session();
        } catch (IOException unseen) {
            return false; // /proc cannot be read: tcgetpgrp(3) is trusted
        }
    }
}
