package dev.panpty.testing;

import static dev.panpty.testing.FullHost.check;

import dev.panpty.PtyProcessBuilder;
import dev.panpty.SpawnException.Step;
import dev.panpty.SpawnException;
import dev.panpty.SpawnStrategy;

/** A JVM whose terminals cannot be opened by any path: the trampoline needs none, and AUTO chooses it. */
public final class NoProcNorPath implements ForkedJvm.Body {

    @Override
    public void run(String[] arguments) throws Throwable {
        if (Way.forced().orElseThrow() == Way.POSIX_SPAWN) {
            SpawnException refused = FullHost.failure(new PtyProcessBuilder("true"));
            check(refused.step() == Step.STRATEGY && refused.getMessage().contains("/proc/self/fd"), refused);
            check(refused.getMessage().contains("/dev/pts/"), refused);
            Way.release();
        }
        Leaks.none(RealUse::all);
        try (var process = new PtyProcessBuilder("true").start()) {
            check(process.spawnStrategy() != SpawnStrategy.POSIX_SPAWN, process.spawnStrategy());
        }
    }
}
