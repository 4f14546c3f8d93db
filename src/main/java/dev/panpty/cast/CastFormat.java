package dev.panpty.cast;

/** A format of recordings. For any thread. */
public enum CastFormat {

    /** asciicast version 1, one JSON document: read only. */
    ASCIICAST_V1,

    /** asciicast version 2: JSON lines, times since the start. It has no exit status. */
    ASCIICAST_V2,

    /** asciicast version 3: JSON lines, times since the previous event. */
    ASCIICAST_V3,

    /** The typescript of script(1) and its timing file: output alone, without changes of the size. It keeps bytes as they are. */
    SCRIPT,

    /** The log of script(1) with {@code --log-io} and its advanced timing file: output, input and sizes. It keeps bytes as they are. */
    SCRIPT_ADVANCED,

    /** ttyrec(1): output alone, without a size. It keeps bytes as they are. */
    TTYREC;

    /**
     * Whether a recording is two files, data and times.
     *
     * @return true for the formats of script(1)
     */
    public boolean hasTimingFile() {
        return this == SCRIPT || this == SCRIPT_ADVANCED;
    }

    /**
     * Whether the format can hold input.
     *
     * @return false for {@link #SCRIPT} and {@link #TTYREC}
     */
    public boolean hasInput() {
        return this != SCRIPT && this != TTYREC;
    }
}
