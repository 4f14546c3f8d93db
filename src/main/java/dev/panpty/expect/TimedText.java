package dev.panpty.expect;

/**
 * Characters for a {@link java.util.regex.Matcher}, which has no limit of time: {@link #charAt} throws when the time is over, or the thread
 * is interrupted. The length can be set, so that a match can be searched as if less output had come. For one thread at a time.
 */
final class TimedText implements CharSequence {

    private static final int CHARS_BETWEEN_LOOKS = 1024;

    private char[] chars = {};
    private int length;
    private int unlooked = CHARS_BETWEEN_LOOKS;
    private long deadlineNanos;

    /** The time is over, or the thread is interrupted. Without a stack trace: it ends one search. */
    @SuppressWarnings("serial") // it is never serialized
    static final class TimeOver extends RuntimeException {

        TimeOver() {
            super(null, null, false, false);
        }
    }

    void set(char[] newChars, int newLength) {
        chars = newChars;
        length = newLength;
    }

    void deadline(long nanos) {
        deadlineNanos = nanos;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public char charAt(int index) {
        if (--unlooked == 0) {
            unlooked = CHARS_BETWEEN_LOOKS;
            if (System.nanoTime() - deadlineNanos > 0 || Thread.currentThread().isInterrupted()) {
                throw new TimeOver();
            }
        }
        return chars[index];
    }

    @Override
    public CharSequence subSequence(int from, int to) {
        return new String(chars, from, to - from);
    }

    @Override
    public String toString() {
        return new String(chars, 0, length);
    }
}
