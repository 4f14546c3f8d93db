package dev.panpty;

import java.util.StringTokenizer;

/**
 * Has classes ready before they are needed, by name, since most are not to be seen from here.
 *
 * <p>Those that a JVM's first start runs through it loads and links on a thread of its own, while the one that starts is busy in the JVM's
 * linker of downcalls, see {@link dev.panpty.internal.sys.Downcall}. That thread initializes none of them, so no initializer of theirs
 * waits for another, and it is a help and no more: whoever needs a class that is not there loads it, as ever.
 *
 * <p>Those whose initializers would run later in the life of a process, the first start initializes itself, before there is a child: an
 * initializer that has found no memory can never run again, and whoever needs its class from then on would get a NoClassDefFoundError.
 */
final class Preload extends Thread {

    /** What processes need initialized after their start; {@code PreloadTest} holds this against such lives. */
    static final String INITIALIZED = """
            Signal SpawnException$Step ProcessTransport$State ProtocolListener internal.sys.Errno internal.sys.SignalNumber internal.sys.Descriptor$Rarely
            internal.sys.Ptmx$Control internal.sys.ShortWait internal.sys.ProcessTable internal.loop.CommandQueue$Receipt
            internal.loop.EventLoop$1 internal.process.NoData internal.stream.OutputReads$1
            internal.event.EventReader internal.event.PendingInput internal.event.WriteQueue internal.event.QueuedInput$State internal.event.QueuedInput$Last internal.event.EventProcess$Told
            internal.event.EventReader$Delivery internal.event.EventReader$Phase
            internal.event.GracefulClose$State internal.sys.PtsControl$Calls
            """;

    /** The others, in the order in which they are needed from the link on. {@code PreloadTest} holds both against what a start links. */
    static final String CLASSES = """
            PtyProcess internal.process.TerminalProcess internal.stream.StreamReader$Owner internal.stream.StreamProcess ExitStatus
            internal.spawn.Environment internal.spawn.Environment$Inherited internal.sys.Environ internal.sys.FileNameEncoding internal.sys.NativeBlock
            internal.sys.Scratch internal.spawn.Environment$Variable internal.spawn.ChildSettings Reactor internal.sys.Pidfd
            internal.sys.Descriptor internal.sys.Result internal.sys.ChildSignal internal.process.Unreachable internal.loop.EventLoop
            internal.sys.Epoll internal.sys.EventFd internal.loop.LoopThread internal.loop.EventLoop$Turns internal.loop.Poller
            internal.loop.Resync internal.loop.Slices internal.loop.Reports
            internal.loop.RegistrationTable internal.loop.Registration internal.loop.Registration$State internal.loop.Registration$Handler
            internal.process.Child$Owner internal.process.KillSequence$Owner internal.process.InputStyle
            internal.process.EndOfOutput$Owner internal.process.EndOfOutput internal.process.TerminalSides
            internal.process.TerminalKeys internal.process.Signals internal.process.Readiness internal.loop.Timers internal.loop.Callbacks internal.loop.Members
            internal.loop.CommandQueue internal.loop.AdaptiveInterest internal.loop.BufferPool internal.loop.CallbackThreads internal.loop.CallbackQueue internal.loop.ShutdownHook
            internal.event.EventProcess$Limits Launch internal.event.Listener WindowSize
            TerminalAttributes TerminalAttributes$Flag internal.sys.Termios internal.sys.Ptmx internal.sys.PtsControl
            TerminalSettings internal.sys.Ptmx$Size internal.spawn.SpawnRequest internal.spawn.Strategies
            internal.spawn.Spawner internal.spawn.PosixSpawn internal.spawn.ForkExec internal.sys.SpawnActions
            internal.sys.Directory internal.spawn.Strategies$Choice internal.sys.FileIdentity
            internal.sys.SpawnActions$Calls internal.sys.SpawnActions$Optionally internal.spawn.SpawnFailure
            internal.spawn.Diagnosis internal.spawn.Candidates internal.spawn.TextBusyRetry internal.sys.ChildProcess
            internal.loop.Members$State internal.loop.Member
            internal.process.TerminalProcess$Start internal.process.Channel internal.process.PtmxChannel
            internal.process.WriteSide internal.process.ReadSide internal.stream.Turn internal.stream.RoomWait internal.stream.TerminalInput internal.stream.StreamWriter
            internal.stream.TerminalOutputStream internal.stream.TerminalInputStream internal.process.Stage internal.process.Child
            internal.process.WaitStatus internal.process.KillSequence
            internal.stream.StreamReader internal.stream.OutputState internal.stream.OutputState$Output
            internal.stream.OutputState$Delivery internal.stream.OutputReads internal.stream.Waiters internal.stream.ReadAhead
            internal.process.ByteQueue internal.stream.StreamWriter$State internal.process.Source internal.process.LineGuard
            PartialWriteException PartialWriteException$1 internal.process.PartialWrites internal.process.TypedLine
            internal.process.KernelLine internal.sys.LineMode ChildArguments LiveTerminal ProcessExitedException PtyProcess$Streams
            internal.process.Unreachable$HangUp ExitStatus$Exited ProcessProtocol ProtocolListener$1
            """;

    private static volatile boolean begun;
    private static volatile boolean initialized;

    private Preload() {
        super(null, null, "panpty-preload", 0, false);
        setContextClassLoader(ClassLoader.getSystemClassLoader());
        setDaemon(true);
    }

    /** Any thread may call; the first call begins, and two at once do no harm. */
    static void begin() {
        if (begun) {
            return;
        }
        begun = true;
        try {
            new Preload().start();
        } catch (OutOfMemoryError noThread) {
            return; // the start that follows will say what it lacks, if it does
        }
    }

    /** Any thread may call, once native access is granted; after the first success it costs a look. */
    static void initialize() {
        if (!initialized) {
            prepare(INITIALIZED, true);
            initialized = true;
        }
    }

    @Override
    public void run() {
        try {
            prepare(INITIALIZED, false);
            prepare(CLASSES, false);
        } catch (LinkageError | OutOfMemoryError failed) {
            return; // who needs the class meets it again, and can say so
        }
    }

    private static void prepare(String classes, boolean initialize) {
        String prefix = Preload.class.getPackageName().concat("."); // no "+", which needs the linker
        StringTokenizer names = new StringTokenizer(classes);
        while (names.hasMoreTokens()) {
            String name = prefix.concat(names.nextToken());
            try {
                Class<?> type = Class.forName(name, initialize, Preload.class.getClassLoader());
                if (!initialize) {
                    type.getDeclaredConstructors(); // the JVM links what is looked into so; nothing else asks for that alone
                }
            } catch (ClassNotFoundException renamed) {
                continue; // by a tool that makes jars small: then it is done when it is needed, as ever
            }
        }
    }
}
