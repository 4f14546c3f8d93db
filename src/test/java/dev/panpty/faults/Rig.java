package dev.panpty.faults;

import dev.panpty.faults.Fault.Side;
import dev.panpty.faults.Fault.Use;
import dev.panpty.testing.ForkedJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes the library's calls fail in a {@link FaultyJvm}. strace is attached to one thread there for one scenario: first to record the calls
 * of the thread, then to make the n-th of them fail. The output of strace shows which call failed. If it was not the intended one, because
 * the JVM made such a call of its own or a read had to wait, the run is repeated.
 */
final class Rig implements AutoCloseable {

    private static final int TRIES = 40;
    private static final int WARM_UPS = 2;
    private static final int RECORDINGS = 3;
    private static final long LOOK_MILLIS = 2;
    /** Calls that the JVM makes on other files too, or a varying number of times, and that strace can select by the path. */
    private static final Map<String, String> PATHS = Map.of("openat ptmx", "/dev/ptmx", "read ptmx", "/dev/ptmx",
            "write ptmx", "/dev/ptmx", "close ptmx", "/dev/ptmx", "write eventfd", "anon_inode:[eventfd]");
    private static final String ALL = "?openat,?ioctl,?fcntl,?read,?write,?close,?epoll_create1,?epoll_ctl,?epoll_wait,?epoll_pwait,"
            + "?eventfd2,?pidfd_open,?pidfd_send_signal,?waitid,?wait4,?pipe2,?kill,?poll,?ppoll,?faccessat,?faccessat2,?fchown,?fchmod,?mmap,"
            + "?mprotect,?munmap,?rt_sigprocmask,?rt_sigaction,?prctl,?clone,?clone3,?vfork";
    private static final String CHILDS_FIRST = "setsid";
    private static final String CHILDS = "?setsid,?openat,?ioctl,?dup2,?dup3,?close_range,?rt_sigaction,?prlimit64,?setpriority,"
            + "?fchdir,?execve,?setgroups,?setresgid,?setresuid,?capset";

    private static final String UNFINISHED = " <unfinished ...>";
    private static final String RESUMED = " resumed>";

    /** A placeholder for the options that select calls on a pts, whose number is not known yet. */
    private static final String ON_PTS = "-P pts";
    private static final int OTHERS_MEANWHILE = 64;

    private final Path folder;
    private final Map<Recorded, Recording> recordings = new HashMap<>();
    private final Set<Scenario> warm = new HashSet<>();
    private Process jvm;
    private BufferedReader answers;
    private Writer commands;

    private record Recorded(Scenario scenario, Side side) {}

    /** The answer of an undisturbed run, its calls in order, and the least number of uses of each in all runs so far. */
    record Recording(String answer, List<TracedCall> calls, Map<String, Integer> counts) {

        /** The calls of both runs: a call that only one of them made depends on timing. */
        Recording and(Recording later) {
            Map<String, Integer> least = new LinkedHashMap<>();
            counts.forEach((label, count) -> least.put(label, Math.min(count, later.counts.getOrDefault(label, 0))));
            return new Recording(later.answer, later.calls, least);
        }

        /** The labels in the order of their first use. */
        List<String> labels() {
            return counts.keySet().stream().filter(label -> counts.get(label) > 0).toList();
        }

        int count(String label) {
            return counts.getOrDefault(label, 0);
        }
    }

    /** A run and its trace. */
    private record Run(String answer, List<TracedCall> calls, String afterwards) {}

    /** @param folder for traces and reports */
    Rig(Path folder) {
        this.folder = folder;
    }

    Recording recording(Scenario scenario, Side side) throws Exception {
        Recorded key = new Recorded(scenario, side);
        if (!recordings.containsKey(key)) {
            for (int i = 0; i < RECORDINGS; i++) {
                record(key);
            }
        }
        return recordings.get(key);
    }

    private void record(Recorded key) throws Exception {
        Run run = run(key.scenario, key.side, List.of("-e", "trace=" + (key.side == Side.CHILD ? CHILDS : ALL)));
        if (!run.answer.startsWith("result ") || run.answer.contains("Exception") || !run.afterwards.isEmpty()) {
            throw new AssertionError(key + " undisturbed: " + run);
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        run.calls.forEach(call -> call.label().ifPresent(label -> counts.merge(label, 1, Integer::sum)));
        recordings.merge(key, new Recording(run.answer.substring("result ".length()), run.calls, counts), Recording::and);
    }

    /** Runs the fault; empty if the run has fewer uses of the call. */
    Optional<Outcome> run(Fault fault) throws Exception {
        List<TracedCall> seen = List.of();
        for (int tries = 0; tries < TRIES; tries++) {
            Recording recording = recording(fault.scenario(), fault.side());
            int index = fault.use().index(recording.count(fault.label()));
            if (index < 0) {
                return Optional.empty();
            }
            Run run = run(fault.scenario(), fault.side(), injection(recording, fault, index));
            Optional<TracedCall> hit = run.calls.stream().filter(TracedCall::injected).findFirst();
            if (hit.flatMap(TracedCall::label).equals(Optional.of(fault.label()))) {
                return Optional.of(judged(run, recording, fault));
            }
            seen = run.calls;
            record(new Recorded(fault.scenario(), fault.side()));
        }
        throw new AssertionError(fault + " was not hit in " + TRIES + " runs; the last made "
                + seen.stream().flatMap(call -> call.label().stream()).toList());
    }

    private static Outcome judged(Run run, Recording recording, Fault fault) {
        if (run.answer.startsWith("hang ")) {
            return Outcome.bad(run.answer);
        }
        if (!run.afterwards.isEmpty()) {
            return Outcome.bad(run.answer + "; then " + run.afterwards);
        }
        return Outcome.of(fault, run.answer.substring("result ".length()), recording.answer);
    }

    private static List<String> injection(Recording recording, Fault fault, int index) {
        List<Integer> uses = new ArrayList<>();
        for (int i = 0; i < recording.calls.size(); i++) {
            if (recording.calls.get(i).label().equals(Optional.of(fault.label()))) {
                uses.add(i);
            }
        }
        String systemCall = recording.calls.get(uses.get(index)).systemCall();
        long ordinal = recording.calls.subList(0, uses.get(index) + 1).stream()
                .filter(call -> call.systemCall().equals(systemCall)).count();
        String traced = fault.side() == Side.CHILD ? CHILDS_FIRST + "," + systemCall : systemCall;
        List<String> options = new ArrayList<>(List.of("-e", "trace=" + traced));
        if (PATHS.containsKey(fault.label())) {
            options.addAll(List.of("-P", PATHS.get(fault.label())));
            ordinal = index + 1;
        }
        if (fault.side() == Side.CHILD && List.of("openat", "ioctl").contains(systemCall)) {
            options.add(ON_PTS); // other threads of the JVM make such calls too
            ordinal = index + 1;
        }
        String when = ordinal + (fault.use() == Use.ALWAYS ? "+" : "");
        options.addAll(List.of("-e", "inject=" + systemCall + ":error=" + fault.errno() + ":when=" + when));
        return options;
    }

    private Run run(Scenario scenario, Side side, List<String> options) throws Exception {
        if (jvm == null) {
            start();
        }
        if (warm.add(scenario)) {
            for (int i = 0; i < WARM_UPS; i++) {
                say("begin " + scenario.name());
                hear("ready");
                say("go");
                hear("result");
                say("over");
                hear("clean");
            }
        }
        say("begin " + scenario.name());
        String[] threads = hear("ready").split(" ");
        Path trace = folder.resolve("trace");
        Files.deleteIfExists(trace);
        Process strace = attach(trace, threads[side == Side.REACTOR ? 2 : 1], side,
                options.stream().flatMap(option -> option.equals(ON_PTS) ? onPts(Integer.parseInt(threads[3])) : Stream.of(option)).toList());
        say("go");
        String answer = answer(trace);
        strace.destroy();
        strace.waitFor();
        say("over");
        List<TracedCall> calls = side == Side.CHILD ? childsCalls(trace) : parsed(trace);
        if (answer.startsWith("hang")) {
            end();
            return new Run(answer, calls, "");
        }
        String afterwards = answers.readLine();
        if (afterwards == null || !afterwards.equals("clean ")) {
            end();
            return new Run(answer, calls, afterwards + logged());
        }
        String logged = logged();
        if (!logged.isEmpty()) {
            end();
        }
        return new Run(answer, calls, logged);
    }

    /** The kernel allocates the lowest free number. Until the scenario opens its terminal, other processes may open and close some. */
    private static Stream<String> onPts(int lowestFree) {
        return IntStream.range(0, lowestFree + OTHERS_MEANWHILE).boxed().flatMap(number -> Stream.of("-P", "/dev/pts/" + number));
    }

    private Process attach(Path trace, String thread, Side side, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(List.of("strace", "-y", "-o", trace.toString(), "-e", "signal=none", "-p", thread));
        if (side == Side.CHILD) {
            command.add("-f");
        }
        command.addAll(options);
        Process strace = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = strace.inputReader().readLine();
        while (said != null && said.contains(" resolved into ")) { // for a path that is a link
            said = strace.inputReader().readLine();
        }
        if (said == null || !said.contains(" attached")) {
            throw new AssertionError(command + ": " + said);
        }
        return strace;
    }

    /** Waits for the answer. Closes the descriptors whose close(2) strace suppressed: the real call closes them even when it fails. */
    private String answer(Path trace) throws Exception {
        long seen = 0;
        while (!answers.ready() && jvm.isAlive()) {
            seen = closeWhatWasNot(trace, seen);
            jvm.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        String answer = answers.readLine();
        closeWhatWasNot(trace, seen);
        return answer == null ? "hang: the JVM has ended" + logged() : answer;
    }

    private long closeWhatWasNot(Path trace, long seen) throws IOException {
        List<TracedCall> failed = Files.exists(trace)
                ? parsed(trace).stream().filter(call -> call.injected() && call.systemCall().equals("close")).toList() : List.of();
        for (TracedCall call : failed.subList((int) seen, failed.size())) {
            say("close " + call.descriptor());
        }
        return failed.size();
    }

    private static List<TracedCall> parsed(Path trace) throws IOException {
        return parsed(Files.readString(trace, StandardCharsets.ISO_8859_1).lines());
    }

    private static List<TracedCall> parsed(Stream<String> lines) {
        return lines.flatMap(line -> TracedCall.parse(line).stream()).toList();
    }

    /**
     * The child's calls begin with setsid, or, where only calls on its terminal are traced, with those. All threads of the JVM are traced too.
     * Calls after the exec are the program's.
     */
    private static List<TracedCall> childsCalls(Path trace) throws IOException {
        List<String> lines = whole(Files.readAllLines(trace, StandardCharsets.ISO_8859_1));
        String begin = lines.stream().filter(line -> line.contains(" " + CHILDS_FIRST + "(")).findFirst()
                .orElse(lines.isEmpty() ? "" : lines.getFirst());
        String child = begin.replaceAll(" .*", " ");
        List<TracedCall> calls = parsed(lines.stream().filter(line -> line.startsWith(child)));
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).systemCall().equals("execve")) {
                return calls.subList(0, i + 1);
            }
        }
        return calls;
    }

    /** Joins each line that strace interrupted for a line of another thread. */
    private static List<String> whole(List<String> lines) {
        Map<String, String> begun = new HashMap<>();
        List<String> whole = new ArrayList<>();
        for (String line : lines) {
            String thread = line.replaceAll(" .*", "");
            if (line.endsWith(UNFINISHED)) {
                begun.put(thread, line.substring(0, line.length() - UNFINISHED.length()));
            } else if (line.contains(RESUMED)) {
                whole.add(begun.getOrDefault(thread, "") + line.substring(line.indexOf(RESUMED) + RESUMED.length()));
            } else {
                whole.add(line);
            }
        }
        return whole;
    }

    private void start() throws IOException {
        jvm = new ForkedJvm(FaultyJvm.class)
                .by("env", "--default-signal=INT") // ignored in a shell's background; a child whose reset of it fails would ignore it too
                .options("-Xms48m", "-Xmx48m", "-XX:+AlwaysPreTouch", "-Ddev.panpty.poison=true")
                .builder(folder.resolve("report")).redirectError(folder.resolve("errors").toFile()).start();
        answers = new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8));
        commands = jvm.outputWriter();
        warm.clear();
    }

    private void say(String line) throws IOException {
        commands.write(line + "\n");
        commands.flush();
    }

    private String hear(String word) throws IOException {
        String line = answers.readLine();
        if (line == null || !line.startsWith(word + " ")) {
            throw new AssertionError("expected " + word + ", was " + line + logged());
        }
        return line;
    }

    /** The standard error of the JVM; empty without an error. */
    private String logged() throws IOException {
        return Files.readString(folder.resolve("errors"), StandardCharsets.ISO_8859_1).replace("\n", " | ");
    }

    /** Ends the JVM and closes its pipes before it returns, since the next test may compare open descriptors. */
    private void end() throws IOException {
        jvm.destroyForcibly().onExit().join();
        answers.close();
        commands.close();
        jvm = null;
    }

    @Override
    public void close() throws IOException {
        if (jvm != null) {
            end();
        }
    }
}
