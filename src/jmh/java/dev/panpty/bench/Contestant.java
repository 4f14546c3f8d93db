package dev.panpty.bench;

import java.util.ArrayList;
import java.util.List;

/** Who is compared, and how a process of it is started that answers as {@code src/test/c/reference.c} does. */
enum Contestant {
    C("C"),
    PLATFORM("streams"),
    VIRTUAL("streams, virtual threads"),
    PROTOCOL("protocol"),
    FORK_EXEC("streams, fork_exec", "-Ddev.panpty.spawn=fork_exec"),
    PROTOCOL_FORK_EXEC("protocol, fork_exec", "-Ddev.panpty.spawn=fork_exec"),
    PTY4J("pty4j", "-Dslf4j.internal.verbosity=ERROR"),
    BUILDER("ProcessBuilder (pipes)");

    private final String label;
    private final List<String> options;

    Contestant(String label, String... options) {
        this.label = label;
        this.options = List.of(options);
    }

    /** As the tables show it. */
    String label() {
        return label;
    }

    /** Whether it is this library. */
    boolean isOurs() {
        return this != C && this != PTY4J && this != BUILDER;
    }

    /**
     * A process that answers each line of its input by a measurement.
     *
     * @param heapGib touched before all else; 0 for a small heap, touched as well, so that to use it is no growth
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
            command.addAll(List.of(Native.java(), "--enable-native-access=ALL-UNNAMED", "-Xms" + heap, "-Xmx" + heap, "-XX:+AlwaysPreTouch"));
            command.addAll(options);
            command.addAll(List.of("-classpath", System.getProperty("java.class.path"), MeasuredJvm.class.getName(), name(),
                    Native.program("counterpart")));
        }
        return command;
    }

    /** The workloads in this way. */
    Work work(String counterpart) {
        return switch (this) {
            case C -> throw new IllegalArgumentException("not in a JVM");
            case PLATFORM, FORK_EXEC -> new StreamWorkloads(Library.PANPTY, counterpart, Thread.ofPlatform());
            case VIRTUAL -> new StreamWorkloads(Library.PANPTY, counterpart, Thread.ofVirtual());
            case PROTOCOL, PROTOCOL_FORK_EXEC -> new EventWorkloads(counterpart);
            case PTY4J -> new StreamWorkloads(Library.PTY4J, counterpart, Thread.ofPlatform());
            case BUILDER -> new StreamWorkloads(Library.BUILDER, counterpart, Thread.ofPlatform());
        };
    }
}
