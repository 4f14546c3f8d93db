package dev.panpty;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A process as reactive streams, see {@link Flow}: start a builder with it, subscribe to {@link #output}, or to {@link #text} or
 * {@link #lines} of it, subscribe {@link #input} to a publisher of data. Nothing is read without demand; the kernel then blocks the
 * program.
 *
 * {@snippet file="dev/panpty/examples/Flows.java" region="flow"}
 *
 * <p>It belongs to one process, one subscriber and one publisher. A second start with it, and {@link #connectionMade} of a second process,
 * throws {@link IllegalStateException}; after a failed start it may be used again. Subscribers are called on the reactor's thread, except
 * for {@code onSubscribe} and for signals before the start. They must not block; they may keep the items. The publishers and
 * {@link #input} may be used from any thread, and none of their methods waits. The methods of {@link ProcessProtocol} are called by the
 * reactor.
 */
public final class ProcessFlow implements ProcessProtocol {

    private static final String TAKEN = "a flow belongs to one process, and has one already";

    private final AtomicBoolean claimed = new AtomicBoolean();
    private final CompletableFuture<ProcessTransport> connection = new CompletableFuture<>();
    private final FlowOutput output = new FlowOutput(connection, this::onError);
    private final FlowInput input = new FlowInput(connection, this::onError);
    /** Completed on the reactor's thread, and so not given to users. */
    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private final Consumer<? super Throwable> errors;

    /** A flow for one process that is yet to be started. Errors that no subscriber or publisher gets are logged. */
    public ProcessFlow() {
        errors = ProcessProtocol.super::onError;
    }

    /**
     * A flow for one process that is yet to be started, with a receiver of the errors that no subscriber or publisher gets. These are: what
     * the publisher of the {@link #input} signals by {@code onError}; an item that is refused, see there; {@link PartialWriteException} for
     * items that were taken and then dropped, because the program changed the terminal's mode and the kernel would have cut a line; what a
     * subscriber or a publisher throws; and a failure of the terminal or the reactor.
     *
     * @param errors called on the thread on which the error occurs, that of the reactor or of the publisher, so it must not block. What it
     *     throws is logged
     */
    public ProcessFlow(Consumer<? super Throwable> errors) {
        this.errors = requireNonNull(errors, "errors");
    }

    /**
     * The program's output. It completes at the end of the process, whatever its {@link #status}. Cancelling drops the rest of the output;
     * the program goes on. A subscriber that has cancelled, or whose {@code onNext} has thrown, is not called again, and no reference to it
     * is kept.
     *
     * <p>An item is a buffer that the subscriber owns, with an array of just these bytes. It has what one read(2) gives, or more with
     * {@link PtyProcessBuilder#joinOutput}.
     *
     * @return a publisher for one subscriber; a second one gets {@link IllegalStateException} by its {@code onError}
     */
    public Flow.Publisher<ByteBuffer> output() {
        return output;
    }

    /**
     * The program's output as text, see {@link TextDecoder}: a character that two items of {@link #output} share comes whole. Takes the
     * place of {@link #output}, with the same rules: one item is requested of it when a subscriber wants more text than is decoded. No
     * item is empty.
     *
     * @param charset any; the program's is that of its locale, see locale(7)
     * @return a publisher for one subscriber, which is the one subscriber of the output
     */
    public Flow.Publisher<String> text(Charset charset) {
        return DecodedOutput.text(output, charset, this::onError);
    }

    /**
     * The program's output as lines, see {@link LineDecoder}. Takes the place of {@link #output}, with the same rules; the demand counts
     * lines, and lines that are not requested yet are kept: those of one item at most. The last line may have no end. Cancelling drops
     * what is kept too.
     *
     * @param charset any; the program's is that of its locale, see locale(7)
     * @param maxChars how many {@code char}s a line has at most, 2 or more; a longer one comes in several pieces
     * @return a publisher for one subscriber, which is the one subscriber of the output
     */
    public Flow.Publisher<String> lines(Charset charset, int maxChars) {
        return DecodedOutput.lines(output, charset, maxChars, this::onError);
    }

    /**
     * The program's input: one item is requested at a time, the next when the first is written. The bytes between an item's position and
     * limit are copied before {@code onNext} returns; the item is not changed, and other subscribers may use it. Completion is the end of
     * input. So is an error, which the {@linkplain #ProcessFlow(Consumer) receiver of errors} gets. An item with a line that the kernel
     * would cut, see {@link LongLines#REFUSE}, is an error as well: none of it is typed, and the subscription is cancelled. The
     * subscription is also cancelled when no more input is accepted.
     *
     * @return a subscriber for one publisher; the subscription of a second one is cancelled
     */
    public Flow.Subscriber<ByteBuffer> input() {
        return input;
    }

    /**
     * The exit status. The output completes whether the program succeeds or not, see {@link ExitStatus#isSuccess}. When it completes, the
     * status is known already: {@code onComplete} may get it from this.
     *
     * @return a new future at each call. It is complete at once if the program has exited; else it is completed at the exit, on a thread of
     *     its own, as that of {@link PtyProcess#onExit}. It stays incomplete while no process is started
     */
    public CompletableFuture<ExitStatus> status() {
        CompletableFuture<ExitStatus> status = StageFuture.incomplete(this::onOwnThread);
        if (exit.isDone()) {
            status.complete(exit.join());
        } else {
            exit.thenAcceptAsync(status::complete, this::onOwnThread);
        }
        return status;
    }

    /** Runs dependents, which may block. After the start. */
    private void onOwnThread(Runnable work) {
        if (connection.getNow(null) instanceof PtyProcess process) {
            process.onOwnThread(work);
        } else {
            Thread.startVirtualThread(work);
        }
    }

    /** Claims the flow for a start; {@link #release} follows if that fails. */
    void claim() {
        if (!claimed.compareAndSet(false, true)) {
            throw new IllegalStateException(TAKEN);
        }
    }

    void release() {
        claimed.set(false);
    }

    @Override
    public void connectionMade(ProcessTransport transport) {
        requireNonNull(transport, "transport");
        if (connection.isDone()) {
            throw new IllegalStateException(TAKEN);
        }
        claimed.set(true); // needed if another protocol was started and delegates its calls to this
        transport.pauseProducing();
        connection.complete(transport);
    }

    @Override
    public void outReceived(ByteBuffer data) {
        output.next(data);
    }

    @Override
    public void processExited(ExitStatus status) {
        exit.complete(status);
    }

    @Override
    public void processEnded(ExitStatus status) {
        exit.complete(status); // needed if another protocol delegates only this call
        output.complete();
    }

    @Override
    public void onError(Throwable thrown) {
        try {
            errors.accept(thrown);
        } catch (Throwable again) { // a publisher that has failed already is no receiver of it
            ProcessProtocol.super.onError(thrown);
            ProcessProtocol.super.onError(again);
        }
    }
}
