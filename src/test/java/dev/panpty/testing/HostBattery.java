package dev.panpty.testing;

import static dev.panpty.testing.FullHost.check;

import dev.panpty.ExitStatus;
import dev.panpty.PtyLimits;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.SpawnException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Uses of the library that must work in every JVM, whatever state it inherits from its parent. */
public final class HostBattery implements ForkedJvm.Body {

    private static final int TERMINAL_FIELD = 4;
    private static final int TIMES = 5;
    private static final int PIPES = 100;
    /** Free descriptors that the other checks need. */
    private static final long SPARE = 30;

    @Override
    public void run(String[] arguments) throws Throwable {
        exits(); // first, before any other code uses SIGCHLD
        Leaks.none(() -> {
            RealUse.all();
            output();
            child();
            keys();
            failures();
            terminals();
        });
        ownStdio();
    }

    private static void exits() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            try (PtyProcess process = PtyProcess.start("sh", "-c", "exit 7")) {
                check(process.waitFor() == 7, process);
            }
            try (PtyProcess process = PtyProcess.start("sh", "-c", "kill -9 $$")) {
                check(process.waitFor() == 137, process);
                check(process.exitStatus().orElseThrow() instanceof ExitStatus.Signaled, process);
            }
        }
    }

    private static void output() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            String numbers = Programs.output("seq", "1", "1000");
            check(numbers.endsWith("\r\n999\r\n1000\r\n") && numbers.length() == 4893, numbers);
        }
    }

    private static void child() throws Exception {
        String status = Programs.output("cat", Proc.path("self", "status").toString());
        check(status.contains("SigBlk:\t0000000000000000"), status);
        check(status.contains("SigIgn:\t0000000000000000"), status);
        List<int[]> inheritable = inheritable();
        try (PtyProcess process = Programs.settled()) {
            check(Descriptors.of(process.pid()).keySet().toString().equals("[0, 1, 2]"), Descriptors.of(process.pid()));
        } finally {
            inheritable.forEach(Libc::close);
        }
        String terminal = Programs.output("sh", "-c", "tty; stty size; exec 3</dev/tty && echo own");
        check(terminal.matches("/dev/pts/\\d+\r\n24 80\r\nown\r\n"), terminal);
    }

    /** Descriptors that a child would inherit: as many as the limit permits, and one with the highest number. */
    private static List<int[]> inheritable() throws IOException {
        List<int[]> inheritable = new ArrayList<>();
        long limit = PtyLimits.current().maxDescriptors();
        long free = limit - Descriptors.own().size() - SPARE;
        for (int i = 0; i < Math.min(PIPES, free / 2); i++) {
            inheritable.add(Libc.inheritablePipe());
        }
        int highest = (int) Math.min(limit, Integer.MAX_VALUE) - 1;
        check(Libc.inheritableCopy(inheritable.getFirst()[0], highest) == highest, highest);
        inheritable.add(new int[] {highest});
        return inheritable;
    }

    private static void keys() throws Exception {
        Map<String, String> keys = Map.of("\3", "INT", "\34", "QUIT", "\32", "TSTP");
        for (Map.Entry<String, String> key : keys.entrySet()) {
            String script = "trap 'echo caught; exit 5' " + key.getValue() + "; echo ready; while :; do sleep 0.02; done";
            try (Screen screen = new Screen(PtyProcess.start("sh", "-c", script))) {
                screen.await("ready").type(key.getKey()).await("caught");
                check(screen.awaitExit() == 5, screen.text());
            }
        }
    }

    private static void failures() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            SpawnException failed = FullHost.failure(new PtyProcessBuilder("/nowhere/at/all"));
            check(failed.errnoName().equals("ENOENT") && failed.culprit().equals("/nowhere/at/all"), failed);
        }
    }

    /** Opening and closing terminals neither gives this process a controlling terminal nor sends it SIGHUP. */
    private static void terminals() throws Exception {
        String before = Children.ofThis()[TERMINAL_FIELD];
        List<PtyProcess> processes = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            processes.add(PtyProcess.start("cat"));
        }
        String after = Children.ofThis()[TERMINAL_FIELD];
        check(before.equals(after), "controlling terminal " + after + " in place of " + before);
        processes.forEach(PtyProcess::close);
        check(processes.stream().allMatch(process -> process.exitValue() == 129), processes);
    }

    /** If 0, 1 and 2 were closed, the library uses none of these numbers. */
    private static void ownStdio() throws IOException {
        Map<Integer, String> own = Descriptors.of("self");
        for (int number = 0; number < 3; number++) {
            String target = own.getOrDefault(number, "");
            check(!target.contains("ptmx") && !target.contains("eventpoll") && !target.contains("pidfd"), own);
            check(!target.contains("eventfd"), own);
        }
    }
}
