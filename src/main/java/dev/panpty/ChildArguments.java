package dev.panpty;

import dev.panpty.internal.loop.LoopThread;
import dev.panpty.internal.process.TerminalProcess;
import dev.panpty.internal.sys.FileNameEncoding;
import dev.panpty.internal.sys.ProcessTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The arguments of a child, see {@code /proc/PID/cmdline} in proc(5). The parent of a vfork(2) continues before the kernel has laid them
 * out, under load up to 45 ms earlier. Until then the file is empty, and the arguments are those that the child was started with. Just
 * before that, seen once in 6,000 starts under load, the file has the JVM's own arguments: the child has released its parent and not yet
 * left its memory.
 *
 * <pre>
 *   unseen: an empty cmdline belongs to the first exec --cmdline was read--> seen: it belongs to a later exec, or to a zombie
 * </pre>
 *
 * <p>Any thread.
 */
final class ChildArguments {

    private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final TerminalProcess process;
    private final List<byte[]> started;
    private volatile boolean isSeen;

    ChildArguments(TerminalProcess process, List<byte[]> started) {
        this.process = process;
        this.started = started;
    }

    /** The arguments now; empty once the child is reaped. */
    Optional<List<String>> now() {
        List<String> read = isSeen ? settled(process.pid()) : own(ProcessTable.command(process.pid()));
        return process.child().unlessReaped(() -> read.isEmpty() ? decode(started) : seen(read)); // so the number was always the child's
    }

    /** Empty while they are still the JVM's. */
    private static List<String> own(List<String> read) {
        boolean shared = !read.isEmpty() && read.equals(ProcessTable.command((int) ProcessHandle.current().pid()));
        return shared ? List.of() : read;
    }

    private List<String> seen(List<String> read) {
        isSeen = true;
        return read;
    }

    private static List<String> decode(List<byte[]> arguments) {
        List<String> decoded = new ArrayList<>();
        for (byte[] argument : arguments) {
            decoded.add(FileNameEncoding.decode(argument));
        }
        return decoded;
    }

    /** The arguments of a process. During an exec, when they are empty, retries for 50 ms at most, but not on a reactor's thread. */
    static List<String> settled(int pid) {
        long start = System.nanoTime();
        List<String> arguments = ProcessTable.command(pid);
        while (arguments.isEmpty() && System.nanoTime() - start < LIMIT_NANOS && mayWait() && isRunning(pid)) {
            LockSupport.parkNanos(PAUSE_NANOS);
            arguments = ProcessTable.command(pid);
        }
        return arguments;
    }

    private static boolean mayWait() {
        return !LoopThread.isCurrent() && !Thread.currentThread().isInterrupted();
    }

    private static boolean isRunning(int pid) {
        try {
            return ProcessTable.find(pid).filter(entry -> !entry.isZombie()).isPresent();
        } catch (IOException unseen) {
            return false;
        }
    }
}
