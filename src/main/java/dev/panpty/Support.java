package dev.panpty;

import dev.panpty.internal.spawn.ChildSettings;
import dev.panpty.internal.spawn.Environment;
import dev.panpty.internal.spawn.SpawnRequest;
import dev.panpty.internal.spawn.Strategies;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.EventFd;
import dev.panpty.internal.sys.NativeAccess;
import dev.panpty.internal.sys.Pidfd;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.Result;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Whether a program can be started here: opens, and closes again, what a start needs. It is loaded once the machine is known to be one that
 * the bindings are for. Any thread.
 */
final class Support {

    private Support() {}

    /** Why not; empty if nothing is missing. */
    static Optional<String> missing() {
        try {
            NativeAccess.require();
            return firstMissing();
        } catch (SpawnException | RuntimeException | LinkageError refused) {
            return Optional.of(text(refused));
        }
    }

    private static Optional<String> firstMissing() throws SpawnException {
        int probed = Pidfd.probe();
        if (probed < 0) {
            return Optional.of(Reactor.NEEDED + ": " + Errno.describe(-probed));
        }
        Result<Epoll> epoll = Epoll.open();
        if (epoll.failed()) {
            return Optional.of("epoll_create1: " + Errno.describe(-epoll.error()));
        }
        epoll.value().close();
        Result<Descriptor> wakeUp = EventFd.open();
        if (wakeUp.failed()) {
            return Optional.of("eventfd: " + Errno.describe(-wakeUp.error()));
        }
        wakeUp.value().close();
        Ptmx ptmx = Launch.openTerminal();
        try {
            return strategyMissing(ptmx);
        } finally {
            ptmx.close();
        }
    }

    private static Optional<String> strategyMissing(Ptmx ptmx) {
        byte[] program = "true".getBytes(StandardCharsets.US_ASCII);
        SpawnRequest request = new SpawnRequest(ptmx, Optional.empty(), Optional.empty(), true, program, Optional.empty(), List.of(program),
                Environment.untouched(), Optional.empty(), ChildSettings.NONE);
        Strategies.Choice choice = Strategies.choose(request, SpawnStrategy.ofProperty().forcedName());
        return choice.strategy().isPresent() ? Optional.empty() : Optional.of(choice.refusal().culprit());
    }

    private static String text(Throwable refused) {
        Throwable cause = refused instanceof ExceptionInInitializerError && refused.getCause() != null ? refused.getCause() : refused;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
