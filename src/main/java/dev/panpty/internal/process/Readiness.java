package dev.panpty.internal.process;

import dev.panpty.internal.sys.Epoll;

/** The answer of poll(2): a set of events, or the negative errno. An int and no object, since the JVM may be out of memory. */
final class Readiness {

    private Readiness() {}

    static boolean isUnknown(int answer) {
        return answer < 0;
    }

    /** Data, or the end of a pipe. Also set, beside ERR, for a pts that is hung up. */
    static boolean isReadable(int answer) {
        return has(answer, Epoll.IN);
    }

    /** No process holds the other end. */
    static boolean isHungUp(int answer) {
        return has(answer, Epoll.HUP);
    }

    static boolean isError(int answer) {
        return has(answer, Epoll.ERR);
    }

    private static boolean has(int answer, int event) {
        return answer >= 0 && (answer & event) != 0;
    }
}
