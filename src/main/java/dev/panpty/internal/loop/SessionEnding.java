package dev.panpty.internal.loop;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Pidfd;
import dev.panpty.internal.sys.ProcessTable;
import dev.panpty.internal.sys.ProcessTable.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends every process of a terminal's session, not only its leader: SIGHUP, half the grace time, SIGTERM, the other half, SIGKILL; each
 * but the last followed by SIGCONT. On the caller's thread, which waits.
 *
 * <p>A member is one whose session is the leader's number. The kernel gives that number to nobody else while the leader is not reaped,
 * nor after that as long as a member is left; should all be gone and the number have come to a stranger, then that is a live process, or
 * its session has begun after the reap: either is left alone. Each member is held by a pidfd while it is signalled and waited for, and
 * looked at again once held.
 */
public final class SessionEnding {

    private static final long AFTER_KILL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TerminalProcess process;
    private final String pts;
    /** Until when a member has begun for certain: the leader's reap, or now. */
    private final long reapedTicks;

    public SessionEnding(TerminalProcess process) throws IOException {
        this.process = process;
        pts = process.ptmx().ptsPath();
        reapedTicks = ProcessTable.nowTicks() - process.ticksSinceReap();
    }

    /**
     * What became of it.
     *
     * @param survivors members that are still there
     * @param left those that had left the session before, and were left alone
     */
    public record Report(List<Entry> survivors, List<Entry> left) {}

    public Report run(long graceNanos) throws IOException, InterruptedException {
        Set<Entry> left = new HashSet<>(left());
        if (graceNanos > 0) {
            signalAndWait(Linux.SIGHUP(), graceNanos / 2);
            signalAndWait(Linux.SIGTERM(), graceNanos / 2);
        }
        List<Entry> survivors = signalAndWait(Linux.SIGKILL(), AFTER_KILL_NANOS);
        for (Entry entry : List.copyOf(left)) {
            if (ProcessTable.find(entry.pid()).isEmpty()) {
                left.remove(entry);
            }
        }
        return new Report(survivors, List.copyOf(left));
    }

    /** Signals all members, new ones too, until none is left or the time since the first of these is over; those that are still there. */
    private List<Entry> signalAndWait(int signal, long nanos) throws IOException, InterruptedException {
        Set<Integer> signalled = new HashSet<>();
        long deadline = 0;
        for (boolean begun = false; ; begun = true) {
            List<Entry> members = members(); // this may take long on a busy machine: the time does not begin before it
            if (members.isEmpty() || begun && System.nanoTime() - deadline >= 0) {
                return members;
            }
            try (Held held = new Held(members)) {
                held.signal(signal, signalled);
                if (!begun) {
                    deadline = System.nanoTime() + nanos;
                }
                held.await(deadline - System.nanoTime());
            }
        }
    }

    private List<Entry> members() throws IOException {
        if (process.exited().isReached() && ProcessTable.find(process.pid()).isPresent()) {
            return List.of(); // the number is somebody else's now
        }
        return ProcessTable.list().stream().filter(this::isMember).toList();
    }

    private boolean isMember(Entry entry) {
        boolean ours = !process.exited().isReached() || entry.startTicks() <= reapedTicks || holdsTerminal(entry);
        return entry.session() == process.pid() && ours && !entry.isZombie();
    }

    /** Whether it has the pts open. Once the ptmx is closed, the pts of that name is somebody else's. */
    private boolean holdsTerminal(Entry entry) {
        Descriptor ptmx = process.ptmx().descriptor();
        if (!ptmx.acquire()) {
            return false;
        }
        try {
            return ProcessTable.holds(entry.pid(), pts);
        } finally {
            ptmx.release();
        }
    }

    /** Who is not in the session, but descends from it or holds the terminal. */
    private List<Entry> left() throws IOException {
        List<Entry> all = ProcessTable.list();
        Set<Integer> family = new HashSet<>();
        if (!process.exited().isReached()) {
            family.add(process.pid()); // else it has no children any more, and the number may be a stranger's
        }
        all.stream().filter(this::isMember).forEach(entry -> family.add(entry.pid()));
        boolean grown;
        do {
            grown = false;
            for (Entry entry : all) {
                grown |= family.contains(entry.parent()) && family.add(entry.pid());
            }
        } while (grown);
        return all.stream()
                .filter(entry -> !isMember(entry) && !entry.isZombie())
                .filter(entry -> entry.pid() != process.pid() && entry.pid() != ProcessHandle.current().pid())
                .filter(entry -> family.contains(entry.pid()) || holdsTerminal(entry))
                .toList();
    }

    /** Members held by pidfd, and told of by the loop when they end. */
    private final class Held implements AutoCloseable {

        private final List<Member> members = new ArrayList<>();
        private final CountDownLatch anyEnded = new CountDownLatch(1);

        private record Member(int pid, Watch watch) {}

        Held(List<Entry> entries) throws IOException {
            for (Entry entry : entries) {
                Descriptor.Opened pidfd = Pidfd.open(entry.pid());
                if (pidfd.failed()) {
                    continue; // it has ended; or there is no descriptor left, and the next round sees it again
                }
                boolean still = ProcessTable.find(entry.pid()).filter(SessionEnding.this::isMember).isPresent();
                if (!still) {
                    pidfd.descriptor().close();
                    continue;
                }
                members.add(new Member(entry.pid(), new Watch(process.loop(), pidfd.descriptor()) {
                    @Override
                    void ready(int readiness) {
                        anyEnded.countDown();
                    }
                }));
            }
        }

        void signal(int signal, Set<Integer> signalled) {
            for (Member member : members) {
                if (signalled.add(member.pid)) {
                    Pidfd.signal(member.watch.descriptor(), signal);
                    if (signal != Linux.SIGKILL()) {
                        Pidfd.signal(member.watch.descriptor(), Linux.SIGCONT());
                    }
                }
            }
        }

        void await(long nanos) throws InterruptedException {
            members.forEach(member -> member.watch.arm(Epoll.IN));
            anyEnded.await(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void close() {
            members.forEach(member -> member.watch.close());
        }
    }
}
