package dev.panpty.internal.process;

import java.util.StringTokenizer;

/**
 * Runs, before the first child, the static initializers that would run later in the life of a process: one that has found no memory can
 * never run again, and every later use of its class would throw NoClassDefFoundError. Classes are given by name, since most cannot be named
 * from here.
 */
public final class Initializers {

    /** What processes need initialized after their start; {@code InitializersTest} compares this with such lives. */
    private static final String CLASSES = """
            ProcessTransport$State ProtocolListener Signal SpawnException$Step internal.event.EventProcess$Told
            internal.event.EventReader internal.event.EventReader$Delivery internal.event.EventReader$Phase
            internal.event.GracefulClose$State internal.event.PendingInput internal.event.QueuedInput$Last
            internal.event.QueuedInput$State internal.event.WriteQueue internal.loop.CommandQueue$Receipt internal.loop.EventLoop$1
            internal.process.NoData internal.stream.OutputReads$1 internal.sys.Descriptor$Rarely internal.sys.Errno
            internal.sys.ProcessTable internal.sys.Ptmx$Control internal.sys.PtsControl$Calls internal.sys.ShortWait
            internal.sys.SignalNumber
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
