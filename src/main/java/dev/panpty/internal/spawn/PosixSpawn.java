package dev.panpty.internal.spawn;

import dev.panpty.internal.sys.ChildProcess;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Directory;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.NativeBlock;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.Result;
import dev.panpty.internal.sys.SpawnActions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * {@code posix_spawnp(3)}: the normal way. Its file actions run in the new session, so that opening the pts by name, without
 * O_NOCTTY, makes it the controlling terminal, unless the child is to have none.
 */
public final class PosixSpawn implements Spawner {

    private static final String OWN_DESCRIPTORS = "/proc/self/fd";

    // Written by any thread; once true they are not checked again, except that pathIsOurs may become false.
    private static volatile boolean procSeen;
    private static volatile boolean pathIsOurs; // /dev/pts is the devpts that our terminals come from

    @Override
    public String name() {
        return "posix_spawn";
    }

    @Override
    public Optional<String> objection(SpawnRequest request) {
        Optional<String> setting = request.settings().firstAsked();
        if (setting.isPresent()) {
            return Optional.of("it cannot set " + setting.get());
        }
        Optional<String> function = SpawnActions.missingFunction();
        if (function.isPresent()) {
            return Optional.of("this libc has no " + function.get());
        }
        return procSeen ? Optional.empty() : withoutProc(request.ptmx());
    }

    /** The objection if /proc is not mounted and would be needed. */
    private static Optional<String> withoutProc(Ptmx ptmx) {
        if (Directory.current().find(OWN_DESCRIPTORS.getBytes(StandardCharsets.US_ASCII)) == 0) {
            procSeen = true;
            return Optional.empty();
        }
        if (!SpawnActions.hasCloseRange()) {
            return Optional.of("close_range(2) is refused, and there is no " + OWN_DESCRIPTORS);
        }
        Result<Descriptor> pts = ptmx.openPts();
        if (pts.failed()) {
            return Optional.empty(); // the start will report the error
        }
        try (Descriptor held = pts.value()) {
            return ptmx.ptsPathLeadsTo(held) ? Optional.empty()
                    : Optional.of(ptmx.ptsPath() + " is not this terminal, and there is no " + OWN_DESCRIPTORS);
        }
    }

    @Override
    public Optional<SpawnFailure> spawn(SpawnRequest request, ChildProcess child) {
        Result<Directory> opened = Directory.open(request.directory());
        if (opened.failed()) {
            return Optional.of(new SpawnFailure(
                    SpawnFailure.DIRECTORY, -opened.error(), Diagnosis.text(request.directory().orElseThrow())));
        }
        try (Directory directory = opened.value()) {
            return spawn(request, child, directory);
        }
    }

    private static Optional<SpawnFailure> spawn(SpawnRequest request, ChildProcess child, Directory directory) {
        Ptmx ptmx = request.ptmx();
        if (pathIsOurs && ptmx.ptsPathExists()) {
            return spawn(request, child, directory, ptmx.ptsPath());
        }
        Result<Descriptor> pts = ptmx.openPts();
        if (pts.failed()) { // such as EMFILE: the path cannot be checked, and is trusted
            return ptmx.ptsPathExists() ? spawn(request, child, directory, ptmx.ptsPath())
                    : Optional.of(new SpawnFailure(SpawnFailure.PTS, -pts.error(), ptmx.ptsPath()));
        }
        try (Descriptor held = pts.value()) {
            boolean ours = ptmx.ptsPathLeadsTo(held);
            pathIsOurs = ours;
            return spawn(request, child, directory, ours ? ptmx.ptsPath() : OWN_DESCRIPTORS + "/" + held.number());
        }
    }

    private static Optional<SpawnFailure> spawn(SpawnRequest request, ChildProcess child, Directory directory, String pts) {
        try (SpawnActions actions = new SpawnActions()) {
            int prepared = prepare(actions, request, directory, pts);
            return prepared == 0 ? execute(request, child, directory, actions)
                    : Optional.of(Diagnosis.ofChild(SpawnFailure.SPAWN, -prepared, Diagnosis.text(request.program())));
        }
    }

    private static int prepare(SpawnActions actions, SpawnRequest request, Directory directory, String pts) {
        int result = actions.init();
        if (result == 0) {
            result = actions.setSessionAndSignals();
        }
        if (result == 0) {
            result = actions.addOpen(0, pts, request.controlling());
        }
        if (result == 0) {
            result = actions.addDup2(0, 1);
        }
        if (result == 0) {
            result = actions.addDup2(request.standardError().isPresent() ? request.standardError().get().number() : 0, 2);
        }
        if (result == 0 && !directory.isCurrent()) {
            result = actions.addFchdir(directory.number());
        }
        return result == 0 ? actions.addCloseFrom(3) : result;
    }

    /**
     * Tries the candidates in order, as execvp(3) does. After ENOENT, ENOTDIR and EACCES it goes on; any other errno ends it. If no
     * candidate succeeds, it reports the first EACCES, else the first file that exists. The shell runs a script without an interpreter
     * line. If the name is searched, it checks that a file exists before it makes a child for it.
     */
    private static Optional<SpawnFailure> execute(
            SpawnRequest request, ChildProcess child, Directory directory, SpawnActions actions) {
        SpawnFailure failed = null;
        boolean searches = !Candidates.isPath(request.program());
        for (byte[] path : Candidates.of(request.program(), request.searchPath())) {
            int found = searches ? directory.find(path) : 0;
            int answer = found == 0 ? spawn(child, path, request.arguments(), request, actions) : found;
            if (answer == -Errno.ENOEXEC) {
                answer = Diagnosis.judge(path, directory);
                if (answer == 0) {
                    return executeByShell(request, child, path, directory, actions);
                }
            }
            if (answer == 0) {
                return Optional.empty();
            }
            boolean isMissing = answer == -Errno.ENOENT || answer == -Errno.ENOTDIR;
            boolean isRefused = answer == -Errno.EACCES;
            if (!isMissing && !isRefused) {
                return Optional.of(Diagnosis.ofSpawn(-answer, path, directory, request));
            }
            if (isMissing ? found == 0 && failed == null : failed == null || failed.errno() != Errno.EACCES) {
                failed = Diagnosis.ofSpawn(-answer, path, directory, request);
            }
        }
        return Optional.of(failed != null ? failed : Diagnosis.notFound(request));
    }

    private static Optional<SpawnFailure> executeByShell(
            SpawnRequest request, ChildProcess child, byte[] script, Directory directory, SpawnActions actions) {
        int answer = spawn(child, Candidates.SHELL, Candidates.shellArguments(script, request.arguments()), request, actions);
        return answer == 0 ? Optional.empty()
                : Optional.of(Diagnosis.ofShell(Diagnosis.ofSpawn(-answer, Candidates.SHELL, directory, request), script));
    }

    /** 0, or the negative errno. */
    private static int spawn(ChildProcess child, byte[] path, List<byte[]> arguments, SpawnRequest request, SpawnActions actions) {
        try (NativeBlock memory = new NativeBlock(NativeBlock.sizeOfStrings(arguments) + NativeBlock.sizeOfStrings(request.environment()))) {
            long argv = memory.strings(arguments);
            long envp = memory.strings(request.environment());
            int answer;
            int tries = 0;
            do {
                answer = actions.spawn(path, argv, envp);
            } while (TextBusyRetry.again(answer, ++tries));
            if (answer < 0) {
                return answer;
            }
            child.started(answer);
            return 0;
        }
    }
}
