package dev.panpty.stress;

import dev.panpty.testing.CastOfManyBytes;
import dev.panpty.testing.ForkedJvm;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gigabyte of output with a heap of 24 MiB: with the profile {@code stress} only. */
class CastStress {

    @Test
    @Timeout(900)
    void aGigabyteIsRecordedReadPlayedAndConverted(@TempDir Path folder) throws Exception {
        new ForkedJvm(CastOfManyBytes.class).options("-Xmx24m").limit(Duration.ofMinutes(14))
                .arguments(folder.toString(), "1000000000").run();
    }
}
