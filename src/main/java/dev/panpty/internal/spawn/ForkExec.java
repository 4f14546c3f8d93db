package dev.panpty.internal.spawn;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.gen.panpty_limit;
import dev.panpty.internal.gen.panpty_request;
import dev.panpty.internal.sys.Accounts;
import dev.panpty.internal.sys.ChildProcess;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Directory;
import dev.panpty.internal.sys.Downcall;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.NativeBlock;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.Result;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * The fallback: the trampoline makes the child, which runs the steps of child-setup.txt. It uses either a clone(2) that shares this
 * process's memory until the exec, or a plain fork, whose cost grows with the heap.
 */
public final class ForkExec implements Spawner {

    private static final byte[] TTY_GROUP = {'t', 't', 'y'};
    private static final int PTS_MODE = 0620;

    private final String name;
    private final int how;

    private ForkExec(String name, int how) {
        this.name = name;
        this.how = how;
    }

    /** By {@code clone(CLONE_VM | CLONE_VFORK)}. */
    static ForkExec byClone() {
        return new ForkExec("fork_exec", Linux.PANPTY_CLONE_VFORK());
    }

    /** By a plain fork: the conservative way. */
    static ForkExec byPlainFork() {
        return new ForkExec("plain_fork", Linux.PANPTY_FORK());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> objection(SpawnRequest request) {
        Trampoline.Loaded loaded = Trampoline.get();
        return loaded.entry().isPresent() || loaded.mayComeLater() ? Optional.empty() : Optional.of(loaded.reason());
    }

    @Override
    public Optional<SpawnFailure> spawn(SpawnRequest request, ChildProcess child) {
        Trampoline.Loaded loaded = Trampoline.get();
        if (loaded.entry().isEmpty()) {
            return Optional.of(Trampoline.failure(loaded));
        }
        Result<Directory> opened = Directory.open(request.directory());
        if (opened.failed()) {
            return Optional.of(new SpawnFailure(
                    Linux.PANPTY_STEP_DIRECTORY(), -opened.error(), Diagnosis.text(request.directory().orElseThrow())));
        }
        try (Directory directory = opened.value()) {
            Result<Descriptor> pts = request.ptmx().openPts();
            if (pts.failed()) {
                return ptsFailure(request, pts.error());
            }
            try (Descriptor held = pts.value()) {
                Optional<SpawnFailure> refused = giveToUser(held, request.ptmx(), request.settings().uid());
                if (refused.isEmpty() && request.errorTerminal().isPresent()) {
                    refused = giveToUser(request.standardError().orElseThrow(), request.errorTerminal().get(), request.settings().uid());
                }
                return refused.isPresent() ? refused : spawn(request, child, directory, held);
            }
        }
    }

    private static Optional<SpawnFailure> ptsFailure(SpawnRequest request, int error) {
        return Optional.of(new SpawnFailure(SpawnFailure.PTS, -error, request.ptmx().ptsPath()));
    }

    /**
     * A program of another user could not open its terminal by name: root makes that user the owner, as login(1) does. The failure names
     * the call, since EINVAL comes here first if the user is not mapped.
     */
    private static Optional<SpawnFailure> giveToUser(Descriptor pts, Ptmx ptmx, Optional<Integer> uid) {
        if (uid.isEmpty() || uid.get() == Accounts.effectiveUser() || Accounts.effectiveUser() != 0) {
            return Optional.empty();
        }
        String path = ptmx.ptsPath();
        int group = Accounts.group(TTY_GROUP).orElse(Descriptor.UNCHANGED);
        int result = pts.changeOwner(uid.get(), group);
        if (result < 0) {
            String ids = Integer.toUnsignedString(uid.get()) + (group == Descriptor.UNCHANGED ? "" : " and group " + group);
            return Optional.of(new SpawnFailure(
                    SpawnFailure.PTS, -result, "fchown(" + path + ") to user " + ids + ChildSettings.unmapped(-result)));
        }
        result = pts.changeMode(PTS_MODE);
        return result == 0 ? Optional.empty() : Optional.of(new SpawnFailure(SpawnFailure.PTS, -result, "fchmod(" + path + ")"));
    }

    /** After ENOEXEC the shell runs the path, if it is a script, as execvp(3) does: once. */
    private Optional<SpawnFailure> spawn(SpawnRequest request, ChildProcess child, Directory directory, Descriptor pts) {
        List<byte[]> candidates = Candidates.of(request.program(), request.searchPath());
        Attempted attempted = attempt(request, child, directory, pts, candidates, request.arguments());
        if (attempted.step() == Linux.PANPTY_STEP_EXEC() && attempted.errno() == Errno.ENOEXEC) {
            byte[] path = candidates.get(attempted.about());
            int judged = Diagnosis.judge(path, directory);
            if (judged == 0) {
                List<byte[]> shell = List.of(Candidates.SHELL);
                return failure(attempt(request, child, directory, pts, shell, Candidates.shellArguments(path, request.arguments())),
                        request, directory, shell).map(failure -> Diagnosis.ofShell(failure, path));
            }
            attempted = new Attempted(attempted.step(), -judged, attempted.about());
        }
        return failure(attempted, request, directory, candidates);
    }

    /** The answer of panpty_spawn; the step is 0 if the program runs. */
    private record Attempted(int step, int errno, int about) {}

    private Attempted attempt(SpawnRequest request, ChildProcess child, Directory directory, Descriptor pts,
            List<byte[]> candidates, List<byte[]> arguments) {
        ChildSettings settings = request.settings();
        try (NativeBlock memory = new NativeBlock(panpty_request.sizeof()
                + NativeBlock.sizeOfStrings(candidates) + NativeBlock.sizeOfStrings(arguments) + NativeBlock.sizeOfStrings(request.environment())
                + settings.limits().size() * panpty_limit.sizeof() + settings.groups().map(groups -> groups.length).orElse(0) * (long) Long.BYTES)) {
            long struct = memory.reserve((int) panpty_request.sizeof());
            memory.putLong(struct + panpty_request.candidates$offset(), memory.strings(candidates));
            memory.putLong(struct + panpty_request.argv$offset(), memory.strings(arguments));
            memory.putLong(struct + panpty_request.envp$offset(), memory.strings(request.environment()));
            memory.putInt(struct + panpty_request.how$offset(), how);
            memory.putInt(struct + panpty_request.pts$offset(), pts.number());
            memory.putInt(struct + panpty_request.without_terminal$offset(), request.controlling() ? 0 : 1);
            memory.putInt(struct + panpty_request.standard_error$offset(), request.standardError().map(Descriptor::number).orElse(-1));
            memory.putInt(struct + panpty_request.directory$offset(), directory.isCurrent() ? -1 : directory.number());
            memory.putInt(struct + panpty_request.steps$offset(), fill(memory, struct, settings));
            int answer;
            int tries = 0;
            do {
                answer = call(memory, struct, settings, child) == 0 ? 0 : -memory.getInt(struct + panpty_request.error$offset());
            } while (TextBusyRetry.again(answer, ++tries));
            if (answer == 0) {
                started(memory, struct, child);
            }
            return new Attempted(memory.getInt(struct + panpty_request.failed_step$offset()), -answer,
                    memory.getInt(struct + panpty_request.about$offset()));
        }
    }

    /** Puts the settings into the request and returns the bits of their steps. */
    private static int fill(NativeBlock memory, long struct, ChildSettings settings) {
        int steps = 0;
        if (settings.umask().isPresent()) {
            memory.putInt(struct + panpty_request.umask$offset(), settings.umask().get());
            steps |= 1 << Linux.PANPTY_STEP_UMASK();
        }
        if (!settings.limits().isEmpty()) {
            memory.putLong(struct + panpty_request.limits$offset(), limits(memory, settings));
            memory.putLong(struct + panpty_request.limit_count$offset(), settings.limits().size());
            steps |= 1 << Linux.PANPTY_STEP_LIMITS();
        }
        if (settings.niceness().isPresent()) {
            memory.putInt(struct + panpty_request.niceness$offset(), settings.niceness().get());
            steps |= 1 << Linux.PANPTY_STEP_NICENESS();
        }
        steps |= fillCredentials(memory, struct, settings);
        if (settings.parentDeathSignal().isPresent()) {
            memory.putInt(struct + panpty_request.parent_death_signal$offset(), settings.parentDeathSignal().get());
            memory.putInt(struct + panpty_request.parent_pid$offset(), (int) ProcessHandle.current().pid());
            steps |= 1 << Linux.PANPTY_STEP_PARENT_DEATH();
        }
        return steps;
    }

    private static int fillCredentials(NativeBlock memory, long struct, ChildSettings settings) {
        int steps = 0;
        if (settings.groups().isPresent()) {
            int[] groups = settings.groups().get();
            long list = memory.reserve(groups.length * Integer.BYTES);
            for (int i = 0; i < groups.length; i++) {
                memory.putInt(list + (long) i * Integer.BYTES, groups[i]);
            }
            memory.putLong(struct + panpty_request.groups$offset(), list);
            memory.putLong(struct + panpty_request.group_count$offset(), groups.length);
            steps |= 1 << Linux.PANPTY_STEP_GROUPS();
        }
        if (settings.gid().isPresent()) {
            memory.putInt(struct + panpty_request.gid$offset(), settings.gid().get());
            steps |= 1 << Linux.PANPTY_STEP_GROUP();
        }
        if (settings.uid().isPresent()) {
            memory.putInt(struct + panpty_request.uid$offset(), settings.uid().get());
            steps |= 1 << Linux.PANPTY_STEP_USER();
        }
        return steps;
    }

    private static long limits(NativeBlock memory, ChildSettings settings) {
        long list = memory.reserve((int) panpty_limit.sizeof() * settings.limits().size());
        long at = list;
        for (ChildSettings.Limit limit : settings.limits()) {
            memory.putInt(at + panpty_limit.resource$offset(), limit.resource());
            memory.putLong(at + panpty_limit.soft$offset(), limit.soft());
            memory.putLong(at + panpty_limit.hard$offset(), limit.hard());
            at += panpty_limit.sizeof();
        }
        return list;
    }

    /** 0 or -1. The request then has the errno; only the thread that made the request may read it. */
    private static int call(NativeBlock memory, long struct, ChildSettings settings, ChildProcess child) {
        Downcall entry = Trampoline.get().entry().orElseThrow();
        IntSupplier call = () -> (int) entry.callRaw(struct, 0, 0, 0, 0, 0);
        try {
            return settings.parentDeathSignal().isEmpty() ? call.getAsInt() : LastingThread.make(child, call);
        } catch (OutOfMemoryError noThread) {
            memory.putInt(struct + panpty_request.failed_step$offset(), Linux.PANPTY_STEP_FORK());
            memory.putInt(struct + panpty_request.error$offset(), Errno.EAGAIN); // the errno of pthread_create(3)
            return -1;
        }
    }

    private static void started(NativeBlock memory, long struct, ChildProcess child) {
        child.started(memory.getInt(struct + panpty_request.pid$offset()));
        int pidfd = memory.getInt(struct + panpty_request.pidfd$offset());
        if (pidfd >= 0) {
            child.hold(pidfd);
        }
    }

    private static Optional<SpawnFailure> failure(
            Attempted attempted, SpawnRequest request, Directory directory, List<byte[]> candidates) {
        return attempted.step() == 0 ? Optional.empty() : Optional.of(failed(attempted, request, directory, candidates));
    }

    private static SpawnFailure failed(Attempted attempted, SpawnRequest request, Directory directory, List<byte[]> candidates) {
        int step = attempted.step();
        int errno = attempted.errno();
        if (step == Linux.PANPTY_STEP_EXEC()) {
            return failedExec(attempted, request, directory, candidates);
        }
        if (step == Linux.PANPTY_STEP_DIRECTORY()) {
            return new SpawnFailure(step, errno, Diagnosis.text(request.directory().orElseThrow()));
        }
        if (step == Linux.PANPTY_STEP_DESCRIPTORS()) {
            return new SpawnFailure(step, errno, "/proc/self/fd, which is needed where close_range(2) is refused");
        }
        String culprit = request.settings().culprit(step, errno, attempted.about()).orElse(Diagnosis.text(request.program()));
        return step == Linux.PANPTY_STEP_FORK() ? Diagnosis.ofChild(step, errno, culprit) : new SpawnFailure(step, errno, culprit);
    }

    /** For a name that was searched, ENOENT and ENOTDIR may come from any file: the failure is about the first that exists. */
    private static SpawnFailure failedExec(
            Attempted attempted, SpawnRequest request, Directory directory, List<byte[]> candidates) {
        int errno = attempted.errno();
        boolean isMissing = errno == Errno.ENOENT || errno == Errno.ENOTDIR;
        if (!isMissing || Candidates.isPath(request.program())) {
            return Diagnosis.ofExec(errno, candidates.get(attempted.about()), directory, request.settings().changesUser());
        }
        Optional<byte[]> file = candidates.stream().filter(path -> directory.find(path) == 0).findFirst();
        return file.isEmpty() ? Diagnosis.notFound(request) : Diagnosis.ofMissing(file.get(), directory);
    }
}
