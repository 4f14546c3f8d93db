package dev.panpty.internal.sys;

import java.util.Optional;

/** The result of a call, or the negative errno, and perhaps the name of the call that failed. */
public final class Result<T> {

    private final T value; // null if it failed
    private final int error;
    private final String call;

    private Result(T value, int error, String call) {
        this.value = value;
        this.error = error;
        this.call = call;
    }

    public static <T> Result<T> of(T value) {
        return new Result<>(value, 0, "");
    }

    /** @param error the negative errno */
    public static <T> Result<T> failure(int error) {
        return failure(error, "");
    }

    /**
     * A failure of one of several calls.
     *
     * @param error the negative errno
     * @param call the name of the system call
     */
    public static <T> Result<T> failure(int error, String call) {
        return new Result<>(null, error, call);
    }

    public boolean failed() {
        return error < 0;
    }

    /** 0, or the negative errno. */
    public int error() {
        return error;
    }

    /** The system call that failed; empty if it was not given. */
    public String call() {
        return call;
    }

    /** The result, unless the call has failed. */
    public Optional<T> present() {
        return Optional.ofNullable(value);
    }

    /** @throws IllegalStateException if it failed */
    public T value() {
        if (failed()) {
            throw new IllegalStateException("failed with " + Errno.name(-error));
        }
        return value;
    }
}
