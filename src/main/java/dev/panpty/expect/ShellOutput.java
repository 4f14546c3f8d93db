package dev.panpty.expect;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The raw output of a shell since a command was typed, and the marks in it: {@code ESC ] nonce ; letter [; number]... BEL}. They are looked
 * for in raw bytes, since an open control string of a program would swallow them otherwise. For one thread at a time.
 */
final class ShellOutput {

    private static final int MOST_BYTES = 16 * 1024 * 1024;
    private static final int FIRST_CAPACITY = 4096;
    private static final int MOST_MARK = 64;
    private static final byte BEL = 7;

    private final Literals prefix;
    private final int prefixLength;
    private final List<Mark> marks = new ArrayList<>();
    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int count;
    private int scanned;
    private int open = -1; // behind the prefix of a mark whose end has not come
    private long dropped;

    /**
     * A mark.
     *
     * @param kind a letter
     * @param values its numbers
     * @param from the index of its first byte
     * @param to the index behind its last byte
     */
    record Mark(char kind, List<Integer> values, int from, int to) {}

    /** @param nonces those of the marks that count, all of one length */
    ShellOutput(List<String> nonces) {
        prefix = new Literals(nonces.stream().map(nonce -> ("\033]" + nonce + ";").getBytes(StandardCharsets.US_ASCII)).toList());
        prefixLength = prefix.longest();
    }

    /** Makes room for so many bytes, at {@link #count}. */
    byte[] room(int more) {
        if (count > MOST_BYTES && marks.stream().allMatch(mark -> mark.kind() == 'S')) {
            forget(count / 2);
        }
        if (bytes.length - count < more) {
            bytes = Arrays.copyOf(bytes, Math.max(count + more, bytes.length * 2));
        }
        return bytes;
    }

    /** A flood: the older half is dropped, and with it the marks in it, of which the begin of the output counts no more. */
    private void forget(int half) {
        dropped += half;
        System.arraycopy(bytes, half, bytes, 0, count - half);
        count -= half;
        scanned = Math.max(scanned - half, 0);
        open = open < 0 ? -1 : Math.max(open - half, 0);
        marks.clear();
        marks.add(new Mark('S', List.of(), 0, 0));
    }

    int count() {
        return count;
    }

    byte[] bytes() {
        return bytes;
    }

    long dropped() {
        return dropped;
    }

    /** So many bytes were read. */
    void accept(int more) {
        count += more;
        while (scan()) {
            continue;
        }
    }

    /** Whether to scan on. */
    private boolean scan() {
        if (open < 0) {
            int end = prefix.find(bytes, scanned, count);
            scanned = end < 0 ? count : end;
            open = end;
        }
        if (open < 0) {
            return false;
        }
        int end = open;
        while (end < count && end - open < MOST_MARK && bytes[end] != BEL) {
            end++;
        }
        if (end == count && end - open < MOST_MARK) {
            return false;
        }
        if (bytes[end] == BEL) {
            parse(open, end).ifPresent(marks::add);
        }
        open = -1;
        return true;
    }

    private Optional<Mark> parse(int from, int to) {
        String[] parts = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1).split(";", -1);
        if (parts[0].length() != 1 || !Arrays.stream(parts).skip(1).allMatch(part -> part.matches("\\d{1,9}"))) {
            return Optional.empty(); // as a variable shows it
        }
        List<Integer> values = Arrays.stream(parts).skip(1).map(Integer::valueOf).toList();
        return Optional.of(new Mark(parts[0].charAt(0), values, from - prefixLength, to + 1));
    }

    /** The first mark of a kind from an index on. */
    Optional<Mark> mark(char kind, int from) {
        return marks.stream().filter(mark -> mark.kind() == kind && mark.from() >= from).findFirst();
    }

    /**
     * Where a command begins: at the mark of its start, or else behind what a line editor writes when it leaves the line, or at 0.
     *
     * @param left by this the editor moves to the next line, at once or when it has drawn the line again
     */
    int begin(String editorLeaves, String left) {
        Optional<Mark> start = mark('S', 0);
        if (start.isPresent()) {
            return start.get().from();
        }
        int leaves = indexOf(editorLeaves, 0, count);
        int end = leaves < 0 ? -1 : indexOf(left, leaves, count);
        return end < 0 ? 0 : end + left.length();
    }

    /** The last place of a sequence within bounds; -1 if it is not there. */
    int lastIndexOf(String sequence, int from, int to) {
        byte[] sought = sequence.getBytes(StandardCharsets.ISO_8859_1);
        for (int at = to - sought.length; at >= from; at--) {
            if (Arrays.equals(bytes, at, at + sought.length, sought, 0, sought.length)) {
                return at;
            }
        }
        return -1;
    }

    /** The first place of a sequence within bounds; -1 if it is not there. */
    int indexOf(String sequence, int from, int to) {
        byte[] sought = sequence.getBytes(StandardCharsets.ISO_8859_1);
        for (int at = from; at <= to - sought.length; at++) {
            if (Arrays.equals(bytes, at, at + sought.length, sought, 0, sought.length)) {
                return at;
            }
        }
        return -1;
    }

    /** The end of the output if the prompt lies behind it, of which the answer between the marks Q and A shows the text. */
    int withoutPrompt(int from, int to) {
        Optional<Mark> begin = mark('Q', 0);
        Optional<Mark> end = mark('A', 0);
        if (begin.isEmpty() || end.isEmpty()) {
            return to;
        }
        String prompt = new String(bytes, begin.get().to(), end.get().from() - begin.get().to(), StandardCharsets.ISO_8859_1)
                .replaceAll("[\001\002]", ""); // readline's signs of what does not print
        int before = to - prompt.length();
        return before >= from && indexOf(prompt, before, to) == before ? before : to;
    }

    /** What the program wrote: without marks, and without the CR that ONLCR has put before each LF. */
    String text(int from, int to, boolean onlcr) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(Math.max(to - from, 0));
        int at = from;
        for (Mark mark : marks) {
            if (mark.from() >= at && mark.to() <= to) {
                write(text, at, mark.from(), onlcr);
                at = mark.to();
            }
        }
        write(text, at, to, onlcr);
        return text.toString(StandardCharsets.UTF_8);
    }

    private void write(ByteArrayOutputStream text, int from, int to, boolean onlcr) {
        for (int i = from; i < to; i++) {
            if (!(onlcr && bytes[i] == '\r' && i + 1 < to && bytes[i + 1] == '\n')) {
                text.write(bytes[i]);
            }
        }
    }
}
