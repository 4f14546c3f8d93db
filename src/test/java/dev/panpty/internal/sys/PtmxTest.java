package dev.panpty.internal.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.internal.gen.Linux;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ptmx, called by many threads. */
class PtmxTest {

    private static final int SETS = Integer.getInteger("dev.panpty.test.sets", 30_000);
    private static final Termios SILENT = new Termios(Termios.COOKED.input(), Termios.COOKED.output(), Termios.COOKED.control(),
            Termios.COOKED.local() & ~Linux.ECHO(), Termios.COOKED.controlCharacters());

    /** Attributes that were read before we switched the echo off do not mean that the program did. */
    @Test
    @Timeout(60)
    void anEchoThatWeSwitchOffWhileOthersReadTheAttributesIsKnownToBeOff() throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> others = new ArrayList<>();
        int forgotten = 0;
        try (Ptmx ptmx = Ptmx.open().value()) {
            for (int i = 0; i < 4; i++) {
                others.add(Thread.ofPlatform().start(() -> {
                    while (!over.get()) {
                        ptmx.attributes();
                    }
                }));
            }
            for (int i = 0; i < SETS; i++) {
                assertEquals(0, ptmx.setAttributes(Termios.COOKED));
                assertEquals(0, ptmx.setAttributes(SILENT));
                ptmx.attributes();
                forgotten += ptmx.isSilencedByUs() ? 0 : 1;
            }
        } finally {
            over.set(true);
        }
        for (Thread other : others) {
            other.join();
        }
        assertEquals(0, forgotten);
    }
}
