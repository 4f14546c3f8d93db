package dev.panpty.bench;

/** The workloads of {@code src/test/c/reference.c}, implemented by one library and style. */
interface Work {

    /** One after the other: starts of {@code true}, output read to its end and the process reaped. */
    void spawn(int count, Meter meter) throws Exception;

    /** So many MiB from the counterpart in the role {@code write} or {@code lines}. */
    void output(String role, int mib, Meter meter) throws Exception;

    /** So many round trips of one byte. */
    void echo(int count, Meter meter) throws Exception;

    /** So many MiB to the counterpart, which prints the hash of what it read. */
    void feed(int mib, Meter meter) throws Exception;

    /** {@link Meter#messages} of 64 bytes to each of so many counterparts and back, from the first byte to the last. */
    void terminals(int count, Meter meter) throws Exception;

    /** Runs a workload by the name that the C reference uses. */
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
