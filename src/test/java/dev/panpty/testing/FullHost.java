package dev.panpty.testing;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.SpawnException;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** JVMs without free descriptors or terminals. */
public final class FullHost {

    private static final int TIMES = 50;

    private FullHost() {}

    public static void check(boolean holds, Object otherwise) {
        if (!holds) {
            throw new AssertionError(String.valueOf(otherwise));
        }
    }

    public static SpawnException failure(PtyProcessBuilder builder) throws SpawnException {
        PtyProcess started;
        try {
            started = builder.start();
        } catch (SpawnException failed) {
            return failed;
        }
        started.close();
        throw new AssertionError("started: " + started);
    }

    /** Opens descriptors until none is free. */
    private static Deque<FileInputStream> takeAll() throws IOException {
        Deque<FileInputStream> held = new ArrayDeque<>();
        for (;;) {
            try {
                held.push(new FileInputStream("/dev/null"));
            } catch (FileNotFoundException full) {
                return held;
            }
        }
    }

    private static void echo() throws IOException, InterruptedException {
        try (PtyProcess process = PtyProcess.start("echo", "hello")) {
            String output = new String(process.getInputStream().readAllBytes());
            check(output.equals("hello\r\n"), output);
            check(process.waitFor() == 0, process);
        }
    }

    /** With none, one, two ... free descriptors, until a start succeeds. */
    public static final class NoDescriptors implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Throwable {
            echo(); // loads all classes
            Leaks.none(() -> check(failure(new PtyProcessBuilder("/nowhere")).errnoName().equals("ENOENT"), "ENOENT"));
            Leaks.none(() -> {
                Deque<FileInputStream> held = takeAll();
                try {
                    int free = 0;
                    while (!starts()) {
                        held.pop().close();
                        free++;
                    }
                    check(free > 0 && free < 10, free + " descriptors were needed");
                } finally {
                    for (FileInputStream one : held) {
                        one.close();
                    }
                }
            });
            echo();
        }

        private static boolean starts() throws Exception {
            for (int i = 0; i < TIMES; i++) {
                try {
                    echo();
                    return true;
                } catch (SpawnException failed) {
                    check(failed.errnoName().equals("EMFILE"), failed);
                    check(failed.getMessage().contains("EMFILE"), failed);
                    check(failed.culprit().matches(".*[( ]descriptors 1[12]\\d of 120\\)"), failed);
                }
            }
            return false;
        }
    }

    /** No free descriptor at the first use of the library. */
    public static final class NoDescriptorsAtFirst implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Throwable {
            Deque<FileInputStream> held = takeAll();
            for (int free = 0; free < 12; free++) {
                SpawnException failed;
                try {
                    echo();
                    break;
                } catch (SpawnException expected) {
                    failed = expected;
                }
                check(failed.errnoName().equals("EMFILE"), failed);
                held.pop().close();
            }
            for (FileInputStream one : held) {
                one.close();
            }
            echo();
        }
    }

    /** Few terminals: see the mount option {@code max} of devpts. */
    public static final class NoTerminals implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Throwable {
            echo();
            Leaks.none(() -> {
                List<PtyProcess> held = new ArrayList<>();
                try {
                    while (held.size() < 3) {
                        held.add(PtyProcess.start("cat"));
                    }
                    Map<Integer, String> before = Descriptors.own();
                    for (int i = 0; i < TIMES; i++) {
                        SpawnException failed = failure(new PtyProcessBuilder("true"));
                        check(failed.errnoName().equals("ENOSPC"), failed);
                        check(failed.step() == SpawnException.Step.OPEN_TERMINAL, failed);
                        check(failed.culprit().matches("/dev/ptmx \\(terminals \\d+ of \\d+.*\\)"), failed);
                    }
                    check(before.equals(Descriptors.own()), Descriptors.own());
                    held.removeLast().close();
                    echo();
                } finally {
                    held.forEach(PtyProcess::close);
                }
            });
        }
    }

    /** There is no /dev/pts/N. */
    public static final class NoPath implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Throwable {
            Leaks.none(() -> {
                RealUse.all();
                try (PtyProcess process = PtyProcess.start("sh", "-c", "exec 3</dev/tty && echo has a terminal")) {
                    String output = new String(process.getInputStream().readAllBytes());
                    check(output.equals("has a terminal\r\n"), output);
                }
                try (PtyProcess process = Programs.settled()) {
                    check(Descriptors.of(process.pid()).keySet().toString().equals("[0, 1, 2]"), Descriptors.of(process.pid()));
                }
            });
        }
    }
}
