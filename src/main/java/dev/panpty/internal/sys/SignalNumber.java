package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;

/** The signals that the library sends by itself, see signal(7). */
public final class SignalNumber {

    public static final int SIGCONT = Linux.SIGCONT();
    public static final int SIGHUP = Linux.SIGHUP();
    public static final int SIGKILL = Linux.SIGKILL();
    public static final int SIGTERM = Linux.SIGTERM();
    public static final int SIGWINCH = Linux.SIGWINCH();

    private SignalNumber() {}
}
