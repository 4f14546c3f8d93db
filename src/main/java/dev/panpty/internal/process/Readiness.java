package dev.panpty.internal.process;

import dev.panpty.internal.sys.Epoll;

/** What poll(2) has answered: a set of events, or the negative errno, in which no event is set. No object, since there may be no memory. */
final class Readiness {

    private Readiness() {}

    static boolean isUnknown(int answer) {
        return answer < 0;
    }

    /** Data, or the end of a pipe. A pts that is hung up claims it too, and has ERR. */
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
