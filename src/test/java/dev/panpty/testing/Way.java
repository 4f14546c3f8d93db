package dev.panpty.testing;

import dev.panpty.SpawnStrategy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The ways in which a program can be started, and how to force one: all tests do it here. */
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

    /** What {@code PtyProcess.spawnStrategy} answers. */
    public SpawnStrategy strategy() {
        return strategy;
    }

    /** Every start is made in this way from now on. */
    public void force() {
        System.setProperty(PROPERTY, propertyValue());
    }

    /** The library chooses again. */
    public static void release() {
        System.clearProperty(PROPERTY);
    }

    /** The way forced at the moment. */
    public static Optional<Way> forced() {
        return Arrays.stream(values()).filter(way -> way.propertyValue().equals(System.getProperty(PROPERTY))).findAny();
    }

    /** What forces this way in another JVM. */
    public String jvmOption() {
        return "-D" + PROPERTY + "=" + propertyValue();
    }

    /** How often a race is to be run in the way forced at the moment: a plain fork copies the JVM's page tables each time. */
    public static int times(int many) {
        return forced().equals(Optional.of(PLAIN_FORK)) ? many / 10 : many;
    }

    private String propertyValue() {
        return strategy.name().toLowerCase(Locale.ROOT);
    }
}
