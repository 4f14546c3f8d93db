package dev.panpty.examples;

import dev.panpty.ProcessFlow;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;

/** A program between a publisher and a subscriber of reactive streams. */
public final class Flows {

    private Flows() {}

    public static void main(String[] arguments) throws Exception {
        PtyProcess process;
        try (SubmissionPublisher<ByteBuffer> publisher = new SubmissionPublisher<>()) {
            process = between(publisher, new Printer(), "tr", "a-z", "A-Z");
            publisher.submit(StandardCharsets.US_ASCII.encode("duke\n"));
        }
        process.onEnd().join();
    }

    private static PtyProcess between(
            Flow.Publisher<ByteBuffer> publisher, Flow.Subscriber<String> subscriber, String... command) throws Exception {
        // @start region="flow"
        ProcessFlow flow = new ProcessFlow();
        PtyProcess process = new PtyProcessBuilder(command).start(flow);
        flow.text(StandardCharsets.UTF_8).subscribe(subscriber);
        publisher.subscribe(flow.input());
        // @end
        return process;
    }

    private static final class Printer implements Flow.Subscriber<String> {

        private Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
            subscription.request(1);
        }

        @Override
        public void onNext(String text) {
            System.out.print(text);
            subscription.request(1);
        }

        @Override
        public void onError(Throwable failed) {
            failed.printStackTrace();
        }

        @Override
        public void onComplete() {
            System.out.println("complete");
        }
    }
}
