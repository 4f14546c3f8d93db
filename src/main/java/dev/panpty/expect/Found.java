package dev.panpty.expect;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A text that was found, or the match of a regular expression. A value, which any thread may use. */
public final class Found implements Match {

    private final int index;
    private final Awaited awaited;
    private final String before;
    private final List<Optional<String>> groups;
    private final Map<String, Integer> names;
    private final long offset;
    private final long dropped;

    Found(
            int index, Awaited awaited, String before, List<Optional<String>> groups, Map<String, Integer> names, long offset,
            long dropped) {
        this.index = index;
        this.awaited = awaited;
        this.before = before;
        this.groups = groups;
        this.names = names;
        this.offset = offset;
        this.dropped = dropped;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public Awaited awaited() {
        return awaited;
    }

    @Override
    public String before() {
        return before;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long dropped() {
        return dropped;
    }

    /**
     * What was found.
     *
     * @return the text; of a regex its match, which may be empty
     */
    public String text() {
        return groups.getFirst().orElseThrow();
    }

    /**
     * A group of the regex, see {@link java.util.regex.MatchResult#group(int)}.
     *
     * @param group 0 for the whole match
     * @return what it has matched; empty if it has no part in the match
     * @throws IndexOutOfBoundsException if the regex has no such group; a text has group 0 only
     */
    public Optional<String> group(int group) {
        return groups.get(group);
    }

    /**
     * A named group of the regex.
     *
     * @param name as in the regex
     * @return what it has matched; empty if it has no part in the match
     * @throws IllegalArgumentException if the regex has no such group
     */
    public Optional<String> group(String name) {
        Integer group = names.get(requireNonNull(name, "name"));
        if (group == null) {
            throw new IllegalArgumentException("no group " + name + " in " + awaited);
        }
        return groups.get(group);
    }

    /** For a log: what was awaited and where it was found; not the output, which may be confidential. */
    @Override
    public String toString() {
        return "Found[" + index + ": " + awaited + ", offset=" + offset + ", before=" + before.length() + " characters]";
    }
}
