package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.nio.charset.StandardCharsets;

/**
 * The controlling terminal of this process, {@code /dev/tty}, see tty(4). It has an open file description of its own: that it is
 * non-blocking is seen by no other program on the terminal. Methods give a result or the negative errno, EBADF once closed, and may be
 * called from any thread.
 *
 * <p>In a process that is not in the foreground group a read gives EIO. A change of the attributes stops the process (SIGTTOU).
 */
public final class Tty implements AutoCloseable {

    private static final Downcall IOCTL_PTR = new Downcall(Linux.ioctl_ptr$address());
    private static final Downcall TCGETPGRP = new Downcall(Linux.tcgetpgrp$address());
    private static final Downcall GETPGRP = new Downcall(Linux.getpgrp$address());
    private static final Downcall SIGPROCMASK = new Downcall(Linux.sigprocmask$address());

    private static final int SIGSET_BYTES = Linux.SIZEOF_SIGSET();
    private static final long SIGTTIN_BIT = 1L << Linux.SIGTTIN() - 1; // in the first 64 bits of a sigset_t

    private static final byte[] DEV_TTY = "/dev/tty".getBytes(StandardCharsets.US_ASCII);
    private static final int STANDARD_INPUT = 0;

    private final Descriptor descriptor;

    private Tty(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** ENXIO if this process has no controlling terminal. */
    public static Result<Tty> open() {
        Result<Descriptor> opened = Descriptor.open(DEV_TTY, Linux.O_RDWR() | Linux.O_NOCTTY() | Linux.O_NONBLOCK());
        return opened.failed() ? Result.failure(opened.error()) : Result.of(new Tty(opened.value()));
    }

    /** Whether descriptor 0 is the controlling terminal: tcgetpgrp(3) fails for any other file. */
    public static boolean isStandardInput() {
        return TCGETPGRP.call(STANDARD_INPUT) >= 0;
    }

    public Descriptor descriptor() {
        return descriptor;
    }

    /**
     * {@code read(2)} with SIGTTIN blocked in this thread. In the background such a read gives EIO, see setpgid(2) and termios(3);
     * otherwise the signal would stop this process. A lookup of the foreground group before the read would not do: the shell may stop and
     * continue this process in between.
     */
    public int read(byte[] target) {
        try (Scratch scratch = Scratch.take()) {
            long before = scratch.address() + SIGSET_BYTES;
            for (int index = 0; index < SIGSET_BYTES; index += Long.BYTES) {
                scratch.data().putLong(index, index == 0 ? SIGTTIN_BIT : 0);
            }
            SIGPROCMASK.call(Linux.SIG_BLOCK(), scratch.address(), before); // fails only for a wrong argument
            try {
                return descriptor.read(target, 0, target.length);
            } finally {
                SIGPROCMASK.call(Linux.SIG_SETMASK(), before, 0);
            }
        }
    }

    /** Whether the terminal has hung up: then a read gives 0 or EIO, also in the foreground. */
    public boolean isHungUp() {
        int events = descriptor.poll(Epoll.IN);
        return events > 0 && (events & Epoll.HUP) != 0;
    }

    /** Whether another process group is in the foreground; false if that cannot be looked up, as after a hang-up. */
    public boolean isInBackground() {
        int group = descriptor.call(TCGETPGRP, 0, 0);
        return group > 0 && group != GETPGRP.call();
    }

    public Result<Termios> attributes() {
        try (Scratch scratch = Scratch.take()) {
            int result = descriptor.call(scratch, IOCTL_PTR, Linux.TCGETS(), scratch.address(), 0);
            return result < 0 ? Result.failure(result) : Result.of(Termios.readFrom(scratch.data()));
        }
    }

    /** Sets the attributes at once (TCSANOW): waiting for output to drain would not end while output is stopped. */
    public int setAttributes(Termios termios) {
        try (Scratch scratch = Scratch.take()) {
            int result = descriptor.call(scratch, IOCTL_PTR, Linux.TCGETS(), scratch.address(), 0);
            if (result < 0) {
                return result;
            }
            termios.writeTo(scratch.data());
            return descriptor.call(scratch, IOCTL_PTR, Linux.TCSETS(), scratch.address(), 0);
        }
    }

    public Result<Ptmx.Size> windowSize() {
        return Ptmx.windowSize(descriptor);
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
