package dev.panpty.internal.process;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.loop.Member;
import java.util.ArrayList;
import java.util.List;

/** Several processes at once. */
public final class TerminalProcesses {

    private TerminalProcesses() {}

    /** The processes of a loop that have started and not ended. Any thread. */
    public static List<TerminalProcess> startedOn(EventLoop loop) {
        List<TerminalProcess> processes = new ArrayList<>();
        for (Member member : loop.members().started()) { // a lambda here would be linked when there may be no memory for it
            if (member instanceof TerminalProcess process) {
                processes.add(process);
            }
        }
        return processes;
    }

    /** Ends the processes by {@link KillSequence}, all at the same time, and waits. Idempotent; not on a loop's thread. */
    public static void close(List<TerminalProcess> processes) throws InterruptedException {
        List<KillSequence> endings = new ArrayList<>();
        for (TerminalProcess process : processes) {
            process.sides().endDelivery();
            endings.add(process.kill());
        }
        KillSequence.run(endings);
    }
}
