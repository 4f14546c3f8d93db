package dev.panpty.adapters.flow;

import static org.testng.Assert.assertEquals;

import dev.panpty.ExitStatus;
import dev.panpty.ProcessFlow;
import io.reactivex.rxjava3.core.Flowable;
import io.smallrye.mutiny.Multi;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.BuildersKt;
import kotlinx.coroutines.flow.FlowKt;
import kotlinx.coroutines.jdk9.ReactiveFlowKt;
import org.reactivestreams.FlowAdapters;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.Test;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The libraries of reactive streams take a {@link ProcessFlow} as it is, as publisher and as subscriber. */
public class LibrariesTest {

    private static final int LINES = 20_000;
    private static final List<String> EXPECTED = IntStream.rangeClosed(1, LINES).mapToObj(Integer::toString).toList();
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Processes processes = new Processes();

    @AfterMethod
    public void end() {
        processes.close();
    }

    private Flow.Publisher<String> numbers() {
        return processes.start("seq", Integer.toString(LINES)).lines(StandardCharsets.UTF_8, 100);
    }

    private static ByteBuffer typed(String line) {
        return StandardCharsets.UTF_8.encode(line + "\n");
    }

    /** What a program that was typed these lines has written. */
    private void assertRead(ProcessFlow flow, Flow.Publisher<ByteBuffer> lines) {
        lines.subscribe(flow.input());
        List<String> output = Multi.createFrom().publisher(flow.lines(StandardCharsets.UTF_8, 100)).collect().asList().await().atMost(LIMIT);
        assertEquals(output.subList(output.size() - 2, output.size()), List.of("DUKE", "JAVA")); // behind the echo
        assertEquals(flow.status().join(), new ExitStatus.Exited(0));
    }

    private ProcessFlow upperCase() {
        return processes.start("sh", "-c", "read a; read b; echo $a | tr a-z A-Z; echo $b | tr a-z A-Z");
    }

    @Test
    public void reactor() {
        assertEquals(JdkFlowAdapter.flowPublisherToFlux(numbers()).publishOn(Schedulers.single(), 16)
                .collectList().block(LIMIT), EXPECTED);
    }

    @Test
    public void rxJava() {
        assertEquals(Flowable.fromPublisher(FlowAdapters.toPublisher(numbers())).rebatchRequests(3).toList().timeout(
                LIMIT.toSeconds(), TimeUnit.SECONDS).blockingGet(), EXPECTED);
    }

    @Test
    public void mutiny() {
        assertEquals(Multi.createFrom().publisher(numbers()).emitOn(ForkJoinPool.commonPool(), 5).collect().asList().await().atMost(LIMIT), EXPECTED);
    }

    @Test
    public void kotlin() throws Exception {
        kotlinx.coroutines.flow.Flow<String> flow = ReactiveFlowKt.asFlow(numbers());
        Collection<String> lines = BuildersKt.runBlocking(EmptyCoroutineContext.INSTANCE,
                (scope, continuation) -> FlowKt.toCollection(flow, new ArrayList<>(), continuation));
        assertEquals(lines, EXPECTED);
    }

    @Test
    public void reactorAsInput() {
        assertRead(upperCase(), JdkFlowAdapter.publisherToFlowPublisher(Flux.just("duke", "java").map(LibrariesTest::typed)));
    }

    @Test
    public void rxJavaAsInput() {
        assertRead(upperCase(), FlowAdapters.toFlowPublisher(Flowable.just("duke", "java").map(LibrariesTest::typed)));
    }

    @Test
    public void mutinyAsInput() {
        assertRead(upperCase(), Multi.createFrom().items("duke", "java").map(LibrariesTest::typed));
    }

    @Test
    public void kotlinAsInput() {
        assertRead(upperCase(), ReactiveFlowKt.asPublisher(FlowKt.flowOf(typed("duke"), typed("java")), EmptyCoroutineContext.INSTANCE));
    }
}
