package dev.panpty.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.screen.Key;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** A hundred tests, run by {@link ParallelTest} alone. */
class ParallelCases {

    static final AtomicInteger MOST = new AtomicInteger();
    private static final AtomicInteger RUNNING = new AtomicInteger();

    @BeforeEach
    void begins() {
        MOST.accumulateAndGet(RUNNING.incrementAndGet(), Math::max);
    }

    @AfterEach
    void ends() {
        RUNNING.decrementAndGet();
    }

    @RepeatedTest(40) @Terminal(command = {"bash", "--norc", "--noprofile"}, environment = "PS1=ready> ", rows = 10, columns = 50)
    void bash(RepetitionInfo info, TestTerminal t) {
        t.awaitText("ready> ");
        t.type("seq -s, " + info.getCurrentRepetition() + "; pwd > ~/here; wc -l < ~/here\r").awaitText("\n1\nready> ");
        t.type("exit 5\r").awaitExit(5);
    }

    @RepeatedTest(25) @Terminal(command = {"less", "pom.xml"}, rows = 12, columns = 50)
    void less(TestTerminal t) {
        t.awaitText("<?xml");
        t.type("/panpty-junit\r").awaitText("<artifactId>panpty-junit");
        t.type("q").awaitExit(0);
    }

    @RepeatedTest(20) @Terminal(command = {"vim", "-u", "NONE", "-i", "NONE", "-N", "-n"}, rows = 12, columns = 50)
    void vim(RepetitionInfo info, TestTerminal t) {
        t.awaitText(Region.line(10), "~");
        t.type("irepetition " + info.getCurrentRepetition()).press(Key.ESCAPE);
        t.awaitText(Region.line(0), "repetition " + info.getCurrentRepetition());
        t.resize(9, 40).awaitText(Region.line(7), "~");
        t.type(":q!\r").awaitExit(0);
    }

    @RepeatedTest(15) @Terminal(command = {"sh", "-c", "stty -echo; echo go; while read -r n; do echo \"<$n>\"; done"}, rows = 6, columns = 50)
    void lines(TestTerminal t) {
        t.awaitText("go");
        for (int i = 0; i < 20; i++) {
            assertEquals(i == 0 ? "go\n" : "\n", t.type(i + "\n").output().await("<" + i + ">"));
        }
        t.awaitText("<19>");
        t.awaitAbsent("<1>");
    }
}
