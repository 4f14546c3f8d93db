package dev.panpty.junit;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import dev.panpty.screen.Screen;
import dev.panpty.screen.Snapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** What a failure's message says of a terminal: enough to find the fault without a second run. For any thread. */
final class Report {

    private final List<String> command;
    private final PtyProcess process;
    private final Screen screen;
    private final Traffic traffic;
    private final Path recording;
    private final AtomicReference<Optional<String>> typed = new AtomicReference<>(Optional.empty());

    Report(List<String> command, PtyProcess process, Screen screen, Traffic traffic, Path recording) {
        this.command = command;
        this.process = process;
        this.screen = screen;
        this.traffic = traffic;
        this.recording = recording;
    }

    /** Before it is typed. */
    void typing(String input) {
        traffic.takeTypedSecret();
        typed.set(Optional.of(input));
    }

    private Optional<String> typed() {
        if (traffic.takeTypedSecret()) {
            typed.set(Optional.of("(at a prompt for a password)"));
        }
        return typed.get();
    }

    /** As of now. */
    String of(String what) {
        return of(what, screen.snapshot());
    }

    String of(String what, Snapshot shown) {
        Traffic.Unread unread = traffic.unread();
        StringBuilder message = new StringBuilder(what);
        message.append("\nprogram: ").append(command.stream().map(Report::word).collect(Collectors.joining(" "))).append(" (").append(state()).append(')');
        typed().ifPresent(input -> message.append("\ntyped last: ").append(input));
        message.append("\nscreen:\n").append(shown);
        if (unread.bytes() == 0) {
            message.append("\nunread output: none since the last wait");
        } else {
            message.append("\nunread output since the last wait, ").append(unread.bytes()).append(" bytes");
            message.append(unread.bytes() > unread.last().length ? ", the last " + unread.last().length : "").append(":\n");
            message.append(Readable.text(unread.last()).lines().map(line -> "  " + line).collect(Collectors.joining("\n")));
        }
        return message.append("\nrecording: ").append(recording).toString();
    }

    private String state() {
        return process.exitStatus().map(Report::ended).orElse("runs as " + process.pid());
    }

    private static String ended(ExitStatus status) {
        return switch (status) {
            case ExitStatus.Exited exited -> "exited with code " + exited.code();
            case ExitStatus.Signaled signaled -> "ended by " + signaled.signal();
            case ExitStatus.Unknown unknown -> "ended, " + unknown.reason();
        };
    }

    private static String word(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : Readable.quoted(word, word.contains("'") ? '"' : '\'');
    }
}
