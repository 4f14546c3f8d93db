package dev.panpty.internal.process;

import dev.panpty.internal.sys.ProcessTable.Entry;
import dev.panpty.internal.sys.ProcessTable.Identity;
import dev.panpty.internal.sys.ProcessTable;
import dev.panpty.internal.sys.SharedProcessList;
import dev.panpty.internal.sys.SignalNumber;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Ends every process of the session that has the terminal and of the child's, which may be two: login(1) gives up the terminal, and what it
 * starts takes it for a session of its own.
 *
 * <pre>
 *   SIGHUP --half the grace time--> SIGTERM --the other half--> SIGKILL --the rest of a second--> survivors
 *   any of these --no member is left--> the terminal's other holders --until the end of that second--> report
 * </pre>
 *
 * <p>Each signal but the last is followed by SIGCONT. On the caller's thread, which waits. What is read before the last signal is
 * {@code /proc/PID/stat} alone; the descriptors of processes outside the sessions are looked at last, if anybody still holds the terminal.
 *
 * <p>Each member is held by a pidfd while it is signalled and waited for, and looked at again once it is held.
 */
public final class SessionTermination {

    private static final long AFTER_GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(10); // for a signal to take effect, also where the time is over
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final long MOST_GRACE_NANOS = Long.MAX_VALUE / 4;

    private final TerminalProcess process;
    private final TerminalHolders holders;
    private final List<Session> sessions = new ArrayList<>();
    /** Members, and who descends from one. */
    private final Set<Identity> family = new HashSet<>();
    private List<Entry> last = List.of();

    public SessionTermination(TerminalProcess process) throws IOException {
        this.process = process;
        holders = new TerminalHolders(process.ptmx());
        long now = ProcessTable.nowTicks();
        sessions.add(new Session(process.pid(), now - ticksSinceReap(), holders::isHolder));
        int owner = process.ptmx().session(); // now: it cannot be told once its leader has ended
        if (owner > 0 && owner != process.pid()) {
            sessions.add(new Session(owner, now, holders::isHolder));
        }
    }

    /** How long ago the child was reaped, in hundredths of a second, rounded down; 0 if it was not. */
    private long ticksSinceReap() {
        Optional<WaitStatus> outcome = process.outcome();
        return outcome.isPresent() ? (System.nanoTime() - outcome.get().atNanos()) / NANOS_PER_TICK : 0;
    }

    /**
     * What became of it.
     *
     * @param survivors members that are still there
     * @param left those that had left the session before, and were left alone
     * @param cutShort whether there was no time to look at all that may hold the terminal
     */
    public record Report(List<Entry> survivors, List<Entry> left, boolean cutShort) {}

    public Report run(long graceNanos) throws IOException, InterruptedException {
        long grace = Math.max(Math.min(graceNanos, MOST_GRACE_NANOS), 0);
        long bound = System.nanoTime() + grace + AFTER_GRACE_NANOS;
        List<Entry> members = look();
        if (grace > 0) {
            members = signal(SignalNumber.SIGHUP, members, System.nanoTime() + grace / 2);
            members = signal(SignalNumber.SIGTERM, members, earlier(System.nanoTime() + grace / 2, bound - AFTER_GRACE_NANOS / 2));
        }
        members = signal(SignalNumber.SIGKILL, members, bound);
        List<Entry> left = new ArrayList<>(left(members));
        boolean cutShort = !(members.isEmpty() ? holders.addTo(left, last, bound) : holders.areNone());
        return new Report(members, List.copyOf(left), cutShort);
    }

    /** Where a listing takes long the grace time is less by that, so that the last signal is not too late. */
    private static long earlier(long nanoTime, long other) {
        return nanoTime - other < 0 ? nanoTime : other;
    }

    /** Signals these members, and those that come later, until none is left or the time is over; those that are still there. */
    private List<Entry> signal(int signal, List<Entry> first, long deadline) throws IOException, InterruptedException {
        Set<Identity> signalled = new HashSet<>();
        List<Entry> members = first;
        do {
            if (members.isEmpty()) {
                return members;
            }
            try (HeldProcesses held = new HeldProcesses(process.loop())) {
                members.forEach(held::hold);
                held.keep(lookAgain());
                held.signal(signal, signalled);
                held.awaitEnd(Math.max(deadline - System.nanoTime(), LEAST_NANOS));
            }
            members = look();
        } while (System.nanoTime() - deadline < 0);
        return members;
    }

    /** The members now. */
    private List<Entry> look() throws IOException, InterruptedException {
        boolean reaped = process.exited().isReached();
        long ticks = ProcessTable.nowTicks();
        last = SharedProcessList.take();
        List<Entry> members = members(last, ticks, reaped);
        follow(members);
        return members;
    }

    /** Those of them that are still members once they are held. */
    private Set<Identity> lookAgain() throws IOException {
        boolean reaped = process.exited().isReached();
        long ticks = ProcessTable.nowTicks();
        List<Entry> now = new ArrayList<>();
        for (Entry entry : last) {
            if (sessions.stream().anyMatch(session -> session.isNamedBy(entry))) {
                ProcessTable.find(entry.pid()).ifPresent(now::add);
            }
        }
        return members(now, ticks, reaped).stream().map(Entry::identity).collect(Collectors.toSet());
    }

    /** @param reaped whether the child was, before the processes were looked at: its number is then another's */
    private List<Entry> members(List<Entry> entries, long ticks, boolean reaped) {
        boolean isStrangers = reaped && entries.stream().anyMatch(entry -> entry.pid() == process.pid());
        return sessions.stream()
                .filter(session -> !isStrangers || session != sessions.getFirst())
                .flatMap(session -> session.members(entries, ticks).stream())
                .toList();
    }

    /** Adds the members to the family, and of the others all that have a parent in it. */
    private void follow(List<Entry> members) {
        members.forEach(member -> family.add(member.identity()));
        Set<Integer> parents = last.stream().filter(this::isFamily).map(Entry::pid).collect(Collectors.toSet());
        boolean grown;
        do {
            grown = false;
            for (Entry entry : last) {
                grown |= parents.contains(entry.parent()) && family.add(entry.identity()) && parents.add(entry.pid());
            }
        } while (grown);
    }

    private boolean isFamily(Entry entry) {
        return family.contains(entry.identity());
    }

    /** Of the family, who is there and no member. */
    private List<Entry> left(List<Entry> members) {
        Set<Identity> survivors = members.stream().map(Entry::identity).collect(Collectors.toSet());
        return last.stream().filter(entry -> isFamily(entry) && !entry.isZombie() && !survivors.contains(entry.identity())).toList();
    }
}
