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
 * Ends every process of two sessions: the child's, and the one that has the terminal as its controlling terminal. As a rule they are the
 * same. After login(1) they differ: it gives up the terminal, and the shell that it starts takes the terminal for a session of its own.
 *
 * <pre>
 *   SIGHUP --half the grace time--> SIGTERM --the other half--> SIGKILL --a second after it--> report: the remaining members are survivors
 *   SIGHUP, SIGTERM, SIGKILL --no member is left--> search for other holders of the terminal --done, or that second is over--> report
 * </pre>
 *
 * <p>SIGHUP and SIGTERM are followed by SIGCONT. Without a grace time SIGKILL is the first signal. Everything runs on the caller's thread,
 * which waits. The signals need {@code /proc/PID/stat} only. The search reads the descriptors of all other processes, which takes long:
 * it comes last, and only if some process still holds the terminal.
 *
 * <p>A pidfd holds each member while it is signalled and waited for. Its membership is checked again once it is held, since its number
 * may have passed to another process before.
 */
public final class SessionTermination {

    private static final long AFTER_GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(10); // for a signal to take effect, also after the deadline
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final long MOST_GRACE_NANOS = Long.MAX_VALUE / 4;

    private final TerminalProcess process;
    private final TerminalHolders holders;
    private final List<Session> sessions = new ArrayList<>();
    /** Members and their descendants. */
    private final Set<Identity> family = new HashSet<>();
    private List<Entry> last = List.of();

    public SessionTermination(TerminalProcess process) throws IOException {
        this.process = process;
        holders = new TerminalHolders(process.ptmx());
        long now = ProcessTable.nowTicks();
        sessions.add(new Session(process.pid(), now - ticksSinceReap(), holders::isHolder));
        int owner = process.ptmx().session(); // now: TIOCGSID fails once the session's leader has exited
        if (owner > 0 && owner != process.pid()) {
            sessions.add(new Session(owner, now, holders::isHolder));
        }
    }

    /** Hundredths of a second since the child was reaped, rounded down; 0 if it is not reaped. */
    private long ticksSinceReap() {
        Optional<WaitStatus> outcome = process.outcome();
        return outcome.isPresent() ? (System.nanoTime() - outcome.get().atNanos()) / NANOS_PER_TICK : 0;
    }

    /**
     * The outcome.
     *
     * @param survivors members that have not exited
     * @param left processes that had left the session before, and holders of the terminal outside it; they were not signalled
     * @param cutShort whether the time was over before every process was searched for the terminal
     */
    public record Report(List<Entry> survivors, List<Entry> left, boolean cutShort) {}

    public Report run(long graceNanos) throws IOException, InterruptedException {
        long grace = Math.max(Math.min(graceNanos, MOST_GRACE_NANOS), 0);
        long bound = System.nanoTime() + grace + AFTER_GRACE_NANOS;
        List<Entry> members = listMembers();
        if (grace > 0) {
            members = signal(SignalNumber.SIGHUP, members, System.nanoTime() + grace / 2);
            members = signal(SignalNumber.SIGTERM, members, earlier(System.nanoTime() + grace / 2, bound - AFTER_GRACE_NANOS / 2));
        }
        members = signal(SignalNumber.SIGKILL, members, bound);
        List<Entry> left = new ArrayList<>(left(members));
        boolean cutShort = !(members.isEmpty() ? holders.addTo(left, last, bound) : holders.areNone());
        return new Report(members, List.copyOf(left), cutShort);
    }

    /** Where listing the processes takes long, the grace time is shortened by as much, so that SIGKILL is not late. */
    private static long earlier(long nanoTime, long other) {
        return nanoTime - other < 0 ? nanoTime : other;
    }

    /** Signals these members, and those that join later, until no member is left or the deadline is reached; returns the members left. */
    private List<Entry> signal(int signal, List<Entry> first, long deadline) throws IOException, InterruptedException {
        Set<Identity> signalled = new HashSet<>();
        List<Entry> members = first;
        do {
            if (members.isEmpty()) {
                return members;
            }
            try (HeldProcesses held = new HeldProcesses(process.loop())) {
                members.forEach(held::hold);
                held.keep(confirmed());
                held.signal(signal, signalled);
                held.awaitEnd(Math.max(deadline - System.nanoTime(), LEAST_NANOS));
            }
            members = listMembers();
        } while (System.nanoTime() - deadline < 0);
        return members;
    }

    /** The members now. */
    private List<Entry> listMembers() throws IOException, InterruptedException {
        boolean reaped = process.exited().isReached();
        long ticks = ProcessTable.nowTicks();
        last = withHiddenChild(SharedProcessList.take());
        List<Entry> members = members(last, ticks, reaped);
        follow(members);
        return members;
    }

    /** The listed members that still are members, now that pidfds hold them. */
    private Set<Identity> confirmed() throws IOException {
        boolean reaped = process.exited().isReached();
        long ticks = ProcessTable.nowTicks();
        List<Entry> now = new ArrayList<>();
        for (Entry entry : last) {
            if (sessions.stream().anyMatch(session -> session.isNamedBy(entry))) {
                ProcessTable.find(entry.pid()).ifPresent(now::add);
            }
        }
        return members(withHiddenChild(now), ticks, reaped).stream().map(Entry::identity).collect(Collectors.toSet());
    }

    /** With the child, if it has not exited and is not among them: /proc may hide it, see hidepid in proc(5). */
    private List<Entry> withHiddenChild(List<Entry> visible) {
        int pid = process.pid();
        if (visible.stream().anyMatch(entry -> entry.pid() == pid) || process.child().hasExited()) {
            return visible;
        }
        List<Entry> all = new ArrayList<>(visible);
        all.add(new Entry(pid, "", 'S', 0, pid, pid, 1, 0, false)); // it leads its session; nothing else is known of it
        return all;
    }

    /** @param reaped whether the child was reaped before the processes were listed: a process of its number is then another one */
    private List<Entry> members(List<Entry> entries, long ticks, boolean reaped) {
        boolean isStrangers = reaped && entries.stream().anyMatch(entry -> entry.pid() == process.pid());
        return sessions.stream()
                .filter(session -> !isStrangers || session != sessions.getFirst())
                .flatMap(session -> session.members(entries, ticks).stream())
                .toList();
    }

    /** Adds the members to the family, then every process whose parent is in it. */
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

    /** The processes of the family that have not exited and are no members. */
    private List<Entry> left(List<Entry> members) {
        Set<Identity> survivors = members.stream().map(Entry::identity).collect(Collectors.toSet());
        return last.stream().filter(entry -> isFamily(entry) && !entry.isZombie() && !survivors.contains(entry.identity())).toList();
    }
}
