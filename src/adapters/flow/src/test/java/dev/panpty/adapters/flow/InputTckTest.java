package dev.panpty.adapters.flow;

import dev.panpty.ProcessFlow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.testng.annotations.AfterMethod;

/** {@link ProcessFlow#input}: a program that reads lines. */
public class InputTckTest extends FlowSubscriberBlackboxVerification<ByteBuffer> {

    private final Processes processes = new Processes();

    public InputTckTest() {
        super(new TestEnvironment(500, 100));
    }

    @Override
    public Flow.Subscriber<ByteBuffer> createFlowSubscriber() {
        return processes.start("cat").input();
    }

    @Override
    public ByteBuffer createElement(int element) {
        return StandardCharsets.US_ASCII.encode(element + "\n");
    }

    @AfterMethod
    public void end() {
        processes.close();
    }
}
