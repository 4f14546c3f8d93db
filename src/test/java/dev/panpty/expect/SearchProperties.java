package dev.panpty.expect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The search gives the same result however the output is cut, and the one that the Javadoc of {@link Awaited} describes. */
class SearchProperties {

    private static final int MOST_CUT = 7;
    private static final ExpectOptions OPTIONS = ExpectOptions.defaults();
    private static final List<String> ESCAPES = List.of("\033[1;31m", "\033]0;title\007", "\033]8;;x\033\\", "\033P1$r0m\033\\", "\033(B", "\017", "\033=",
            "\033[?2004h", "\033_G\033\\", "\033[38:2::1:2:3m");

    /** Puts the bytes in by pieces, and searches after each. */
    private static Optional<Search.Hit> search(byte[] output, Unread unread, List<Awaited> sought, Random cuts) throws Exception {
        Search search = new Search(sought, unread, "", OPTIONS);
        int from = 0;
        while (from < output.length) {
            int count = cuts == null ? output.length : 1 + cuts.nextInt(MOST_CUT);
            count = Math.min(count, output.length - from);
            for (int done = 0; done < count; ) {
                byte[] room = unread.makeRoom();
                int part = Math.min(unread.room(), count - done);
                System.arraycopy(output, from + done, room, unread.limit(), part);
                unread.accept(part);
                done += part;
            }
            from += count;
            Optional<Search.Hit> hit = search.look(unread, false, Long.MAX_VALUE / 2 + System.nanoTime() / 2);
            if (hit.isPresent()) {
                return hit;
            }
        }
        search.look(unread, true, Long.MAX_VALUE / 2 + System.nanoTime() / 2);
        return search.open(unread);
    }

    private static Unread unread(boolean raw) {
        return new Unread(raw, OPTIONS.keepBytes());
    }

    private static String letters(Random random, int length, String alphabet) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /** Earliest end, then earliest start, then the first named. */
    private static Optional<int[]> byHand(String output, List<String> texts) {
        int[] best = null;
        for (int i = 0; i < texts.size(); i++) {
            int start = output.indexOf(texts.get(i));
            if (start >= 0) {
                int end = start + texts.get(i).length();
                if (best == null || end < best[2] || end == best[2] && start < best[1]) {
                    best = new int[] {i, start, end};
                }
            }
        }
        return Optional.ofNullable(best);
    }

    @Property(tries = 500)
    void ofTextsTheOneWithTheEarliestEndIsFoundThenTheEarliestStartThenTheFirstNamed(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        String output = letters(random, random.nextInt(80), "ab");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            texts.add(letters(random, 1 + random.nextInt(6), "ab"));
        }
        List<Awaited> sought = texts.stream().<Awaited>map(Awaited::text).toList();
        Optional<Search.Hit> hit = search(output.getBytes(StandardCharsets.UTF_8), unread(true), sought, random);
        Optional<int[]> expected = byHand(output, texts);
        assertEquals(expected.isPresent(), hit.isPresent());
        if (hit.isPresent()) {
            assertEquals(expected.get()[1], hit.get().from());
            assertEquals(expected.get()[2], hit.get().to());
            assertEquals(texts.indexOf(texts.get(expected.get()[0])), hit.get().index());
        }
    }

    @Property(tries = 1000)
    void regexesAndTextsGiveTheSameHitInEveryCut(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        String output = letters(random, random.nextInt(60), "ab\n\u00e9\ud83d\ude00 c".replaceAll("[\ud83d\ude00]", "\u4e2d"));
        List<String> regexes = List.of("a+b", "b\\w*", "a$", "(?m)^b", "\\bc", "a(?=b)", "(a|b){3}", "c*", "[^\\n]+\\n", "a.*?\u00e9", "\u4e2d", "(?<x>a)(b)?c");
        List<Awaited> sought = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            sought.add(random.nextInt(3) == 0 ? Awaited.text(letters(random, 1 + random.nextInt(3), "abc"))
                    : Awaited.regex(regexes.get(random.nextInt(regexes.size()))));
        }
        byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
        Optional<Search.Hit> whole = search(bytes, unread(true), sought, null);
        Optional<Search.Hit> cut = search(bytes, unread(true), sought, random);
        assertEquals(whole.map(SearchProperties::shown), cut.map(SearchProperties::shown), () -> output + " " + sought);
    }

    private static String shown(Search.Hit hit) {
        return hit.index() + " " + hit.from() + ".." + hit.to() + " " + hit.groups();
    }

    @Property(tries = 300)
    void aSingleRegexFindsWhatAMatcherFindsInAllOfTheOutput(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        String output = letters(random, random.nextInt(200), "ab \n\u00e9");
        for (String regex : List.of("a+b", "b\\w*", "(a)(b)? ", "\u00e9.\\n", "a{4,}")) {
            var matcher = Pattern.compile(regex).matcher(output);
            Optional<Search.Hit> hit = search(output.getBytes(StandardCharsets.UTF_8), unread(true), List.of(Awaited.regex(regex)), random);
            assertEquals(matcher.find(), hit.isPresent());
            if (hit.isPresent()) {
                assertEquals(matcher.group(), hit.get().groups().getFirst().orElseThrow());
                assertEquals(output.substring(0, matcher.start()).getBytes(StandardCharsets.UTF_8).length, hit.get().from());
            }
        }
    }

    @Property(tries = 500)
    void escapeSequencesAreStrippedInEveryCutAndOffsetsCountThem(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        StringBuilder output = new StringBuilder();
        StringBuilder plain = new StringBuilder();
        List<Integer> offsets = new ArrayList<>(); // of the plain bytes
        for (int i = 0; i < random.nextInt(40); i++) {
            if (random.nextInt(3) == 0) {
                output.append(ESCAPES.get(random.nextInt(ESCAPES.size())));
            } else {
                String text = letters(random, 1 + random.nextInt(4), "ab\r\n\t\u00e9\u4e2d");
                int begin = output.toString().getBytes(StandardCharsets.UTF_8).length;
                for (int j = 0; j < text.getBytes(StandardCharsets.UTF_8).length; j++) {
                    offsets.add(begin + j);
                }
                output.append(text);
                plain.append(text);
            }
        }
        plain.append('#');
        offsets.add(output.toString().getBytes(StandardCharsets.UTF_8).length);
        output.append('#');
        Unread unread = unread(false);
        Search.Hit hit = search(output.toString().getBytes(StandardCharsets.UTF_8), unread, List.of(Awaited.text("#")), random).orElseThrow();
        assertEquals(plain.toString(), unread.text(0, hit.to(), StandardCharsets.UTF_8));
        for (int i = 0; i < offsets.size(); i++) {
            assertEquals((long) offsets.get(i), unread.offset(i));
        }
    }

    @Property(tries = 200)
    void offsetsAreRightBehindATextThatWasTakenOut(@ForAll long seed, @ForAll @IntRange(min = 0, max = 20) int from, @ForAll @IntRange(min = 1, max = 10) int length) {
        Random random = new Random(seed);
        Cuts cuts = new Cuts();
        List<Integer> left = new ArrayList<>();
        int position = 0;
        for (int i = 0; i < 60; i++) {
            if (random.nextInt(4) == 0) {
                cuts.add(position, 1);
            } else {
                left.add(i);
                position++;
            }
        }
        int end = Math.min(from + length, left.size());
        cuts.remove(from, end);
        left.subList(from, end).clear();
        for (int i = 0; i < left.size(); i++) {
            assertEquals((long) left.get(i), cuts.inOutput(i));
        }
        int forgotten = random.nextInt(left.size());
        cuts.forget(forgotten);
        for (int i = forgotten; i < left.size(); i++) {
            assertEquals((long) left.get(i), cuts.inOutput(i));
        }
    }

    @Property(tries = 20)
    void noMatchOfARegexIsLongerThanTheLookBackHoweverItArrived(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        int length = OPTIONS.lookBackChars() - 2 + random.nextInt(5);
        byte[] output = ("<" + "x".repeat(length - 2) + ">").getBytes(StandardCharsets.UTF_8);
        boolean fits = length <= OPTIONS.lookBackChars();
        List<Awaited> sought = List.of(Awaited.regex("<x+>"));
        assertEquals(fits, search(output, unread(true), sought, null).isPresent());
        assertEquals(fits, search(output, unread(true), sought, random).isPresent());
        byte[] later = ("y".repeat(random.nextInt(40_000)) + "<xx>").getBytes(StandardCharsets.UTF_8);
        assertTrue(search(later, unread(true), sought, null).isPresent());
    }
}
