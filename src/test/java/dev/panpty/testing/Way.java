package dev.panpty.testing;

import dev.panpty.SpawnStrategy;
import java.lang.foreign.Linker;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The ways in which a program can be started; all tests force one here. */
public enum Way {
    POSIX_SPAWN(SpawnStrategy.POSIX_SPAWN),
    FORK_EXEC(SpawnStrategy.FORK_EXEC),
    PLAIN_FORK(SpawnStrategy.PLAIN_FORK);

    private static final String CLOSE_FROM = "posix_spawn_file_actions_addclosefrom_np";
    private static final String PROPERTY = "dev.panpty.spawn";

    private final SpawnStrategy strategy;

    Way(SpawnStrategy strategy) {
        this.strategy = strategy;
    }

    /** All that are possible here. */
    public static List<Way> all() {
        return Arrays.stream(values()).filter(Way::isPossible).toList();
    }

    /** Whether libc has what this way needs: posix_spawn needs a function that glibc has since 2.34. */
    public boolean isPossible() {
        return this != POSIX_SPAWN || Linker.nativeLinker().defaultLookup().find(CLOSE_FROM).isPresent();
    }

    /** Skips the test where it is not possible. */
    public void need() {
        Tools.skipUnless(isPossible(), CLOSE_FROM);
    }

    /** The result of {@code PtyProcess.spawnStrategy} for this way. */
    public SpawnStrategy strategy() {
        return strategy;
    }

    /** Forces this way for every start from now on. Skips the test, or the try of a property, where it is not possible. */
    public void force() {
        need();
        System.setProperty(PROPERTY, propertyValue());
    }

    /** Lets the library choose again. */
    public static void release() {
        System.clearProperty(PROPERTY);
    }

    /** The way that is forced now. */
    public static Optional<Way> forced() {
        return Arrays.stream(values()).filter(way -> way.propertyValue().equals(System.getProperty(PROPERTY))).findAny();
    }

    /** The option that forces this way in another JVM. */
    public String jvmOption() {
        return "-D" + PROPERTY + "=" + propertyValue();
    }

    /** The repetitions of a race in the way that is forced now: a plain fork copies the JVM's page tables each time. */
    public static int times(int many) {
        return forced().equals(Optional.of(PLAIN_FORK)) ? many / 10 : many;
    }

    private String propertyValue() {
        return strategy.name().toLowerCase(Locale.ROOT);
    }
}
