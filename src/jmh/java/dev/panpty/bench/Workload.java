package dev.panpty.bench;

import static dev.panpty.bench.Contestant.BUILDER;
import static dev.panpty.bench.Contestant.C;
import static dev.panpty.bench.Contestant.FORK_EXEC;
import static dev.panpty.bench.Contestant.OLD_PLATFORM;
import static dev.panpty.bench.Contestant.OLD_PROTOCOL;
import static dev.panpty.bench.Contestant.OLD_VIRTUAL;
import static dev.panpty.bench.Contestant.PLATFORM;
import static dev.panpty.bench.Contestant.PROTOCOL;
import static dev.panpty.bench.Contestant.PROTOCOL_FORK_EXEC;
import static dev.panpty.bench.Contestant.PTY4J;
import static dev.panpty.bench.Contestant.VIRTUAL;

import java.util.List;
import java.util.Locale;

/** The workloads: the operations of a round, the contestants, and the aims of this library relative to the C reference. */
enum Workload {
    SPAWN("start", 300, List.of(C, PLATFORM, OLD_PLATFORM, FORK_EXEC, PROTOCOL, OLD_PROTOCOL, PROTOCOL_FORK_EXEC, PTY4J, BUILDER)),
    BULK("MiB", 64, List.of(C, PLATFORM, OLD_PLATFORM, VIRTUAL, OLD_VIRTUAL, PROTOCOL, OLD_PROTOCOL, PTY4J, BUILDER)),
    TEXT("MiB", 64, List.of(C, PLATFORM, OLD_PLATFORM, VIRTUAL, OLD_VIRTUAL, PROTOCOL, OLD_PROTOCOL, PTY4J, BUILDER)),
    ECHO("round trip", 10_000, List.of(C, PLATFORM, OLD_PLATFORM, VIRTUAL, OLD_VIRTUAL, PROTOCOL, OLD_PROTOCOL, PTY4J, BUILDER)),
    FEED("MiB", 64, List.of(C, PLATFORM, OLD_PLATFORM, VIRTUAL, OLD_VIRTUAL, PROTOCOL, OLD_PROTOCOL, PTY4J, BUILDER)),
    TERMINALS("message", 1_000, List.of(C, PROTOCOL, OLD_PROTOCOL, VIRTUAL, OLD_VIRTUAL, PTY4J, BUILDER));

    private final String unit;
    private final int count;
    private final List<Contestant> contestants;

    Workload(String unit, int count, List<Contestant> contestants) {
        this.unit = unit;
        this.count = count;
        this.contestants = contestants.stream().filter(Contestant::isHere).toList();
    }

    /** The name of an operation. */
    String unit() {
        return unit;
    }

    /** The operations of a round; for TERMINALS the number of terminals. */
    int count() {
        return count;
    }

    /** The first is the base of the ratios. */
    List<Contestant> contestants() {
        return contestants;
    }

    /** The most that time and CPU may be, as multiples of the C reference's. */
    String target(Contestant contestant, boolean largeHeap) {
        if (!contestant.isOurs()) {
            return "";
        }
        return switch (this) {
            case SPAWN -> largeHeap ? "1.20" : "1.15, CPU 2.00";
            case BULK, TEXT -> "1.00, CPU 1.30";
            case ECHO -> (contestant == VIRTUAL ? "1.50" : "1.10") + ", p99 1.50";
            case FEED -> "1.05";
            case TERMINALS -> "1.20";
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
