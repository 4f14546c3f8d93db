package dev.panpty.bench;

/** The workloads of {@code src/test/c/reference.c} in one way. */
interface Work {

    /** One after the other: starts of {@code true}, output read to its end and the process reaped. */
    void spawn(int count, Meter meter) throws Exception;

    /** So many MiB from the counterpart in the role {@code write} or {@code lines}. */
    void output(String role, int mib, Meter meter) throws Exception;

    /** So many round trips of one byte. */
    void echo(int count, Meter meter) throws Exception;

    /** So many MiB to the counterpart, which says what has arrived. */
    void feed(int mib, Meter meter) throws Exception;

    /** {@link Meter#messages} of 64 bytes to each of so many counterparts and back, from the first byte to the last. */
    void terminals(int count, Meter meter) throws Exception;

    /** By name, as the C reference is asked. */
    default void run(String workload, int count, Meter meter) throws Exception {
        switch (workload) {
            case "spawn" -> spawn(count, meter);
            case "bulk" -> output("write", count, meter);
            case "text" -> output("lines", count, meter);
            case "echo" -> echo(count, meter);
            case "feed" -> feed(count, meter);
            case "terminals" -> terminals(count, meter);
            default -> throw new IllegalArgumentException(workload);
        }
    }
}
