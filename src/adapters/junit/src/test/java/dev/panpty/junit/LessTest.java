package dev.panpty.junit;

import static dev.panpty.screen.Style.Attribute.INVERSE;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The example of README and Javadoc. */
@Needs("less")
class LessTest {

    // @start region="test"
    @Test @Terminal(command = {"less", "pom.xml"}, rows = 10, columns = 60) void findsTheArtifact(TestTerminal t) {
        t.awaitText("<?xml");                                                 // 10 s at most
        t.type("/panpty-junit\r").awaitText("<artifactId>panpty-junit");
        assertTrue(t.styleOf("panpty-junit").has(INVERSE));                   // plain values, for any assertions
        t.resize(5, 50).assertSnapshot("found");                              // a file, written by -Dpanpty.snapshots=update
        t.type("q").awaitExit(0);
    }
    // @end
}
