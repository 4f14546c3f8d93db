package dev.panpty.adapters.flow;

import java.util.concurrent.Flow;

/** A subscriber that requests nothing. */
final class Ignoring<T> implements Flow.Subscriber<T> {

    @Override
    public void onSubscribe(Flow.Subscription subscription) {}

    @Override
    public void onNext(T item) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
}
