package dev.panpty.expect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Which text every match of a regular expression has in it. */
class RequiredTextProperties {

    private static final String[] ATOMS = {"a", "b", "@", "x", "1", " ", ".", "[ab]", "[^a]", "[a[b]]", "[a-z&&[^b]]", "[]a]", "[^]]", "[\\]a]", "[\\Qa]\\E]",
        "\\d", "\\.", "\\|", "\\(", "\\w", "\\b", "\\t", "\\x61", "\\u0061", "\\Qab\\E", "\\p{Lower}", "\\1", "(ab)", "(?:a|b)", "(a(b)@)", "(?=a)", "(?!b)",
        "(?<=a)", "(?<n>a)", "([)a])", "(\\)a)", "(?i)", "(?i:a)", "(?x)", "^", "$", "|", "]", "}", "-", "\ud83d\ude00", "\\R", "\\e", "\\cA", "#"};
    private static final String[] QUANTIFIERS = {"", "", "", "", "?", "*", "+", "{2}", "{0,1}", "{1,}", "??", "*?", "+?", "++", "{2}+", "{0,2}?"};
    private static final String LETTERS = "aab@x1 .|()]}-\t#\ud83d\ude00\001\r\n\033";

    private static String regex(Random random) {
        StringBuilder regex = new StringBuilder();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            regex.append(ATOMS[random.nextInt(random.nextBoolean() ? 6 : ATOMS.length)]).append(QUANTIFIERS[random.nextInt(QUANTIFIERS.length)]);
        }
        return regex.toString();
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            text.append(LETTERS.charAt(random.nextInt(random.nextBoolean() ? 6 : LETTERS.length())));
        }
        return text.toString();
    }

    private static String required(String regex, int flags) {
        return RequiredText.of(Pattern.compile(regex, flags)).map(RequiredText::toString).orElse("");
    }

    @Property(tries = 3000)
    void everyMatchHasIt(@ForAll long seed) {
        Random random = new Random(seed);
        String regex = regex(random);
        Pattern pattern;
        try {
            pattern = Pattern.compile(regex, random.nextInt(8) == 0 ? 1 << random.nextInt(8) : 0);
        } catch (PatternSyntaxException wrong) {
            return; // it is not for this test
        }
        Optional<RequiredText> required = RequiredText.of(pattern);
        for (int i = 0; i < 20 && required.isPresent(); i++) {
            String text = text(random);
            for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
                assertTrue(matcher.group().contains(required.get().toString()), () -> pattern + " requires \"" + required.get() + "\", not in " + text);
            }
        }
    }

    @Property(tries = 300)
    void itsLastPlaceIsFound(@ForAll long seed) {
        Random random = new Random(seed);
        String sought = "ab@x1 ".repeat(2).substring(random.nextInt(6)).substring(0, 1 + random.nextInt(6));
        RequiredText required = RequiredText.of(Pattern.compile(sought)).orElseThrow();
        String text = text(random) + (random.nextBoolean() ? sought : "") + text(random);
        int from = random.nextInt(text.length() + 1);
        int to = from + random.nextInt(text.length() + 1 - from);
        int found = text.substring(from, to).lastIndexOf(sought);
        assertEquals(found < 0 ? -1 : from + found, required.lastIn(text.toCharArray(), from, to));
    }

    @Example
    void itIsTheLongestThatIsKnown() {
        assertEquals("END ", required("END [A-Z]+ IT", 0));
        assertEquals("assword: ", required("[Pp]assword: $", 0));
        assertEquals("$ ", required("\\$ $", 0));
        assertEquals(" items.", required("\\d+ items\\.", 0));
        assertEquals("y: ", required("ab?(x|y)y: ", 0));
        assertEquals("a|b", required("a\\|b", 0));
        assertEquals("bc", required("x*+(?<name>\\)a)bc+", 0));
        assertEquals("cd", required("[a[^b]&&c]{1,3}?cd", 0));
        assertEquals("a\tb", required("a\\tb", 0));
    }

    @Example
    void whatIsNotKnownRequiresNothing() {
        for (String regex : new String[] {"", "a|b", "(?i)abc", "(?x) a b", "\\Qa\\E", "\\x41b", "\\p{L}b", "[]a]b", "a?", "b*", "c{0}", "\ud83d\ude00+b"}) {
            assertEquals("", required(regex, 0), regex);
        }
        assertEquals("", required("abc", Pattern.CASE_INSENSITIVE));
        assertEquals("", required("a+", Pattern.LITERAL));
    }
}
