package dev.panpty.testing;

import static dev.panpty.testing.FullHost.check;

import dev.panpty.OwnTerminal;
import dev.panpty.TerminalAttributes;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** The terminal of a JVM, used by many threads at once, and opened by one of them at a time. */
public final class OwnTerminalCrowd implements ForkedJvm.Body {

    /** The methods that this calls. */
    public static final Set<String> CALLED = Set.of("open()", "isStandardInput()", "attributes()", "attributes(TerminalAttributes)",
            "windowSize()", "awaitResize(WindowSize,Duration)", "read(byte[],Duration)", "close()");

    private static final int THREADS = 8;
    private static final int ROUNDS = 50;

    @Override
    public void run(String[] arguments) throws Exception {
        Leaks.none(() -> {
            usedByAll();
            openedByOneAtATime();
        });
    }

    private static void usedByAll() throws Exception {
        OwnTerminal terminal = OwnTerminal.open();
        TerminalAttributes found = terminal.attributes();
        WindowSize size = terminal.windowSize();
        Crowd.run(THREADS, (number, count) -> {
            if (number == 0 && count == ROUNDS) {
                terminal.close();
            }
            try {
                use(terminal, size);
                return true;
            } catch (IOException closed) {
                check(closed.getMessage().equals("/dev/tty: closed"), closed);
                return false;
            }
        });
        try (OwnTerminal again = OwnTerminal.open()) {
            check(again.attributes().equals(found), again.attributes());
        }
    }

    private static void use(OwnTerminal terminal, WindowSize size) throws Exception {
        check(terminal.isStandardInput(), "another standard input");
        terminal.attributes(TerminalAttributes.raw());
        check(terminal.attributes().equals(TerminalAttributes.raw()), "other attributes");
        check(terminal.read(new byte[1], Duration.ofMillis(1)) == 0, "input");
        check(terminal.windowSize().equals(size), "another size");
        check(!terminal.awaitResize(size, Duration.ofMillis(1)), "resized");
    }

    private static void openedByOneAtATime() throws Exception {
        AtomicInteger open = new AtomicInteger();
        Crowd.run(THREADS, (number, count) -> {
            try (OwnTerminal terminal = OwnTerminal.open()) {
                check(open.incrementAndGet() == 1, "opened twice");
                terminal.windowSize();
                open.decrementAndGet();
            } catch (IllegalStateException another) {
                check(another.getMessage().contains("open already"), another);
            }
            return count < ROUNDS;
        });
    }
}
