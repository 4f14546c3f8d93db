package dev.panpty.expect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;

/**
 * One search of the unread output for several texts and regular expressions, which goes on as output comes. Each byte is looked at a
 * bounded number of times: once by {@link Literals}; decoded once, looked at once for a {@link RequiredText}, and searched by a regex in
 * steps of 16 Ki characters with a look-back, if it may match there. For one thread at a time.
 *
 * <p>The result does not depend on how the output was cut: candidates are compared by the byte that decides them. Texts come first, since
 * their end is exact; then regexes are searched in the output up to that end.
 */
final class Search {

    /** A search that is begun gets so much time even if the wait has less left, so that a wait of no time searches too. */
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final List<Awaited> sought;
    private final int lookBack;
    private final Optional<Literals> literals;
    private final List<Integer> literalIndexes = new ArrayList<>();
    private final List<RegexSearch> regexes = new ArrayList<>();
    private final DecodedText text;
    private long literalsTo; // the position up to which literals were searched
    private Optional<Hit> literal = Optional.empty();
    private boolean looked;

    /**
     * What was found.
     *
     * @param index in the list of what is sought
     * @param from the position of its first byte
     * @param to the position behind its last byte
     */
    record Hit(int index, long from, long to, List<Optional<String>> groups, Map<String, Integer> names) {}

    /** @param context the character before what is searched, if any */
    Search(List<Awaited> sought, Unread unread, CharSequence context, ExpectOptions options) {
        this.sought = sought;
        lookBack = options.lookBackChars();
        List<byte[]> bytes = new ArrayList<>();
        for (int i = 0; i < sought.size(); i++) {
            switch (sought.get(i)) {
                case Awaited.Text each -> {
                    literalIndexes.add(i);
                    bytes.add(options.encode(each.text()));
                }
                case Awaited.Regex each -> regexes.add(new RegexSearch(i, each, lookBack));
                case Awaited.Quiet each -> {
                    continue;
                }
                case Awaited.End each -> {
                    continue;
                }
            }
        }
        literals = bytes.isEmpty() ? Optional.empty() : Optional.of(new Literals(bytes));
        literalsTo = unread.search();
        text = new DecodedText(options.charset(), unread.search(), regexes.isEmpty() ? "" : context);
    }

    /** Whether it goes on for these. */
    boolean isFor(List<Awaited> others) {
        return sought.equals(others);
    }

    boolean hasRegex() {
        return !regexes.isEmpty();
    }

    /** How much output no regex has searched yet, in bytes. */
    long unlooked(Unread unread) {
        return unread.end() - text.decodedTo();
    }

    /** The position up to which it has looked. */
    long lookedTo() {
        return Math.max(literalsTo, text.decodedTo());
    }

    /** No match can begin before this position. */
    long searched(Unread unread) {
        long texts = literals.isPresent() ? literalsTo - literals.get().longest() : unread.end();
        return regexes.isEmpty() ? texts : Math.min(text.needed(), texts);
    }

    /**
     * Searches what has come.
     *
     * @param ended whether nothing more comes
     * @param deadline in nanoseconds
     * @return what is decided
     */
    Optional<Hit> look(Unread unread, boolean ended, long deadline) throws RegexSearch.Hopeless {
        if (literals.isPresent() && literal.isEmpty()) {
            lookForLiterals(unread, literals.get());
        }
        if (regexes.isEmpty()) {
            return literal;
        }
        long end = literal.isPresent() ? literal.get().to() : unread.end();
        Optional<Hit> found = lookForRegexes(unread, end, ended && literal.isEmpty(), Math.max(deadline, System.nanoTime() + LEAST_NANOS));
        return found.isPresent() ? found : literal;
    }

    private void lookForLiterals(Unread unread, Literals automaton) {
        int end = automaton.find(unread.bytes(), unread.index(literalsTo), unread.limit());
        if (end < 0) {
            literalsTo = unread.end();
        } else {
            literalsTo = unread.end() - (unread.limit() - end);
            int index = literalIndexes.get(automaton.index());
            String found = ((Awaited.Text) sought.get(index)).text();
            literal = Optional.of(new Hit(index, literalsTo - automaton.length(), literalsTo, List.of(Optional.of(found)), Map.of()));
        }
    }

    private Optional<Hit> lookForRegexes(Unread unread, long end, boolean ended, long deadline) throws RegexSearch.Hopeless {
        for (;;) {
            long before = text.decodedTo();
            text.keep(lookBack);
            boolean more = text.decode(unread, end, ended);
            if (more || !looked) {
                looked = true;
                Optional<Hit> decided = decided(unread, deadline);
                if (decided.isPresent()) {
                    return decided;
                }
            }
            if (text.decodedTo() == before || System.nanoTime() - deadline > 0) {
                return Optional.empty();
            }
        }
    }

    private Optional<Hit> decided(Unread unread, long deadline) throws RegexSearch.Hopeless {
        List<RegexSearch> decided = new ArrayList<>(1);
        for (RegexSearch each : regexes) {
            if (each.look(text, deadline) == RegexSearch.State.DECIDED) {
                decided.add(each);
            }
        }
        boolean compete = decided.size() > 1 || literal.isPresent();
        RegexSearch first = null;
        int firstBy = Integer.MAX_VALUE;
        for (RegexSearch each : decided) {
            int by = compete ? each.decidedBy(text, text.length(), deadline) : 0;
            if (by < firstBy) {
                firstBy = by;
                first = each;
            }
        }
        if (first == null || literal.isPresent() && isAtItsEnd(unread, firstBy) && literal.get().index() < first.index()) {
            return Optional.empty();
        }
        return Optional.of(hit(unread, first));
    }

    /** Whether this many characters are all that lie before the end of the literal. */
    private boolean isAtItsEnd(Unread unread, int length) {
        return length == text.length() && text.decodedTo() == literal.orElseThrow().to();
    }

    /** Whether there is a match that further output could change. */
    boolean isOpen() {
        return regexes.stream().anyMatch(each -> each.state() == RegexSearch.State.OPEN);
    }

    /** The match that counts when no output has come for a while, or it has ended. */
    Optional<Hit> open(Unread unread) {
        for (RegexSearch each : regexes) {
            if (each.state() == RegexSearch.State.OPEN) {
                return Optional.of(hit(unread, each));
            }
        }
        return Optional.empty();
    }

    private Hit hit(Unread unread, RegexSearch search) {
        MatchResult match = search.match();
        List<Optional<String>> groups = new ArrayList<>(match.groupCount() + 1);
        for (int i = 0; i <= match.groupCount(); i++) {
            groups.add(Optional.ofNullable(match.group(i)));
        }
        return new Hit(search.index(), text.position(unread, match.start()), text.position(unread, match.end()),
                List.copyOf(groups), match.namedGroups());
    }
}
