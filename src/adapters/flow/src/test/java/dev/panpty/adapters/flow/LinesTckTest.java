package dev.panpty.adapters.flow;

import dev.panpty.ProcessFlow;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterMethod;

/** {@link ProcessFlow#lines}: a program that writes a number of lines and exits. */
public class LinesTckTest extends FlowPublisherVerification<String> {

    private static final int MOST_CHARS = 100;

    private final Processes processes = new Processes();

    public LinesTckTest() {
        super(new TestEnvironment(500, 100));
    }

    @Override
    public Flow.Publisher<String> createFlowPublisher(long lines) {
        return processes.start("seq", Long.toString(lines)).lines(StandardCharsets.US_ASCII, MOST_CHARS);
    }

    /** A second subscriber. */
    @Override
    public Flow.Publisher<String> createFailedFlowPublisher() {
        ProcessFlow flow = processes.start("true");
        flow.status().join();
        Flow.Publisher<String> lines = flow.lines(StandardCharsets.US_ASCII, MOST_CHARS);
        lines.subscribe(new Ignoring<>());
        return lines;
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1_000_000;
    }

    @AfterMethod
    public void end() {
        processes.close();
    }
}
