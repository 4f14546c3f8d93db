package dev.panpty.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.testing.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Input that the kernel echoes while the program exits, tens of thousands of times: with the profile {@code stress} only. Before the library
 * waited for the echo, about one end in 20,000 came before the last output.
 */
class EchoStress {

    @RegisterExtension
    final Seed seed = new Seed();

    private static final int ENDS = 60_000;
    private static final int AT_ONCE = 4;
    private static final int TYPED_BYTES = 698;
    private static final int LINE_BYTES = 20;
    private static final String DIGITS = IntStream.rangeClosed(1, 3000).mapToObj(String::valueOf).collect(Collectors.joining());

    @Test
    @Timeout(900)
    void inputTypedAtTheEndTakesNothingFromTheOutput() throws Exception {
        List<Future<?>> all = new ArrayList<>();
        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
        try (workers) {
            for (int i = 0; i < AT_ONCE; i++) {
                Random random = new Random(seed.value() + i);
                all.add(workers.submit(() -> {
                    for (int end = 0; end < ENDS / AT_ONCE; end++) {
                        one(random);
                    }
                    return null;
                }));
            }
            for (Future<?> worker : all) {
                worker.get();
            }
        }
    }

    private static void one(Random random) throws Exception {
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "seq 1 3000; kill -9 $$").start()) {
            TimeUnit.MICROSECONDS.sleep(8000 + random.nextInt(8000)); // about as long as the program takes, so that it exits during the write
            try {
                process.getOutputStream().write(typed(random.nextBoolean()));
                if (random.nextBoolean()) {
                    process.getOutputStream().close();
                }
            } catch (IOException ended) {
                // it has exited first: no echo
            }
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertEquals(DIGITS, text.replaceAll("[^0-9]", ""), () -> text.length() + " bytes");
        }
    }

    /** Input without digits: one unfinished line, or unread lines. An end of the input may follow. */
    private static byte[] typed(boolean lines) {
        byte[] typed = new byte[TYPED_BYTES];
        for (int i = 0; lines && i < typed.length; i += LINE_BYTES) {
            typed[i] = '\n';
        }
        return typed;
    }
}
