package dev.panpty.testing;

import static dev.panpty.testing.FullHost.check;

import dev.panpty.PtyProcess;
import dev.panpty.SpawnException.Step;
import dev.panpty.SpawnException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.Set;

/**
 * A JVM with hardly any free address space, see RLIMIT_AS in getrlimit(2): from none to enough for the stack of a child or of a thread,
 * in small steps. malloc must hold free memory already, or the JVM itself would abort.
 */
public final class ScarceMemory implements ForkedJvm.Body {

    private static final long STEP_BYTES = 64 << 10;
    private static final long ENOUGH_BYTES = 2 << 20;
    private static final int TIMES = 3;

    @Override
    public void run(String[] arguments) throws Throwable {
        RealUse.all();
        Set<Step> steps = EnumSet.noneOf(Step.class);
        Leaks.none(() -> {
            try (Libc.SoftLimit limit = new Libc.SoftLimit(Libc.RLIMIT_AS)) {
                for (long spare = 0; spare < ENOUGH_BYTES; spare += STEP_BYTES) {
                    limit.lower(used() + spare);
                    for (int i = 0; i < TIMES; i++) {
                        start(steps);
                    }
                    limit.restore();
                }
            }
            RealUse.all();
        });
        check(steps.equals(EnumSet.of(Step.SPAWN)) || steps.equals(EnumSet.of(Step.FORK)), steps);
    }

    private static void start(Set<Step> failures) throws Exception {
        try (PtyProcess process = PtyProcess.start("echo", "hello")) {
            String output = new String(process.getInputStream().readAllBytes());
            check(output.equals("hello\r\n"), output);
            check(process.waitFor() == 0, process);
        } catch (SpawnException failed) {
            failures.add(failed.step());
            check(failed.errnoName().equals("ENOMEM") && failed.getMessage().contains("RLIMIT_AS"), failed);
        }
    }

    private static long used() throws IOException {
        String size = Files.readAllLines(Proc.path("self", "status")).stream()
                .filter(line -> line.startsWith("VmSize:")).findAny().orElseThrow();
        return Long.parseLong(size.replaceAll("\\D", "")) << 10;
    }
}
