package dev.panpty.internal.spawn;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.spawn.SpawnResult.Failed;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Directory;
import dev.panpty.internal.sys.Memory;
import dev.panpty.internal.sys.Pidfd;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.SpawnActions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * {@code posix_spawnp(3)}: the normal way. Its file actions run in the new session, so that opening the pts by name, without
 * O_NOCTTY, makes it the controlling terminal.
 */
public final class PosixSpawn implements SpawnStrategy {

    private static final String OWN_DESCRIPTORS = "/proc/self/fd";

    // Any thread; what was seen once is not looked at again.
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
            return Optional.of("posix_spawn cannot set " + setting.get());
        }
        Optional<String> function = SpawnActions.missingFunction();
        if (function.isPresent()) {
            return Optional.of("this libc has no " + function.get());
        }
        return procSeen ? Optional.empty() : withoutProc(request.ptmx());
    }

    /** What it cannot do where /proc is not mounted, if it is not. */
    private static Optional<String> withoutProc(Ptmx ptmx) {
        if (Directory.current().find(OWN_DESCRIPTORS.getBytes(StandardCharsets.US_ASCII)) == 0) {
            procSeen = true;
            return Optional.empty();
        }
        if (!SpawnActions.hasCloseRange()) {
            return Optional.of("close_range(2) is refused, and there is no " + OWN_DESCRIPTORS);
        }
        Descriptor.Opened pts = ptmx.openPts();
        if (pts.failed()) {
            return Optional.empty(); // the start itself will say why
        }
        try (Descriptor held = pts.descriptor()) {
            return ptmx.ptsPathLeadsTo(held) ? Optional.empty()
                    : Optional.of(ptmx.ptsPath() + " is not this terminal, and there is no " + OWN_DESCRIPTORS);
        }
    }

    @Override
    public SpawnResult spawn(SpawnRequest request) {
        Directory.Opened opened = Directory.open(request.directory());
        if (opened.error() < 0) {
            return new Failed(Linux.PANPTY_STEP_DIRECTORY(), -opened.error(), Diagnosis.text(request.directory().orElseThrow()));
        }
        try (Directory directory = opened.directory()) {
            return spawn(request, directory);
        }
    }

    private static SpawnResult spawn(SpawnRequest request, Directory directory) {
        Ptmx ptmx = request.ptmx();
        if (pathIsOurs && ptmx.ptsPathExists()) {
            return spawn(request, directory, ptmx.ptsPath());
        }
        Descriptor.Opened pts = ptmx.openPts();
        if (pts.failed()) { // for want of a descriptor, for one; what cannot be looked at is trusted
            return ptmx.ptsPathExists() ? spawn(request, directory, ptmx.ptsPath())
                    : new Failed(SpawnResult.PTS, -pts.error(), ptmx.ptsPath());
        }
        try (Descriptor held = pts.descriptor()) {
            boolean ours = ptmx.ptsPathLeadsTo(held);
            pathIsOurs = ours;
            return spawn(request, directory, ours ? ptmx.ptsPath() : OWN_DESCRIPTORS + "/" + held.number());
        }
    }

    private static SpawnResult spawn(SpawnRequest request, Directory directory, String pts) {
        try (SpawnActions actions = new SpawnActions()) {
            int prepared = prepare(actions, request, directory, pts);
            if (prepared < 0) {
                return Diagnosis.ofChild(SpawnResult.SPAWN, -prepared, Diagnosis.text(request.program()));
            }
            return execute(request, directory, actions);
        }
    }

    private static int prepare(SpawnActions actions, SpawnRequest request, Directory directory, String pts) {
        int result = actions.init();
        if (result == 0) {
            result = actions.setSessionAndSignals();
        }
        if (result == 0) {
            result = actions.addOpen(0, pts, Linux.O_RDWR());
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
     * Tries the candidates in order: ENOENT and ENOTDIR go on, EACCES goes on and is remembered, anything else ends it. Where there are
     * several, it looks for a file before it makes a child for it.
     */
    private static SpawnResult execute(SpawnRequest request, Directory directory, SpawnActions actions) {
        Failed failed = new Failed(Linux.PANPTY_STEP_EXEC(), Linux.ENOENT(), Diagnosis.text(request.program()));
        List<byte[]> candidates = Candidates.of(request.program(), request.searchPath());
        for (byte[] path : candidates) {
            int answer = candidates.size() == 1 ? 0 : directory.find(path);
            if (answer == 0) {
                answer = spawn(request, path, actions);
            }
            if (answer > 0) {
                return SpawnResult.started(answer, Pidfd.open(answer), request);
            }
            boolean missing = answer == -Linux.ENOENT() || answer == -Linux.ENOTDIR();
            if (!missing && answer != -Linux.EACCES()) {
                return Diagnosis.ofSpawn(-answer, path, directory, request);
            }
            boolean worthMore = answer == -Linux.EACCES() || directory.find(path) == 0 || candidates.size() == 1;
            if (worthMore && failed.errno() != Linux.EACCES()) {
                failed = Diagnosis.ofSpawn(-answer, path, directory, request);
            }
        }
        return failed;
    }

    /** The pid, or the negative errno. What the kernel cannot execute is handed to the shell, as execvp(3) does: once. */
    private static int spawn(SpawnRequest request, byte[] path, SpawnActions actions) {
        int answer;
        int tries = 0;
        do {
            answer = spawn(actions, path, request.arguments(), request.environment());
        } while (Attempt.again(answer, ++tries));
        if (answer != -Linux.ENOEXEC()) {
            return answer;
        }
        return spawn(actions, Candidates.SHELL, Candidates.shellArguments(path, request.arguments()), request.environment());
    }

    private static int spawn(SpawnActions actions, byte[] path, List<byte[]> arguments, List<byte[]> environment) {
        try (Memory memory = new Memory(Memory.sizeOfStrings(arguments) + Memory.sizeOfStrings(environment))) {
            return actions.spawn(path, memory.strings(arguments), memory.strings(environment));
        }
    }
}
