package dev.panpty.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.ExitStatus;
import dev.panpty.LongLines;
import dev.panpty.Signal;
import dev.panpty.StandardError;
import dev.panpty.TerminalAttributes;
import dev.panpty.testing.Await;
import dev.panpty.testing.Descriptors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Commands that are typed to the program, see {@code obey.c}. */
final class TalkSteps {

    /** Signals that the program does not use itself and that can be caught. */
    private static final int[] DISPOSABLE = {1, 2, 3, 15, 18, 20, 28, 34, 64};

    private TalkSteps() {}

    private static boolean mayTell(Subject subject) {
        Belief belief = subject.belief;
        boolean blocked = belief.deaf() || !belief.flows();
        int owed = belief.owed.stream().mapToInt(String::length).sum() + subject.outstanding();
        return belief.listens() && !belief.loose && (!blocked || belief.owed.size() < 10 && owed < Subject.SMALL_BYTES)
                && !(belief.stopped && belief.caught.contains(Belief.CONT));
    }

    private static void tell(Subject subject, Where where, int way, String command, String answer) throws Exception {
        Typing.type(subject, where, way, command + "\n");
        subject.answered(answer);
    }

    /** Of any size if the output is read, else of a few bytes. */
    static void echo(Subject subject, Where where, int number) throws Exception {
        if (mayTell(subject)) {
            int most = !subject.belief.attends() ? 40 : subject.belief.raw ? 40_000 : 4000;
            String payload = letters(number % 10 == 0 ? number * most / 1000 : number % 40);
            tell(subject, where, number, "e " + payload.length() + "\n" + payload, payload);
        }
    }

    /** The letters that the program makes. */
    static String letters(int count) {
        StringBuilder letters = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            letters.append((char) ('a' + i % 1000 % 25));
        }
        return letters.toString();
    }

    static void produce(Subject subject, Where where, int number) throws Exception {
        if (mayTell(subject)) {
            int count = subject.belief.attends() ? number * 50 : number % 40;
            tell(subject, where, number, "p " + count, letters(count));
        }
    }

    static void produceErrors(Subject subject, Where where, int number) throws Exception {
        if (mayTell(subject) && subject.belief.attends() && !subject.belief.deaf()) {
            String letters = letters(number * 20);
            Typing.type(subject, where, number, "w " + letters.length() + "\n");
            (switch (subject.options.errors()) {
                case TERMINAL -> subject.belief.output;
                case PIPE, OWN_TERMINAL -> subject.belief.errors;
            }).writeBytes(letters.getBytes(StandardCharsets.US_ASCII));
            subject.settle();
        }
    }

    static void askForSize(Subject subject, Where where, int number) throws Exception {
        if (subject.belief.attends()) {
            tell(subject, where, number, "s", "(" + subject.belief.size.rows() + "x" + subject.belief.size.columns() + ")");
        }
    }

    static void tellQuietly(Subject subject, Where where, int number) throws Exception {
        if (mayTell(subject)) {
            tell(subject, where, number, "q" + letters(number % 30), "");
        }
    }

    /** Switches echo on for a moment: the input comes back, its newline translated. */
    static void typeWithEcho(Subject subject, Where where, int number) throws Exception {
        if (subject.belief.attends() && !subject.belief.raw && subject.hasHeard()) {
            TerminalAttributes before = subject.belief.attributes;
            subject.run(where, () -> subject.process.attributes(before.withEcho(true)));
            if (where != Where.REACTOR) {
                assertEquals(true, subject.call(where, () -> subject.process.awaitEcho(true, Await.DEADLINE)));
            }
            tell(subject, where, number, "q", "q\r\n");
            askForSize(subject, Where.PLATFORM, 0, "s\r\n");
            subject.run(where, () -> subject.process.attributes(before));
        }
    }

    /** The answer shows that all input before has been read. */
    private static void askForSize(Subject subject, Where where, int way, String echo) throws Exception {
        tell(subject, where, way, "s", echo + "(" + subject.belief.size.rows() + "x" + subject.belief.size.columns() + ")");
    }

    /** In canonical mode the line is too long for the kernel: refused, or split. */
    static void typeLongLine(Subject subject, Where where, int number) throws Exception {
        Belief belief = subject.belief;
        if (!belief.attends()) {
            return;
        }
        String payload = letters(4096 + number * 10);
        boolean refused = !belief.raw && subject.options.longLines() == LongLines.REFUSE;
        String command = "e " + payload.length() + "\n" + payload;
        if (!refused) {
            tell(subject, where, number, command, payload);
        } else if (subject.hasEvents()) {
            subject.expect(where, Optional.of(IllegalArgumentException.class), () -> subject.process.write(command.getBytes(StandardCharsets.US_ASCII)));
        } else if (where != Where.REACTOR) {
            subject.expect(where, Optional.of(IOException.class), () -> subject.process.getOutputStream().write(command.getBytes(StandardCharsets.US_ASCII)));
        }
    }

    static void ignore(Subject subject, Where where, int number) throws Exception {
        if (subject.belief.attends()) {
            int signal = DISPOSABLE[number % 3 == 0 ? 1 : number % DISPOSABLE.length]; // SIGINT above all
            tell(subject, where, number, "i " + signal, "(i)");
            subject.belief.caught.remove(signal);
            subject.belief.ignored.add(signal);
        }
    }

    static void catchSignal(Subject subject, Where where, int number) throws Exception {
        if (subject.belief.attends()) {
            int signal = DISPOSABLE[number % 3 == 0 ? 1 : number % DISPOSABLE.length]; // SIGINT above all
            tell(subject, where, number, "c " + signal, "(c)");
            subject.belief.ignored.remove(signal);
            subject.belief.caught.add(signal);
        }
    }

    static void giveBackDefault(Subject subject, Where where, int number) throws Exception {
        if (subject.belief.attends()) {
            int signal = DISPOSABLE[number % 3 == 0 ? 1 : number % DISPOSABLE.length]; // SIGINT above all
            tell(subject, where, number, "d " + signal, "(d)");
            subject.belief.ignored.remove(signal);
            subject.belief.caught.remove(signal);
        }
    }

    static void sleep(Subject subject, Where where, int number) throws Exception {
        if (subject.belief.attends()) {
            tell(subject, where, number, "z", "(z)");
            subject.belief.sleeping = true;
        }
    }

    static void wake(Subject subject, Where where, int number) throws Exception {
        if (subject.belief.sleeping && subject.maySignal(Belief.USR2)) {
            subject.run(where, () -> subject.process.signal(Signal.USR2));
            subject.signalled(Belief.USR2);
        }
    }

    /** It closes its terminal and runs on. */
    static void detach(Subject subject, Where where, int number) throws Exception {
        if (subject.belief.attends() && subject.belief.errors.size() == 0 && !subject.belief.held
                && subject.options.errors() == StandardError.TERMINAL) {
            tell(subject, where, number, "o", "(o)");
            subject.belief.detached = true;
            Await.until("terminal closed by " + subject,
                    () -> Descriptors.of(subject.process.pid()).isEmpty());
        }
    }

    /** It opens its terminal again. */
    static void reopen(Subject subject, Where where, int number) throws Exception {
        Belief belief = subject.belief;
        if (belief.detached && belief.terminalOpen() && belief.flows() && !belief.stopped) {
            subject.run(where, () -> subject.process.signal(Signal.USR1));
            belief.detached = false;
            belief.answers("(O)");
            subject.settle();
        }
    }

    static void leaveHolder(Subject subject, Where where, int number) throws Exception {
        if (subject.belief.attends() && !subject.belief.held) {
            tell(subject, where, number, "h", "(h)");
            subject.belief.held = true;
        }
    }

    static void exit(Subject subject, Where where, int number) throws Exception {
        Belief belief = subject.belief;
        boolean able = belief.listens() && !belief.deaf() && !belief.loose && (belief.flows() || subject.outstanding() < Subject.SMALL_BYTES)
                && !(belief.outputStopped && subject.outstanding() > 0);
        if (able) {
            int code = number % 256;
            Typing.type(subject, where, number, "x " + code + "\n");
            subject.died(new ExitStatus.Exited(code));
        }
    }
}
