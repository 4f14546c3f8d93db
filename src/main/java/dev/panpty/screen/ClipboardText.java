package dev.panpty.screen;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * What a program has written to the clipboard of its terminal, by OSC 52, see {@link Screen#clipboard}. Immutable, for any thread.
 *
 * @param selections where it belongs, in no order; unmodifiable and not empty
 * @param text the text, perhaps empty, which clears the selections. The program has chosen it: before it is pasted into a shell, a person
 *        should have seen it
 */
public record ClipboardText(Set<Selection> selections, String text) {

    /** The selections of xterm, see "Manipulate Selection Data" in its ctlseqs. Immutable, for any thread. */
    public enum Selection {

        /** {@code c}: the clipboard, which is what programs name most. */
        CLIPBOARD,
        /** {@code p}: the primary selection of X11. */
        PRIMARY,
        /** {@code q}: the secondary selection of X11. */
        SECONDARY,
        /** {@code s}: the clipboard or the primary selection, as the terminal's user prefers. */
        SELECT,
        /** {@code 0} to {@code 7}: one of the cut buffers of X11. */
        CUT_BUFFER
    }

    /**
     * A text for some selections.
     *
     * @throws IllegalArgumentException if there are no selections
     */
    public ClipboardText {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(selections, "selections");
        if (selections.isEmpty()) {
            throw new IllegalArgumentException("selections must not be empty");
        }
        selections = Collections.unmodifiableSet(EnumSet.copyOf(selections));
    }
}
