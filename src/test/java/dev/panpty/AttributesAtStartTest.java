package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalAttributes.ControlCharacter;
import dev.panpty.TerminalAttributes.Flag;
import dev.panpty.TerminalAttributes.InputFlag;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.TerminalAttributes.OutputFlag;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Seed;
import dev.panpty.testing.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The program sees the window size and the attributes that were set before its start. */
@Needs("stty")
class AttributesAtStartTest {

    @RegisterExtension
    final Seed seed = new Seed();

    private static final int THREADS = 6;
    private static final List<Flag> CHOICE = List.of(InputFlag.ICRNL, InputFlag.IXON, InputFlag.IUTF8, OutputFlag.ONLCR,
            LocalFlag.ISIG, LocalFlag.ICANON, LocalFlag.ECHO, LocalFlag.TOSTOP, LocalFlag.NOFLSH);

    @EachWay
    @Timeout(120)
    void theProgramSeesSizeAndAttributesFromItsFirstInstructionOn() throws Exception {
        Leaks.none(() -> {
            List<Future<?>> all = new ArrayList<>();
            try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
                for (int thread = 0; thread < THREADS; thread++) {
                    Random random = new Random(seed.value() + thread);
                    all.add(executor.submit(() -> {
                        for (int i = 0; i < Way.times(300) / THREADS; i++) {
                            startAndLook(random);
                        }
                        return null;
                    }));
                }
            }
            for (Future<?> one : all) {
                one.get();
            }
        });
    }

    private static void startAndLook(Random random) throws Exception {
        WindowSize size = new WindowSize(1 + random.nextInt(65535), 1 + random.nextInt(65535));
        TerminalAttributes attributes = TerminalAttributes.cooked().with(ControlCharacter.VINTR, 'A' + random.nextInt(26));
        for (Flag flag : CHOICE) {
            attributes = attributes.with(flag, random.nextBoolean());
        }
        String numbers = Programs.output(new PtyProcessBuilder("stty", "-a").windowSize(size).attributes(attributes));
        assertTrue(numbers.contains("rows " + size.rows() + "; columns " + size.columns() + ";"), numbers);
        assertTrue(numbers.contains("intr = " + (char) attributes.character(ControlCharacter.VINTR) + ";"), numbers);
        for (Flag flag : CHOICE) {
            String word = (attributes.has(flag) ? "" : "-") + flag.toString().toLowerCase(java.util.Locale.ROOT);
            assertTrue(List.of(numbers.split("\\s+")).contains(word), () -> word + " is not in " + numbers);
        }
    }

    @Test
    void rawFromTheStartPassesOutputAsItIs() throws Exception {
        assertEquals("a\nb\n", Programs.output(new PtyProcessBuilder("printf", "a\\nb\\n").attributes(TerminalAttributes.raw())));
    }

    @Test
    void oneBuilderSetsUpEveryTerminalAlike() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("stty", "-a").windowSize(new WindowSize(7, 9))
                .attributes(TerminalAttributes.cooked().withEcho(false));
        String first = Programs.output(builder);
        assertTrue(first.contains("rows 7; columns 9;"), first);
        assertEquals(first, Programs.output(builder));
    }
}
