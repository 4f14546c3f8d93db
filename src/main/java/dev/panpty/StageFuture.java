package dev.panpty;

import dev.panpty.internal.loop.LoopThread;
import dev.panpty.internal.process.Stage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The future of a {@link Stage}: complete from the beginning if the stage is reached, else completed on a thread of its own. A dependent of
 * a complete future runs on the thread that adds it. On a reactor's thread, where it might block all terminals, it runs on a thread of its
 * own instead, as if the stage were reached just then; so do the dependents of its dependents.
 *
 * <pre>
 *   stage reached before---> complete --dependent added on a loop's thread--> runs on a thread of its own
 *                                     --on another thread-------------------> runs there
 *   stage not yet reached--> incomplete --reached--> complete: dependents run on the thread of the stage
 * </pre>
 */
final class StageFuture<T> extends CompletableFuture<T> {

    private final Executor executor;

    private StageFuture(Executor executor) {
        this.executor = executor;
    }

    /** One that the caller completes, on a thread of its own if it is not complete from the beginning. */
    static <T> StageFuture<T> incomplete(Executor executor) {
        return new StageFuture<>(executor);
    }

    static <T> StageFuture<T> of(Stage stage, T value) {
        StageFuture<T> future = new StageFuture<>(stage::start);
        if (stage.isReached()) {
            future.complete(value);
        } else {
            stage.then(() -> future.complete(value));
        }
        return future;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new StageFuture<>(executor);
    }

    private static boolean mustMove() {
        return LoopThread.isCurrent();
    }

    @Override
    public <U> CompletableFuture<U> thenApply(Function<? super T, ? extends U> function) {
        return mustMove() ? thenApplyAsync(function, executor) : super.thenApply(function);
    }

    @Override
    public CompletableFuture<Void> thenAccept(Consumer<? super T> action) {
        return mustMove() ? thenAcceptAsync(action, executor) : super.thenAccept(action);
    }

    @Override
    public CompletableFuture<Void> thenRun(Runnable action) {
        return mustMove() ? thenRunAsync(action, executor) : super.thenRun(action);
    }

    @Override
    public <U, V> CompletableFuture<V> thenCombine(CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> function) {
        return mustMove() ? thenCombineAsync(other, function, executor) : super.thenCombine(other, function);
    }

    @Override
    public <U> CompletableFuture<Void> thenAcceptBoth(CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> action) {
        return mustMove() ? thenAcceptBothAsync(other, action, executor) : super.thenAcceptBoth(other, action);
    }

    @Override
    public CompletableFuture<Void> runAfterBoth(CompletionStage<?> other, Runnable action) {
        return mustMove() ? runAfterBothAsync(other, action, executor) : super.runAfterBoth(other, action);
    }

    @Override
    public <U> CompletableFuture<U> applyToEither(CompletionStage<? extends T> other, Function<? super T, U> function) {
        return mustMove() ? applyToEitherAsync(other, function, executor) : super.applyToEither(other, function);
    }

    @Override
    public CompletableFuture<Void> acceptEither(CompletionStage<? extends T> other, Consumer<? super T> action) {
        return mustMove() ? acceptEitherAsync(other, action, executor) : super.acceptEither(other, action);
    }

    @Override
    public CompletableFuture<Void> runAfterEither(CompletionStage<?> other, Runnable action) {
        return mustMove() ? runAfterEitherAsync(other, action, executor) : super.runAfterEither(other, action);
    }

    @Override
    public <U> CompletableFuture<U> thenCompose(Function<? super T, ? extends CompletionStage<U>> function) {
        return mustMove() ? thenComposeAsync(function, executor) : super.thenCompose(function);
    }

    @Override
    public CompletableFuture<T> whenComplete(BiConsumer<? super T, ? super Throwable> action) {
        return mustMove() ? whenCompleteAsync(action, executor) : super.whenComplete(action);
    }

    @Override
    public <U> CompletableFuture<U> handle(BiFunction<? super T, Throwable, ? extends U> function) {
        return mustMove() ? handleAsync(function, executor) : super.handle(function);
    }

    @Override
    public CompletableFuture<T> exceptionally(Function<Throwable, ? extends T> function) {
        return mustMove() ? exceptionallyAsync(function, executor) : super.exceptionally(function);
    }

    @Override
    public CompletableFuture<T> exceptionallyCompose(Function<Throwable, ? extends CompletionStage<T>> function) {
        return mustMove() ? exceptionallyComposeAsync(function, executor) : super.exceptionallyCompose(function);
    }
}
