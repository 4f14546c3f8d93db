package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.panpty.SpawnException.Step;
import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.spawn.SpawnFailure;
import dev.panpty.testing.Repository;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The steps of {@link SpawnException} are the steps that the layers below report by number. */
class SpawnStepTest {

    @Test
    void theFirstStepsAreThoseOfTheTableInOrder() throws Exception {
        List<String> names = column("step").stream().map(name -> name.toUpperCase(Locale.ROOT)).toList();
        assertFalse(names.isEmpty());
        assertEquals(names, childSteps(names.size()).stream().map(Step::name).toList());
    }

    @Test
    void theirTextsAreThoseOfTheTable() throws Exception {
        List<String> texts = column("text");
        assertEquals(texts, childSteps(texts.size()).stream().map(Step::text).toList());
    }

    @Test
    void theirCodesAreThoseOfTheTrampoline() throws Exception {
        for (Step step : childSteps(column("step").size())) {
            int code = (int) Linux.class.getMethod("PANPTY_STEP_" + step.name()).invoke(null);
            assertEquals(step, Step.of(code));
        }
    }

    @Test
    void theOthersFollowInTheOrderOfSpawnFailure() throws Exception {
        List<Step> named = new ArrayList<>(childSteps(column("step").size()));
        for (Field code : SpawnFailure.class.getFields()) {
            int value = code.getInt(null);
            Step step = Step.of(value);
            if (code.getName().equals("LAST_CHILD_STEP")) {
                assertEquals(Step.EXEC, step);
                continue;
            }
            assertEquals(code.getName(), step.name());
            if (value > SpawnFailure.LAST_CHILD_STEP) {
                named.add(step);
            }
        }
        assertEquals(List.of(Step.values()), named);
    }

    private static List<Step> childSteps(int count) {
        return List.of(Step.values()).subList(0, count);
    }

    /** The rest of each line of child-setup.txt that begins with this word. */
    private static List<String> column(String word) throws Exception {
        return Repository.text("native-headers/child-setup.txt").lines()
                .filter(line -> line.startsWith(word + " "))
                .map(line -> line.substring(word.length()).strip())
                .toList();
    }
}
