package dev.panpty.internal.process;

import java.util.StringTokenizer;

/**
 * Loads and initializes, before the first child, the classes whose first use may come when the JVM is out of memory. A static initializer
 * that fails for lack of memory never runs again, and every later use of its class throws NoClassDefFoundError. The loop must survive
 * without loading a class. Classes are given by name, since most are not visible from this package.
 */
public final class Initializers {

    /**
     * What processes need after their start; {@code InitializersTest} compares the list with what running processes initialize. Classes
     * that a process initializes when it is created, before its child, are not in it.
     */
    private static final String CLASSES = """
            internal.loop.Reports internal.loop.CallbackQueue$Work internal.loop.CommandQueue$Receipt internal.loop.EventLoop$1
            internal.process.ByteQueue$Chunk internal.process.NoData internal.process.Readiness internal.process.TerminalSides$Cause
            internal.process.WaitStatus ExitStatus$Exited ExitStatus$Signaled ProcessTransport$State Signal SpawnException$Step
            internal.stream.OutputReads$1 internal.sys.Descriptor$Rarely internal.sys.Errno internal.sys.ProcessTable
            internal.sys.Ptmx$Control internal.sys.PtsControl$Calls internal.sys.ShortWait internal.sys.SignalNumber
            """;

    private static final String PREFIX = "dev.panpty.";

    private static volatile boolean run;

    private Initializers() {}

    /** Any thread, once native access is granted; after the first success it costs a volatile read. */
    public static void run() {
        if (run) {
            return;
        }
        StringTokenizer names = new StringTokenizer(CLASSES);
        while (names.hasMoreTokens()) {
            try {
                Class.forName(PREFIX + names.nextToken(), true, Initializers.class.getClassLoader());
            } catch (ClassNotFoundException renamed) {
                continue; // by a tool that shrinks jars: it is then initialized at its first use
            }
        }
        run = true;
    }
}
