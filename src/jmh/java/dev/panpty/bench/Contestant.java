package dev.panpty.bench;

import java.io.File;
import java.util.ArrayList;
import java.util.List;

/** The contestants, and the command of each that answers as {@code src/test/c/reference.c} does. */
enum Contestant {
    C("C"),
    PLATFORM("streams"),
    VIRTUAL("streams, virtual threads"),
    PROTOCOL("protocol"),
    FORK_EXEC("streams, fork_exec", "-Ddev.panpty.spawn=fork_exec"),
    PROTOCOL_FORK_EXEC("protocol, fork_exec", "-Ddev.panpty.spawn=fork_exec"),
    OLD_PLATFORM("streams, old"),
    OLD_VIRTUAL("streams, virtual threads, old"),
    OLD_PROTOCOL("protocol, old"),
    PTY4J("pty4j", "-Dslf4j.internal.verbosity=ERROR"),
    BUILDER("ProcessBuilder (pipes)");

    /** The classes of an older state of this library; empty without one. */
    private static final String OLD_CLASSES = System.getProperty("bench.old", "");

    private final String label;
    private final List<String> options;

    Contestant(String label, String... options) {
        this.label = label;
        this.options = List.of(options);
    }

    /** Its name in the tables. */
    String label() {
        return label;
    }

    /** Whether it is this library in its present state. */
    boolean isOurs() {
        return switch (this) {
            case PLATFORM, VIRTUAL, PROTOCOL, FORK_EXEC, PROTOCOL_FORK_EXEC -> true;
            case C, OLD_PLATFORM, OLD_VIRTUAL, OLD_PROTOCOL, PTY4J, BUILDER -> false;
        };
    }

    /** Whether it is another library. */
    boolean isOther() {
        return this == PTY4J || this == BUILDER;
    }

    /** Whether it is available. */
    boolean isHere() {
        return !isOld() || !OLD_CLASSES.isEmpty();
    }

    /** The same contestant with the older state of this library, or null. */
    Contestant old() {
        return switch (this) {
            case PLATFORM -> OLD_PLATFORM;
            case VIRTUAL -> OLD_VIRTUAL;
            case PROTOCOL -> OLD_PROTOCOL;
            default -> null;
        };
    }

    private boolean isOld() {
        return this == OLD_PLATFORM || this == OLD_VIRTUAL || this == OLD_PROTOCOL;
    }

    /**
     * The command of a process that answers each line of its input with a measurement.
     *
     * @param heapGib the heap touched first; 0 for a small heap, touched too, so that its use does not count as growth
     */
    List<String> command(int heapGib) {
        List<String> command = new ArrayList<>();
        if (this == C) {
            command.addAll(List.of(Native.program("reference"), Native.program("counterpart")));
            if (heapGib > 0) {
                command.add(Integer.toString(heapGib));
            }
        } else {
            String heap = heapGib > 0 ? heapGib + "g" : "256m";
            // Between its turns, of more than 5 s, the reactor would end, and each turn begin with a new one.
            command.addAll(List.of(Native.java(), "--enable-native-access=ALL-UNNAMED", "-Xms" + heap, "-Xmx" + heap, "-XX:+AlwaysPreTouch",
                    "-Ddev.panpty.idleMillis=3600000"));
            command.addAll(options);
            command.addAll(List.of("-classpath", classPath(), MeasuredJvm.class.getName(), name(),
                    Native.program("counterpart")));
        }
        return command;
    }

    private String classPath() {
        String classPath = System.getProperty("java.class.path");
        return isOld() ? OLD_CLASSES + File.pathSeparator + classPath : classPath;
    }

    /** The workloads of this contestant. */
    Work work(String counterpart) {
        return switch (this) {
            case C -> throw new IllegalArgumentException("not in a JVM");
            case PLATFORM, FORK_EXEC, OLD_PLATFORM -> new StreamWorkloads(Library.PANPTY, counterpart, Thread.ofPlatform());
            case VIRTUAL, OLD_VIRTUAL -> new StreamWorkloads(Library.PANPTY, counterpart, Thread.ofVirtual());
            case PROTOCOL, PROTOCOL_FORK_EXEC, OLD_PROTOCOL -> new EventWorkloads(counterpart);
            case PTY4J -> new StreamWorkloads(Library.PTY4J, counterpart, Thread.ofPlatform());
            case BUILDER -> new StreamWorkloads(Library.BUILDER, counterpart, Thread.ofPlatform());
        };
    }
}
