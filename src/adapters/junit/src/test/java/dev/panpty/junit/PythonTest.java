package dev.panpty.junit;

import org.junit.jupiter.api.Test;

@Needs("python3")
@Terminal(command = {"python3", "-q", "-i", "-c", ""})
class PythonTest {

    @Test
    void calculates(TestTerminal t) {
        t.awaitText(">>> ");
        t.type("print('a' * 3 + str(2 ** 70))\r").awaitText("aaa1180591620717411303424");
        t.type("raise SystemExit(4)\r").awaitExit(4);
    }
}
