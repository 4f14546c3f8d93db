package dev.panpty.internal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.NativeAccess;
import dev.panpty.internal.sys.ProcessTable.Entry;
import dev.panpty.internal.sys.ProcessTable;
import dev.panpty.internal.sys.Ptmx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The members of a session and the holders of its terminal, from entries of /proc. */
class SessionTest {

    private static final int NUMBER = 70;
    private static final long SINCE = 1000;

    private final Session session = new Session(NUMBER, SINCE, entry -> entry.name().equals("holder"));

    @BeforeAll
    static void link() {
        NativeAccess.require();
    }

    private static Entry entry(int pid, String name, char state, int session, long startTicks) {
        return new Entry(pid, name, state, 1, pid, session, 1, startTicks, false);
    }

    private List<Integer> members(long ticks, Entry... entries) {
        return session.members(List.of(entries), ticks).stream().map(Entry::pid).toList();
    }

    @Test
    void aProcessThatBeganInTimeIsAMemberAndAZombieIsNot() {
        assertEquals(List.of(70, 71), members(1001, entry(70, "sh", 'S', NUMBER, 900), entry(71, "job", 'T', NUMBER, 1000),
                entry(72, "gone", 'Z', NUMBER, 900), entry(73, "other", 'S', 73, 900)));
    }

    @Test
    void aProcessThatBeganLaterIsAMemberWhileAnotherExists() {
        assertEquals(List.of(75), members(2001, entry(70, "sh", 'Z', NUMBER, 900), entry(75, "late", 'S', NUMBER, 2000)));
    }

    @Test
    void membersThatFollowOneAnotherAreMembersAll() {
        assertEquals(List.of(75), members(2001, entry(71, "job", 'Z', NUMBER, 900), entry(75, "late", 'S', NUMBER, 2000)));
        assertEquals(List.of(76), members(3001, entry(75, "late", 'Z', NUMBER, 2000), entry(76, "later", 'S', NUMBER, 3000)));
        assertEquals(List.of(76, 77), members(3002, entry(76, "later", 'S', NUMBER, 3000), entry(77, "latest", 'S', NUMBER, 3002)));
    }

    @Test
    void aLaterSessionOfTheNumberHasNoMembersButHoldersOfTheTerminal() {
        assertEquals(List.of(), members(2001, entry(70, "stranger", 'S', NUMBER, 2000), entry(78, "child", 'S', NUMBER, 2001)));
        assertEquals(List.of(79), members(2001, entry(70, "stranger", 'S', NUMBER, 2000), entry(79, "holder", 'S', NUMBER, 2001)));
    }

    @Test
    void holdersAreFoundInTimeOrTheReportSaysThatTheScanWasCutShort() throws Exception {
        try (Ptmx ptmx = Ptmx.open().value()) {
            Descriptor pts = ptmx.openPts().value();
            Process holder = new ProcessBuilder("sh", "-c", "exec 3<>" + ptmx.ptsPath() + "; echo; read x").start();
            holder.getInputStream().read();
            TerminalHolders holders = new TerminalHolders(ptmx);
            List<Entry> found = new ArrayList<>();
            assertFalse(holders.areNone());
            assertFalse(holders.addTo(found, ProcessTable.list(), System.nanoTime()));
            assertEquals(List.of(), found);
            assertTrue(holders.addTo(found, ProcessTable.list(), System.nanoTime() + TimeUnit.SECONDS.toNanos(60)));
            assertEquals(List.of(holder.pid()), found.stream().map(entry -> (long) entry.pid()).toList());
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> holders.addTo(found, ProcessTable.list(), Long.MAX_VALUE));
            holder.destroyForcibly().waitFor();
            pts.close();
            assertTrue(holders.areNone());
        }
    }

    @Test
    void aSignalReachesOnlyMembersThatAreKept() throws Exception {
        EventLoop loop = EventLoop.open().value();
        List<Process> children = IntStream.range(0, 2).mapToObj(i -> start()).toList();
        try (HeldProcesses held = new HeldProcesses(loop)) {
            List<Entry> entries = new ArrayList<>();
            for (Process child : children) {
                entries.add(ProcessTable.find((int) child.pid()).orElseThrow());
            }
            entries.forEach(held::hold);
            held.keep(Set.of(entries.get(1).identity()));
            held.signal(9, new HashSet<>());
            held.awaitEnd(TimeUnit.SECONDS.toNanos(20));
            assertEquals(137, children.get(1).waitFor());
            assertTrue(children.get(0).isAlive());
        } finally {
            children.forEach(Process::destroyForcibly);
            loop.stop();
            loop.join();
        }
    }

    private static Process start() {
        try {
            return new ProcessBuilder("sleep", "1000").start();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
