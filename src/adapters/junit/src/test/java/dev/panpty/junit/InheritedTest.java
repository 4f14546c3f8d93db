package dev.panpty.junit;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A nested class that is inherited gets the terminal of the class that is run. */
@Terminal(command = {"echo", "of the subclass"})
class InheritedTest extends InheritedCases {}

abstract class InheritedCases {

    @Nested
    class Inner {
        @Test
        void hasTheTerminalOfTheSubclass(TestTerminal t) {
            t.awaitText("of the subclass");
        }
    }
}
