package dev.panpty.faults;

import dev.panpty.Pty;
import dev.panpty.PtyProcess;
import dev.panpty.Reactor;
import dev.panpty.SpawnException;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Libc;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The JVM in which scenarios run while their system calls are made to fail. It reads commands from standard input, a line each, and answers
 * on standard output:
 *
 * <pre>
 *   begin SCENARIO   ready TID TID N    the thread that will run it, the reactor's, and the number of an unused pts
 *   go               result TEXT        or: hang TEXT, with the stacks of all threads
 *   close N          (nothing)          while it runs: strace has kept close(2) from closing this
 *   over             clean              nothing is left behind and the next start is undisturbed; or: dirty TEXT
 * </pre>
 */
public final class FaultyJvm implements ForkedJvm.Body {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_MILLIS = 5;

    private final BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
    private final ExecutorService starter = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("starter").factory());

    @Override
    public void run(String[] arguments) throws Throwable {
        starter.submit(Scenario.FORK_EXEC::run).get(); // creates what lives as long as the JVM: the reactor, the trampoline
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            Scenario scenario = Scenario.valueOf(line.split(" ")[1]);
            try {
                Leaks.noneByKind(() -> one(scenario));
                say("clean", "");
            } catch (Exception | AssertionError failed) {
                say("dirty", trace(failed));
            }
        }
        starter.shutdown();
    }

    private void one(Scenario scenario) throws Exception {
        say("ready", starter.submit(Libc::threadId).get() + " " + reactorThreadId() + " " + lowestFreePts());
        expect("go");
        Future<String> running = starter.submit(() -> outcome(scenario));
        long start = System.nanoTime();
        for (;;) {
            try {
                say("result", running.get(LOOK_MILLIS, TimeUnit.MILLISECONDS));
                break;
            } catch (TimeoutException notYet) {
                if (System.nanoTime() - start > LIMIT_NANOS) {
                    say("hang", stacks());
                    break;
                }
            }
            while (commands.ready()) {
                Libc.close(Integer.parseInt(expect("close").split(" ")[1]));
            }
        }
        String line = commands.readLine();
        while (line.startsWith("close ")) {
            Libc.close(Integer.parseInt(line.split(" ")[1]));
            line = commands.readLine();
        }
        nextStartIsUndisturbed();
    }

    private static String lowestFreePts() throws IOException {
        try (Pty pty = Pty.open()) {
            return pty.ptsName().substring("/dev/pts/".length());
        }
    }

    private static int reactorThreadId() throws Exception {
        CompletableFuture<Integer> id = new CompletableFuture<>();
        Reactor.shared().execute(() -> id.complete(Libc.threadId()));
        return id.get();
    }

    private static String outcome(Scenario scenario) {
        try {
            return scenario.run();
        } catch (SpawnException typed) {
            return Outcome.THROWN + "SpawnException " + typed.step() + ": " + typed.getMessage();
        } catch (IOException typed) {
            return Outcome.THROWN + typed;
        } catch (Throwable wrong) {
            return trace(wrong);
        }
    }

    private static Void nextStartIsUndisturbed() throws Exception {
        try (PtyProcess process = PtyProcess.start("echo", "next")) {
            String output = new String(process.getInputStream().readAllBytes());
            int exit = process.waitFor();
            if (!output.equals("next\r\n") || exit != 0) {
                throw new AssertionError("the next start: " + output + " " + exit);
            }
        }
        return null;
    }

    private String expect(String command) throws IOException {
        String line = commands.readLine();
        if (line == null || !line.startsWith(command)) {
            throw new AssertionError("expected " + command + ", was " + line);
        }
        return line;
    }

    private static void say(String word, String text) {
        System.out.println(word + " " + text.replace("\r", "").replace("\n", " | "));
        System.out.flush();
    }

    private static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace, true));
        return trace.toString();
    }

    private static String stacks() {
        StringBuilder stacks = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces().entrySet()) {
            stacks.append(thread.getKey()).append(Arrays.toString(thread.getValue())).append("\n");
        }
        return stacks.toString();
    }
}
