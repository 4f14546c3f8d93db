package dev.panpty.model;

import dev.panpty.LongLines;
import dev.panpty.SpawnStrategy;
import dev.panpty.StandardError;
import dev.panpty.WindowSize;
import dev.panpty.testing.Way;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.ActionChainArbitrary;
import net.jqwik.api.state.Transformer;

/** The actions of a chain and their weights. Actions that end a program are rare, so that programs live long enough for others. */
final class Actions {

    private static final int SELDOM = 2;
    private static final int NOW_AND_THEN = 6;
    private static final int OFTEN = 12;
    /** Actions that let a blocked program continue: without them most later steps would have no effect. */
    private static final int FIRST_OF_ALL = 40;

    private ActionChainArbitrary<World> chains = ActionChain.startWith(World::new);

    Arbitrary<ActionChain<World>> chains(int maxSteps) {
        worlds();
        talk();
        terminals();
        events();
        streams();
        lives();
        return chains.withMaxTransformations(maxSteps);
    }

    private void add(int weight, String name, Step step) {
        chains = chains.withAction(weight, Step.action(name, step));
    }

    private void add(int weight, Action<World> action) {
        chains = chains.withAction(weight, action);
    }

    private void worlds() {
        add(4 * OFTEN, starts());
        add(NOW_AND_THEN, slots("start plainly", (world, slot) -> world.startPlainly(slot)));
        add(SELDOM, slots("use the shared reactor", (world, slot) -> world.useReactor(false, slot * 250)));
        add(SELDOM, slots("use a reactor", (world, slot) -> world.useReactor(true, slot * 250)));
        add(SELDOM, slots("close the reactor", (world, slot) -> world.closeReactor()));
        add(SELDOM, slots("close the terminal", World::forgetTerminal));
        add(NOW_AND_THEN, onTerminals("resize", Terminal::resize));
        add(NOW_AND_THEN, onTerminals("change the attributes", Terminal::changeAttributes));
        add(NOW_AND_THEN, onTerminals("talk", Terminal::talk));
    }

    private void talk() {
        add(OFTEN, "echo", TalkSteps::echo);
        add(OFTEN, "produce", TalkSteps::produce);
        add(NOW_AND_THEN, "produce errors", TalkSteps::produceErrors);
        add(NOW_AND_THEN, "ask for the size", TalkSteps::askForSize);
        add(NOW_AND_THEN, "tell quietly", TalkSteps::tellQuietly);
        add(NOW_AND_THEN, "type with echo", TalkSteps::typeWithEcho);
        add(NOW_AND_THEN, "type a long line", TalkSteps::typeLongLine);
        add(OFTEN, "ignore a signal", TalkSteps::ignore);
        add(OFTEN, "catch a signal", TalkSteps::catchSignal);
        add(NOW_AND_THEN, "give back its default", TalkSteps::giveBackDefault);
        add(NOW_AND_THEN, "sleep", TalkSteps::sleep);
        add(FIRST_OF_ALL, "wake", TalkSteps::wake);
        add(SELDOM, "detach", TalkSteps::detach);
        add(FIRST_OF_ALL, "reopen", TalkSteps::reopen);
        add(SELDOM, "leave a holder", TalkSteps::leaveHolder);
        add(SELDOM, "exit", TalkSteps::exit);
    }

    private void terminals() {
        add(OFTEN, "resize", TerminalSteps::resize);
        add(NOW_AND_THEN, "change the attributes", TerminalSteps::changeAttributes);
        add(SELDOM, "interrupt", TerminalSteps::interrupt);
        add(SELDOM, "quit", TerminalSteps::quit);
        add(SELDOM, "suspend", TerminalSteps::suspend);
        add(NOW_AND_THEN, "send end of file", TerminalSteps::sendEndOfFile);
        add(NOW_AND_THEN, "stop output", TerminalSteps::stopOutput);
        add(FIRST_OF_ALL, "resume output", TerminalSteps::resumeOutput);
        add(NOW_AND_THEN, "look at the foreground", TerminalSteps::lookAtForeground);
        add(SELDOM, "await attributes", TerminalSteps::awaitAttributes);
        add(SELDOM, "send a signal", SignalSteps::send);
        add(SELDOM, "send the group a signal", SignalSteps::sendToGroup);
        add(SELDOM, "send the foreground a signal", SignalSteps::sendToForeground);
        add(NOW_AND_THEN, "stop", SignalSteps::stop);
        add(FIRST_OF_ALL, "go on", SignalSteps::goOn);
    }

    private void events() {
        add(NOW_AND_THEN, "write in vain", EventSteps::writeInVain);
        add(SELDOM, "close the input", EventSteps::closeInput);
        add(SELDOM, "close the output", EventSteps::closeOutput);
        add(SELDOM, "close standard error", EventSteps::closeErrors);
        add(SELDOM, "close nothing", EventSteps::closeNothing);
        add(NOW_AND_THEN, "pause", EventSteps::pause);
        add(FIRST_OF_ALL, "resume", EventSteps::resume);
        add(OFTEN, "register a producer", EventSteps::registerProducer);
        add(NOW_AND_THEN, "unregister the producer", EventSteps::unregisterProducer);
        add(NOW_AND_THEN, "hold and let go", EventSteps::holdAndLetGo);
        add(SELDOM, "change the water marks", EventSteps::changeMarks);
        add(NOW_AND_THEN, "fill up", EventSteps::fillUp);
        add(OFTEN, "discard what is pending", EventSteps::discardPending);
        add(SELDOM, "lose the connection", EventSteps::loseConnection);
        add(NOW_AND_THEN, "publish", FlowSteps::publish);
        add(SELDOM, "complete the input", FlowSteps::completeInput);
        add(SELDOM, "cancel the output", FlowSteps::cancelOutput);
    }

    private void streams() {
        add(NOW_AND_THEN, "read in vain", StreamSteps::readInVain);
        add(NOW_AND_THEN, "write to a stream in vain", StreamSteps::writeInVain);
        add(SELDOM, "close the input stream", StreamSteps::closeInput);
        add(SELDOM, "close the output stream", StreamSteps::closeOutput);
        add(SELDOM, "close the error stream", StreamSteps::closeErrors);
        add(OFTEN, "wait for output", StreamSteps::waitForOutput);
        add(NOW_AND_THEN, "wait for room", StreamSteps::waitForRoom);
    }

    private void lives() {
        add(OFTEN, "ask everything", LifeSteps::askEverything);
        add(NOW_AND_THEN, "wait for the exit", LifeSteps::waitForExit);
        add(NOW_AND_THEN, "begin to wait", LifeSteps::beginToWait);
        add(SELDOM, "destroy", LifeSteps::destroy);
        add(SELDOM, "destroy forcibly", LifeSteps::destroyForcibly);
        add(SELDOM, "hang up", LifeSteps::hangUp);
        add(SELDOM, "close", LifeSteps::close);
        add(SELDOM, "terminate the session", LifeSteps::terminateSession);
    }

    private static Action.Independent<World> starts() {
        Arbitrary<SpawnStrategy> strategies = Arbitraries.frequency(Tuple.of(4, SpawnStrategy.AUTO),
                Tuple.of(Way.POSIX_SPAWN.isPossible() ? 4 : 0, SpawnStrategy.POSIX_SPAWN), Tuple.of(4, SpawnStrategy.FORK_EXEC), Tuple.of(1, SpawnStrategy.PLAIN_FORK));
        Arbitrary<Options.Style> styles = Arbitraries.frequency(Tuple.of(2, Options.Style.STREAMS), Tuple.of(1, Options.Style.READERS),
                Tuple.of(2, Options.Style.EVENTS), Tuple.of(1, Options.Style.FLOW));
        Arbitrary<WindowSize> sizes = Combinators.combine(Arbitraries.integers().between(1, 200), Arbitraries.integers().between(1, 300))
                .as(WindowSize::new);
        Arbitrary<Boolean> rarely = Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true));
        Arbitrary<Tuple.Tuple3<LongLines, Options.Home, Boolean>> others = Combinators.combine(
                Arbitraries.of(LongLines.class), Arbitraries.of(Options.Home.class), rarely).as(Tuple::of);
        Arbitrary<Options> options = Combinators.combine(styles, strategies, Arbitraries.of(true, false), sizes,
                Arbitraries.of(StandardError.TERMINAL, StandardError.PIPE), rarely, others).as((style, strategy, raw, size, errors, endAtExit, other) ->
                new Options(style, strategy, raw, size, errors, endAtExit, other.get1(), other.get2(), other.get3()));
        return () -> Combinators.combine(World.slots(), options).as((slot, chosen) ->
                Step.mutation("start " + slot + ", " + chosen, world -> world.start(slot, chosen)));
    }

    /** An action on a slot. */
    @FunctionalInterface
    private interface OnSlot {
        void act(World world, int slot) throws Exception;
    }

    private static Action.Independent<World> slots(String name, OnSlot act) {
        return () -> World.slots().map(slot ->
                Step.mutation(name + " of " + slot, world -> act.act(world, slot)));
    }

    /** An action on a terminal without a program. */
    @FunctionalInterface
    private interface OnTerminal {
        void act(Terminal terminal, Where where, int number) throws Exception;
    }

    private static Action.Independent<World> onTerminals(String name, OnTerminal act) {
        return () -> Combinators.combine(Arbitraries.integers().between(0, 1), Arbitraries.of(Where.class),
                Arbitraries.integers().between(0, 999)).as((slot, where, number) -> terminal(name, act, slot, where, number));
    }

    private static Transformer<World> terminal(String name, OnTerminal act, int slot, Where where, int number) {
        return Step.mutation(name + " on terminal " + slot + ", " + where + ", " + number,
                world -> act.act(world.terminal(slot), where, number));
    }
}
