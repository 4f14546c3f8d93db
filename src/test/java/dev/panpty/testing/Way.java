package dev.panpty.testing;

import dev.panpty.SpawnStrategy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The ways in which a program can be started; all tests force one here. */
public enum Way {
    POSIX_SPAWN(SpawnStrategy.POSIX_SPAWN),
    FORK_EXEC(SpawnStrategy.FORK_EXEC),
    PLAIN_FORK(SpawnStrategy.PLAIN_FORK);

    private static final String PROPERTY = "dev.panpty.spawn";

    private final SpawnStrategy strategy;

    Way(SpawnStrategy strategy) {
        this.strategy = strategy;
    }

    /** All of them. */
    public static List<Way> all() {
        return List.of(values());
    }

    /** The result of {@code PtyProcess.spawnStrategy} for this way. */
    public SpawnStrategy strategy() {
        return strategy;
    }

    /** Forces this way for every start from now on. */
    public void force() {
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
