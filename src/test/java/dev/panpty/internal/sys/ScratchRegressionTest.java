package dev.panpty.internal.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.testing.ForkedJvm;
import java.lang.reflect.Field;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads whose number an int does not hold: a JVM comes to them after two thousand million virtual threads. */
@Timeout(60)
class ScratchRegressionTest {

    @Test
    void aThreadOfAnyNumberBorrowsAndGivesBack() throws Exception {
        new ForkedJvm(HighNumbers.class).options("--add-opens", "java.base/java.lang=ALL-UNNAMED").run();
    }

    /** Numbers its threads itself, before they are started. */
    public static final class HighNumbers implements ForkedJvm.Body {

        private static final long INT = 1L << 31;

        @Override
        public void run(String[] arguments) throws Throwable {
            Field number = Thread.class.getDeclaredField("tid");
            number.setAccessible(true);
            for (long high : new long[] {INT - 1, INT, INT + 10, 2 * INT - 1, 2 * INT, 5 * INT + 7, Long.MAX_VALUE}) {
                Thread thread = Thread.ofPlatform().unstarted(HighNumbers::borrow);
                number.setLong(thread, high);
                assertEquals(high, thread.threadId());
                Optional<Throwable> thrown = run(thread);
                assertEquals(Optional.empty(), thrown, () -> "thread " + high);
            }
        }

        /** More at a time than the pool keeps, so that every place of it is looked at. */
        private static void borrow() {
            Scratch[] borrowed = new Scratch[40];
            for (int i = 0; i < borrowed.length; i++) {
                borrowed[i] = Scratch.take();
            }
            for (Scratch scratch : borrowed) {
                scratch.give();
            }
        }

        private static Optional<Throwable> run(Thread thread) throws InterruptedException {
            Throwable[] thrown = new Throwable[1];
            thread.setUncaughtExceptionHandler((failed, why) -> thrown[0] = why);
            thread.start();
            thread.join();
            return Optional.ofNullable(thrown[0]);
        }
    }
}
