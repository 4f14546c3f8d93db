package dev.panpty.internal.sys;

/** The result of a call, or the negative errno. */
public final class Result<T> {

    private final T value; // null if it failed
    private final int error;

    private Result(T value, int error) {
        this.value = value;
        this.error = error;
    }

    public static <T> Result<T> of(T value) {
        return new Result<>(value, 0);
    }

    /** @param error the negative errno */
    public static <T> Result<T> failure(int error) {
        return new Result<>(null, error);
    }

    public boolean failed() {
        return error < 0;
    }

    /** 0, or the negative errno. */
    public int error() {
        return error;
    }

    /** @throws IllegalStateException if it failed */
    public T value() {
        if (failed()) {
            throw new IllegalStateException("failed with " + Errno.name(-error));
        }
        return value;
    }
}
