package dev.panpty.expect;

import java.nio.charset.Charset;
import java.util.Arrays;

/**
 * The output that no match has taken yet. Positions count the plain output from the begin of the session.
 *
 * <pre>
 *   first            search                    end
 *     | before a match | searched by waits      | room for the next read
 * </pre>
 *
 * <p>What a standing answer has matched lies before {@code search}: it is output before the next match, and is not searched again. For one
 * thread at a time: the session's waiter.
 */
final class Unread {

    private static final byte[] NONE = {};
    private static final int LEAST_ROOM = 1024;
    private static final int MOST_ROOM = 64 * 1024;

    private final boolean raw;
    private final int keep;
    private final PlainFilter filter;
    private final Cuts cuts = new Cuts();
    private byte[] bytes = NONE;
    private int start; // the index of first
    private int limit; // the index of end
    private long first;
    private long search;
    private long dropped; // plain bytes dropped since the last match
    private int room = LEAST_ROOM;

    Unread(boolean raw, int keep) {
        this.raw = raw;
        filter = new PlainFilter(raw);
        this.keep = keep;
    }

    KeyModes modes() {
        return filter.modes();
    }

    /** Makes room for a read, which puts its bytes at {@link #limit}; {@link #room} says how many. */
    byte[] makeRoom() {
        if (bytes.length - limit < room) {
            int size = limit - start;
            byte[] target = size + room <= bytes.length && size <= bytes.length / 2 ? bytes : new byte[capacity(size)];
            System.arraycopy(bytes, start, target, 0, size);
            bytes = target;
            start = 0;
            limit = size;
        }
        return bytes;
    }

    private int capacity(int size) {
        return size == 0 ? room : Math.max(size + room, Math.min(size * 2, Integer.MAX_VALUE - 2 * MOST_ROOM));
    }

    int limit() {
        return limit;
    }

    int room() {
        return room;
    }

    /** A read has put bytes there. */
    void accept(int count) {
        limit = filter.strip(bytes, limit, limit + count, end(), cuts);
        if (count == room && room < MOST_ROOM) {
            room *= 2;
        }
    }

    long first() {
        return first;
    }

    long search() {
        return search;
    }

    long end() {
        return first + (limit - start);
    }

    /** The index of a position in {@link #bytes}. */
    int index(long position) {
        return start + (int) (position - first);
    }

    /** Valid until the next {@link #makeRoom}. */
    byte[] bytes() {
        return bytes;
    }

    String text(long from, long to, Charset charset) {
        return new String(bytes, index(from), (int) (to - from), charset);
    }

    /** What {@link Match#before} gives. */
    String before(long to, Charset charset) {
        return text(beforeBegin(to), to, charset);
    }

    /** How much of the output before a match was dropped. */
    long dropped(long to) {
        return dropped + (beforeBegin(to) - first);
    }

    private long beforeBegin(long to) {
        return Math.max(first, to - keep);
    }

    /** The position in the output of the program. */
    long offset(long position) {
        return raw ? position : cuts.inOutput(position);
    }

    /** A standing answer has matched up to here. */
    void answered(long to) {
        search = to;
    }

    /** A match has taken all up to here. */
    void take(long to) {
        cutOff(to);
        dropped = 0;
        if (start == limit && bytes.length > MOST_ROOM) {
            bytes = NONE; // a flood is over
            start = 0;
            limit = 0;
            room = LEAST_ROOM;
        }
    }

    /** Drops the oldest output if there is too much; no match can begin before the position. */
    void trim(long searched) {
        long surplus = searched - first - keep;
        if (surplus > MOST_ROOM) {
            dropped += surplus;
            cutOff(first + surplus);
        }
    }

    private void cutOff(long to) {
        start += (int) (to - first);
        first = to;
        search = Math.max(search, to);
        cuts.forget(to);
    }

    /** Takes the text out: an echo. */
    void remove(long from, long to) {
        System.arraycopy(bytes, index(to), bytes, index(from), limit - index(to));
        limit -= (int) (to - from);
        cuts.remove(from, to);
    }

    /** The position behind a sequence of bytes; -1 if it is not there. */
    long find(byte[] sought, long from) {
        for (int at = index(from); at <= limit - sought.length; at++) {
            if (Arrays.equals(bytes, at, at + sought.length, sought, 0, sought.length)) {
                return first + (at - start) + sought.length;
            }
        }
        return -1;
    }
}
