package dev.panpty.model;

import dev.panpty.ProcessExitedException;
import dev.panpty.PtyProcess;
import dev.panpty.Signal;
import java.io.IOException;
import org.junit.jupiter.api.function.Executable;

/** Signals, by every method that sends them. */
final class SignalSteps {

    private static final int STOP = 19;

    private SignalSteps() {}

    /** Any signal except the two that libc reserves, which have no name. */
    private static Signal signal(int number) {
        Signal signal = new Signal(1 + number % 64);
        return signal.name().equals(Integer.toString(signal.number())) ? Signal.WINCH : signal;
    }

    static void send(Subject subject, Where where, int number) throws Exception {
        Signal signal = signal(number);
        PtyProcess process = subject.process;
        send(subject, where, signal, false, switch (number / 64 % 3) {
            case 0 -> () -> process.signal(signal);
            case 1 -> () -> process.signalProcess(signal.number());
            default -> () -> process.signalProcess(number % 2 == 0 ? "sig" + signal.name() : signal.name());
        });
    }

    static void sendToGroup(Subject subject, Where where, int number) throws Exception {
        Signal signal = signal(number);
        send(subject, where, signal, true, () -> subject.process.signalGroup(signal));
    }

    static void sendToForeground(Subject subject, Where where, int number) throws Exception {
        Signal signal = signal(number);
        if (subject.belief.terminalOpen()) {
            send(subject, where, signal, true, () -> subject.process.signalForeground(signal));
        } else {
            subject.expect(where, Subject.only(true, IOException.class), () -> subject.process.signalForeground(signal));
        }
    }

    /** A separate step, since signals that stop and continue are rare among 64. */
    static void stop(Subject subject, Where where, int number) throws Exception {
        send(subject, where, Signal.STOP, false, () -> subject.process.signal(Signal.STOP));
    }

    static void goOn(Subject subject, Where where, int number) throws Exception {
        send(subject, where, Signal.CONT, false, () -> subject.process.signal(Signal.CONT));
    }

    private static void send(Subject subject, Where where, Signal signal, boolean toAll, Executable call) throws Exception {
        Belief belief = subject.belief;
        int number = signal.number();
        if (!belief.alive()) {
            subject.expect(where, Subject.only(true, ProcessExitedException.class), call);
            return;
        }
        boolean usedByItself = number == Belief.USR1 && belief.detached || number == Belief.USR2 && belief.sleeping;
        if (usedByItself || toAll && belief.held && number == STOP || !subject.maySignal(number)) {
            return;
        }
        if (belief.effect(number) == Belief.Effect.DEATH) {
            subject.beforeDeath();
        }
        subject.run(where, call);
        belief.held &= !(toAll && number == Belief.KILL);
        subject.signalled(number);
    }
}
