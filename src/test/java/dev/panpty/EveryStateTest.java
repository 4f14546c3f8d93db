package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.testing.Await;
import dev.panpty.testing.ProcessCalls.Call;
import dev.panpty.testing.ProcessCalls.Caller;
import dev.panpty.testing.ProcessCalls;
import dev.panpty.testing.ProtocolRecorder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each method of a process in each state: it succeeds, or it refuses with one kind of exception. */
@Timeout(60)
class EveryStateTest {

    /** The columns of the table. */
    private enum State {
        /** The program runs. */
        OPEN,
        /** The terminal is closed, and the program runs on. */
        HUNG_UP,
        /** The program has exited, and another process holds the terminal. */
        EXITED,
        /** It has exited by itself and its output has ended. */
        ENDED,
        /** It was closed. */
        CLOSED
    }

    /**
     * A dash where the method succeeds, io for IOException, gone for ProcessExitedException, state for IllegalStateException. A method that
     * is not here succeeds in every state.
     */
    private static final String TABLE = """
            method                           OPEN   HUNG_UP EXITED ENDED  CLOSED
            windowSize()                     -      io      -      io     io
            attributes()                     -      io      -      io     io
            attributes(TerminalAttributes)   -      io      -      io     io
            interrupt()                      -      io      -      io     io
            quit()                           -      io      -      io     io
            suspend()                        -      io      -      io     io
            sendEndOfFile()                  -      io      -      io     io
            typeSecret(byte[])               -      io      -      io     io
            signal(Signal)                   -      -       gone   gone   gone
            signalGroup(Signal)              -      -       gone   gone   gone
            signalProcess(String)            -      -       gone   gone   gone
            signalProcess(int)               -      -       gone   gone   gone
            signalForeground(Signal)         -      io      gone   gone   gone
            foregroundProcessGroup()         -      io      -      io     io
            foregroundProcess()              -      io      -      io     io
            stopOutput()                     -      io      -      io     io
            resumeOutput()                   -      io      -      io     io
            awaitEcho(boolean,Duration)      -      io      -      -      -
            awaitPasswordPrompt(Duration)    -      io      -      -      -
            fileno()                         -      state   -      state  state
            exitValue()                      state  state   -      -      -
            """;

    /** The same for a process with a protocol; a process with streams refuses these always. */
    private static final String WRITING = """
            method                           OPEN   HUNG_UP EXITED ENDED  CLOSED
            write(ByteBuffer)                -      state   -      state  state
            write(byte[])                    -      state   -      state  state
            writeSequence(Iterable)          -      state   -      state  state
            writeSequence(byte[][])          -      state   -      state  state
            writeToChild(int,ByteBuffer)     -      state   -      state  state
            """;

    private static Map<String, List<String>> parse(String table) {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        table.lines().skip(1).forEach(line -> {
            List<String> words = List.of(line.strip().split(" +"));
            rows.put(words.getFirst(), words.subList(1, words.size()));
        });
        return rows;
    }

    private static PtyProcess start(boolean events, String script) throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("sh", "-c", script).attributes(TerminalAttributes.raw());
        return events ? builder.start(new ProtocolRecorder()) : builder.start();
    }

    /** A process that stays in that state, at least for the length of the test. */
    private static PtyProcess in(State state, boolean events) throws Exception {
        PtyProcess process = switch (state) {
            case OPEN, CLOSED -> start(events, "exec cat");
            case HUNG_UP -> start(events, "trap '' HUP; stty sane -echo 2>/dev/null; exec sleep 1000");
            case EXITED -> start(events, "trap '' HUP; sleep 30 & exit 3");
            case ENDED -> start(events, "exit 4");
        };
        switch (state) {
            case OPEN -> { }
            case HUNG_UP -> {
                Await.until("it ignores the signal", () -> process.info().command().orElse("").endsWith("sleep"));
                process.hangUp();
                Await.until("hung up", () -> process.state() == ProcessTransport.State.DISCONNECTED);
            }
            case EXITED -> process.onExit().get();
            case ENDED -> process.onEnd().get();
            case CLOSED -> {
                process.close();
                process.onEnd().get();
            }
        }
        return process;
    }

    private static String outcome(PtyProcess process, Call call) {
        try {
            call.on(process, new Caller(1, new Random(1)));
            return "-";
        } catch (ProcessExitedException gone) {
            return "gone";
        } catch (IOException io) {
            return "io";
        } catch (IllegalStateException | IllegalThreadStateException state) {
            return "state";
        } catch (Exception other) {
            return other.toString();
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachMethodDoesWhatItSaysOrRefusesInOneWay(State state) throws Exception {
        for (boolean events : new boolean[] {false, true}) {
            Map<String, Call> calls = new LinkedHashMap<>(ProcessCalls.harmless());
            calls.putAll(ProcessCalls.whileItLasts());
            calls.putAll(ProcessCalls.ofEvents());
            Map<String, List<String>> table = parse(TABLE);
            if (events) {
                table.putAll(parse(WRITING));
            }
            try (PtyProcess process = in(state, events)) {
                Set<String> wrong = new TreeSet<>();
                for (Map.Entry<String, Call> call : calls.entrySet()) {
                    boolean refused = !events && ProcessCalls.ofEvents().containsKey(call.getKey());
                    List<String> row = table.getOrDefault(call.getKey(), List.of("-", "-", "-", "-", "-"));
                    String expected = refused ? "state" : row.get(state.ordinal());
                    String outcome = outcome(process, call.getValue());
                    if (!outcome.equals(expected)) {
                        wrong.add(call.getKey() + " gave " + outcome + " and not " + expected);
                    }
                }
                process.destroyForcibly();
                assertEquals(Set.of(), wrong, events ? "with a protocol" : "with streams");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void noTableNamesAMethodThatIsNotThere(State state) {
        List<String> all = new ArrayList<>(parse(TABLE).keySet());
        all.addAll(parse(WRITING).keySet());
        Set<String> known = Stream.of(ProcessCalls.harmless(), ProcessCalls.whileItLasts(), ProcessCalls.ofEvents())
                .flatMap(calls -> calls.keySet().stream()).collect(Collectors.toSet());
        all.removeAll(known);
        assertEquals(List.of(), all);
        assertEquals(List.of(State.values()).toString().replaceAll("[\\[\\],]", ""),
                TABLE.lines().findFirst().orElseThrow().replace("method", "").strip().replaceAll(" +", " "));
    }
}
