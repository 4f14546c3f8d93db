package dev.panpty.cast;

import static java.util.Objects.requireNonNull;

import dev.panpty.WindowSize;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** An event of a recording. An immutable value, for any thread; switch over it without a default. */
public sealed interface CastEvent {

    /**
     * When it happened.
     *
     * @return since the start of the recording, 0 or more
     */
    Duration time();

    /**
     * The program wrote.
     *
     * @param time since the start of the recording
     * @param data what it wrote; asciicast has UTF-8
     */
    record Output(Duration time, ByteBuffer data) implements CastEvent {

        /**
         * Output, of which a copy is kept.
         *
         * @throws IllegalArgumentException if the time is negative
         */
        public Output {
            check(time);
            data = copy(data);
        }

        /**
         * What it wrote.
         *
         * @return a new read-only view
         */
        @Override
        public ByteBuffer data() {
            return data.duplicate();
        }

        /**
         * The data, decoded as UTF-8.
         *
         * @return the text, with U+FFFD for what is malformed
         */
        public String text() {
            return decoded(data);
        }

        @Override
        public String toString() {
            return "Output[time=" + time + ", text=" + text() + "]";
        }
    }

    /**
     * Input was typed.
     *
     * @param time since the start of the recording
     * @param data what was typed; asciicast has UTF-8
     */
    record Input(Duration time, ByteBuffer data) implements CastEvent {

        /**
         * Input, of which a copy is kept.
         *
         * @throws IllegalArgumentException if the time is negative
         */
        public Input {
            check(time);
            data = copy(data);
        }

        /**
         * What was typed.
         *
         * @return a new read-only view
         */
        @Override
        public ByteBuffer data() {
            return data.duplicate();
        }

        /**
         * The data, decoded as UTF-8.
         *
         * @return the text, with U+FFFD for what is malformed
         */
        public String text() {
            return decoded(data);
        }

        @Override
        public String toString() {
            return "Input[time=" + time + ", text=" + text() + "]";
        }
    }

    /**
     * The window size changed.
     *
     * @param time since the start of the recording
     * @param size the new one
     */
    record Resize(Duration time, WindowSize size) implements CastEvent {

        /**
         * A change.
         *
         * @throws IllegalArgumentException if the time is negative
         */
        public Resize {
            check(time);
            requireNonNull(size, "size");
        }
    }

    /**
     * A place that the recording has a name for.
     *
     * @param time since the start of the recording
     * @param label its name, may be empty
     */
    record Marker(Duration time, String label) implements CastEvent {

        /**
         * A marker.
         *
         * @throws IllegalArgumentException if the time is negative
         */
        public Marker {
            check(time);
            requireNonNull(label, "label");
        }
    }

    /**
     * The program ended.
     *
     * @param time since the start of the recording
     * @param status its exit code, or 128 + the number of the signal that ended it, as {@link dev.panpty.ExitStatus#exitValue} has it
     */
    record Exit(Duration time, int status) implements CastEvent {

        /**
         * An exit.
         *
         * @throws IllegalArgumentException if the time is negative
         */
        public Exit {
            check(time);
        }
    }

    /**
     * An event of a kind that the format does not define.
     *
     * @param time since the start of the recording
     * @param code its kind
     * @param data its content
     */
    record Other(Duration time, String code, String data) implements CastEvent {

        /**
         * An event.
         *
         * @throws IllegalArgumentException if the time is negative
         */
        public Other {
            check(time);
            requireNonNull(code, "code");
            requireNonNull(data, "data");
        }
    }

    private static void check(Duration time) {
        if (requireNonNull(time, "time").isNegative()) {
            throw new IllegalArgumentException("time must not be negative, was " + time);
        }
    }

    private static ByteBuffer copy(ByteBuffer data) {
        ByteBuffer view = requireNonNull(data, "data").duplicate();
        return ByteBuffer.allocate(view.remaining()).put(view).flip().asReadOnlyBuffer();
    }

    private static String decoded(ByteBuffer data) {
        return StandardCharsets.UTF_8.decode(data.duplicate()).toString();
    }
}
