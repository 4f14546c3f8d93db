package dev.panpty.internal.process;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.sys.ChildProcess;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Ptmx;
import java.time.Duration;
import java.util.Optional;

/**
 * What a process is made of, in both styles.
 *
 * @param child not yet started; it is started once the process is {@linkplain TerminalProcess#prepare prepared}
 * @param errorPipe the read end, if standard error is a pipe
 * @param errorTerminal the ptmx, if standard error is a terminal of its own
 * @param controlling whether the terminal is the child's controlling terminal
 * @param tap receives what passes through the terminal
 */
public record ProcessStart(
        EventLoop loop, Ptmx ptmx, Optional<Descriptor> errorPipe, Optional<Ptmx> errorTerminal, boolean controlling,
        ChildProcess child, boolean endAtExit, boolean splitLongLines, Duration closeGrace, Optional<? extends Tap> tap) {

    /** Standard error's channel, if that is not the terminal. */
    Optional<Channel> errors(Child exits) {
        if (errorTerminal.isPresent()) {
            return Optional.of(new PtmxChannel(loop, errorTerminal.get(), Optional.of(exits), Optional.empty()));
        }
        if (errorPipe.isPresent()) {
            return Optional.of(new Channel(loop, errorPipe.get(), Optional.of(exits), "standard error"));
        }
        return Optional.empty();
    }
}
