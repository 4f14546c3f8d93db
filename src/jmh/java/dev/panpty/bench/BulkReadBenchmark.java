package dev.panpty.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** 16 MiB from a program, start and exit included. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class BulkReadBenchmark {

    private static final int MIB = 16;

    /** The library that starts it. */
    @Param({"PANPTY", "BUILDER", "PTY4J"})
    public Library library;

    /** {@code write} without output processing, {@code lines} of 80 bytes with it. */
    @Param({"write", "lines"})
    public String role;

    private String counterpart;

    /** Compiles the program that writes. */
    @Setup
    public void compile() {
        counterpart = Native.program("counterpart");
    }

    /** The whole output. */
    @Benchmark
    public void readToEnd() throws Exception {
        new StreamWorkloads(library, counterpart, Thread.ofPlatform()).output(role, MIB, new Meter());
    }
}
