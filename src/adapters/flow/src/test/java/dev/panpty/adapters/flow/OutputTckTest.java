package dev.panpty.adapters.flow;

import dev.panpty.ProcessFlow;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterMethod;

/**
 * {@link ProcessFlow#output}: a program that writes without an end, since the kernel decides how many items a given output is. So the tests
 * that need a completion are left out; {@link LinesTckTest} has them.
 */
public class OutputTckTest extends FlowPublisherVerification<ByteBuffer> {

    private final Processes processes = new Processes();

    public OutputTckTest() {
        super(new TestEnvironment(500, 100));
    }

    @Override
    public Flow.Publisher<ByteBuffer> createFlowPublisher(long items) {
        return processes.start("yes").output();
    }

    /** A second subscriber. */
    @Override
    public Flow.Publisher<ByteBuffer> createFailedFlowPublisher() {
        ProcessFlow flow = processes.start("yes");
        flow.output().subscribe(new Ignoring<>());
        return flow.output();
    }

    @Override
    public long maxElementsFromPublisher() {
        return publisherUnableToSignalOnComplete();
    }

    @AfterMethod
    public void end() {
        processes.close();
    }
}
