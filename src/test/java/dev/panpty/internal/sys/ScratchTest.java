package dev.panpty.internal.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.ForkedJvm;
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pool of call buffers: any thread borrows and returns one. */
@Timeout(60)
class ScratchTest {

    private static final int MORE_THAN_THE_POOL_KEEPS = 40;

    @Test
    void eachBorrowerHasTheWholeBuffer() {
        List<Scratch> borrowed = Stream.generate(Scratch::take).limit(MORE_THAN_THE_POOL_KEEPS).toList();
        borrowed.forEach(scratch -> scratch.data().position(1).limit(2));
        borrowed.forEach(Scratch::close);
        List<Scratch> again = Stream.generate(Scratch::take).limit(MORE_THAN_THE_POOL_KEEPS).toList();
        again.forEach(scratch -> assertEquals(Scratch.DATA_BYTES, scratch.data().remaining()));
        again.forEach(Scratch::close);
    }

    /** A JVM reaches such numbers after two thousand million virtual threads. */
    @Test
    void aThreadOfAnyNumberBorrowsAndReturns() throws Exception {
        new ForkedJvm(HighNumbers.class).options("--add-opens", "java.base/java.lang=ALL-UNNAMED").run();
    }

    /** Threads whose number does not fit into an int; the test sets the number before their start. */
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

        /** So many at a time that they use every slot of the pool. */
        private static void borrow() {
            Scratch[] borrowed = new Scratch[MORE_THAN_THE_POOL_KEEPS];
            for (int i = 0; i < borrowed.length; i++) {
                borrowed[i] = Scratch.take();
            }
            for (Scratch scratch : borrowed) {
                scratch.close();
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

    @Test
    void withoutMemoryAPollHoldsNoDescriptorAndAWakeUpAndACloseNeedNone() throws Exception {
        new ForkedJvm(NoMemory.class).options("-XX:MaxDirectMemorySize=8m").run();
    }

    /** All buffers are borrowed, and there is no memory for another. */
    public static final class NoMemory implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            Descriptor descriptor = EventFd.open().value();
            Descriptor watched = EventFd.open().value();
            Epoll epoll = Epoll.open().value();
            List<Scratch> borrowed = Stream.generate(Scratch::take).limit(MORE_THAN_THE_POOL_KEEPS).toList();
            List<ByteBuffer> memory = new ArrayList<>();
            for (int bytes = 1 << 20; bytes > 0; ) {
                try {
                    memory.add(ByteBuffer.allocateDirect(bytes));
                } catch (OutOfMemoryError full) {
                    bytes >>= 5; // in big steps: each refusal takes half a second
                }
            }
            assertThrows(OutOfMemoryError.class, () -> descriptor.poll(Epoll.IN));
            assertThrows(OutOfMemoryError.class, () -> epoll.add(watched, Epoll.IN, 1));
            assertTrue(EventFd.signal(descriptor));
            for (Descriptor closed : List.of(descriptor, watched)) {
                closed.close();
                assertFalse(Files.exists(Path.of("/proc/self/fd/" + closed.number()), LinkOption.NOFOLLOW_LINKS));
            }
            borrowed.forEach(Scratch::close);
            Reference.reachabilityFence(memory);
        }
    }
}
