package dev.panpty.cast;

import java.io.IOException;
import java.util.OptionalLong;

/** A recording that cannot be read. The message names file, place and cause. For any thread. */
public final class CastException extends IOException {

    private static final long serialVersionUID = 1;

    /** From 1 on; 0 in a format without lines. */
    private final long line;
    /** In bytes, after decompression. */
    private final long offset;

    private CastException(String message, long line, long offset) {
        super(message);
        this.line = line;
        this.offset = offset;
    }

    static CastException atLine(String file, long line, long offset, String cause) {
        return new CastException(file + ", line " + line + " (byte " + offset + "): " + cause, line, offset);
    }

    static CastException atByte(String file, long offset, String cause) {
        return new CastException(file + ", byte " + offset + ": " + cause, 0, offset);
    }

    /**
     * The line, in a format that has lines.
     *
     * @return from 1 on; empty for a format without lines
     */
    public OptionalLong line() {
        return line > 0 ? OptionalLong.of(line) : OptionalLong.empty();
    }

    /**
     * Where the line or the frame begins.
     *
     * @return in bytes from the begin of the file, after decompression
     */
    public long offset() {
        return offset;
    }
}
