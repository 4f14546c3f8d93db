package dev.panpty;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The answer of {@link PtyProcess#info}: the times and the user come from the JVM, the program and its arguments are decoded by this
 * library. The JVM decodes them in US-ASCII if it has no locale, drops those beyond 4,096 bytes, and shows {@code (deleted)}.
 *
 * @param jvms the info of the JVM's own handle
 */
record ChildInfo(ProcessHandle.Info jvms, Optional<String> command, List<String> allArguments) implements ProcessHandle.Info {

    /** All but the zeroth. */
    @Override
    public Optional<String[]> arguments() {
        return allArguments.isEmpty() ? Optional.empty()
                : Optional.of(allArguments.subList(1, allArguments.size()).toArray(new String[0]));
    }

    /** In the JVM's format: the program's path and its arguments, or argv alone if the path is hidden. */
    @Override
    public Optional<String> commandLine() {
        if (allArguments.isEmpty()) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>(allArguments);
        words.set(0, command.orElse(words.get(0)));
        return Optional.of(String.join(" ", words));
    }

    @Override
    public Optional<Instant> startInstant() {
        return jvms.startInstant();
    }

    @Override
    public Optional<Duration> totalCpuDuration() {
        return jvms.totalCpuDuration();
    }

    @Override
    public Optional<String> user() {
        return jvms.user();
    }

    @Override
    public String toString() {
        return "[user: " + user() + ", command: " + command + ", arguments: " + allArguments + ", started: " + startInstant() + ", CPU: "
                + totalCpuDuration() + "]";
    }
}
