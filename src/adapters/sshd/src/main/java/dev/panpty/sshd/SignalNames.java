package dev.panpty.sshd;

import dev.panpty.Signal;
import java.util.Set;

/** The names of signals in SSH, see RFC 4254 section 6.10: those that it lists, and others as NAME@domain. Stateless, for any thread. */
final class SignalNames {

    private static final String DOMAIN = "@panpty.dev";
    private static final Set<String> LISTED = Set.of("ABRT", "ALRM", "FPE", "HUP", "ILL", "INT", "KILL", "PIPE", "QUIT", "SEGV", "TERM",
            "USR1", "USR2");

    private SignalNames() {}

    static String write(Signal signal) {
        return LISTED.contains(signal.name()) ? signal.name() : signal.name() + DOMAIN;
    }

    /** @throws IllegalArgumentException for a name that no signal has */
    static Signal read(String name) {
        return Signal.of(name.endsWith(DOMAIN) ? name.substring(0, name.length() - DOMAIN.length()) : name);
    }
}
