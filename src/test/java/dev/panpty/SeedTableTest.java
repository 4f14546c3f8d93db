package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.testing.Repository;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of Twisted's names in src/README.md: each has a test, which bears its name. */
class SeedTableTest {

    private static final int ITEMS = 67;
    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| [^|]+ \\| (\\w+) \\|");

    @Test
    void eachItemHasATestThatBearsItsName() throws Exception {
        Set<String> tests = Stream.of(TransportSeedTest.class, ConsumerSeedTest.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class)).map(Method::getName).collect(Collectors.toSet());
        List<String> wrong = new ArrayList<>();
        int items = 0;
        for (String line : Repository.text("src/README.md").lines().toList()) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                items++;
                String item = row.group(1).replace("_", "").toLowerCase(Locale.ROOT);
                if (!tests.contains(row.group(2)) || !row.group(2).toLowerCase(Locale.ROOT).contains(item)) {
                    wrong.add(line);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertEquals(ITEMS, items);
    }
}
