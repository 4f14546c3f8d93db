package dev.panpty.internal.spawn;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Pidfd;
import java.util.Optional;

/** How a start came out. */
public sealed interface SpawnResult {

    // Steps beyond those of native-headers/child-setup.txt, taken in the parent or proved by looking afterwards.
    int LAST_CHILD_STEP = Linux.PANPTY_STEP_EXEC();
    int REACTOR = LAST_CHILD_STEP + 1;
    int OPEN_TERMINAL = LAST_CHILD_STEP + 2;
    int PTS = LAST_CHILD_STEP + 3;
    int INTERPRETER = LAST_CHILD_STEP + 4;
    int SPAWN = LAST_CHILD_STEP + 5;
    int PIDFD = LAST_CHILD_STEP + 6;
    int STRATEGY = LAST_CHILD_STEP + 7;

    /** The program runs; the pidfd is the receiver's to close, and missing if somebody else has reaped the child already. */
    record Started(int pid, Optional<Descriptor> pidfd) implements SpawnResult {}

    /** A child that runs, once its pidfd is there; one that cannot be held on to is ended again. */
    static SpawnResult started(int pid, Descriptor.Opened pidfd, SpawnRequest request) {
        if (!pidfd.failed()) {
            return new Started(pid, Optional.of(pidfd.descriptor()));
        }
        if (pidfd.error() == -Linux.ESRCH()) {
            return new Started(pid, Optional.empty());
        }
        Pidfd.killAndReap(pid);
        return new Failed(PIDFD, -pidfd.error(), Diagnosis.text(request.program()));
    }

    /**
     * Nothing runs and nothing is left behind.
     *
     * @param step one of the constants here or of child-setup.txt
     * @param errno positive, 0 where no system call failed
     * @param culprit the path, name or reason that the failure is about
     */
    record Failed(int step, int errno, String culprit) implements SpawnResult {}
}
