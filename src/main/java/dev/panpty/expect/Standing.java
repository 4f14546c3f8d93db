package dev.panpty.expect;

import java.util.ArrayList;
import java.util.List;

/**
 * What a session looks for in each wait besides what the wait names: standing answers, and what makes it fail. Immutable.
 *
 * @param failures what makes it fail
 * @param prompts what is answered
 * @param replies by prompt
 */
record Standing(List<Awaited> failures, List<Awaited> prompts, List<Expect.Reply> replies) {

    static final Standing NONE = new Standing(List.of(), List.of(), List.of());

    Standing withFailures(List<Awaited> more) {
        return new Standing(joined(failures, more), prompts, replies);
    }

    Standing withAnswer(Awaited prompt, Expect.Reply reply) {
        return new Standing(failures, joined(prompts, List.of(prompt)), joined(replies, List.of(reply)));
    }

    private static <T> List<T> joined(List<T> one, List<? extends T> other) {
        List<T> both = new ArrayList<>(one);
        both.addAll(other);
        return List.copyOf(both);
    }

    /** All that is sought when a wait names these: first them, then failures, then prompts. */
    List<Awaited> sought(List<Awaited> named) {
        return failures.isEmpty() && prompts.isEmpty() ? named : joined(joined(named, failures), prompts);
    }
}
