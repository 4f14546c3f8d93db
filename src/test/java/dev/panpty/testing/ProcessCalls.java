package dev.panpty.testing;

import dev.panpty.Producer;
import dev.panpty.PtyProcess;
import dev.panpty.Signal;
import dev.panpty.TerminalAttributes;
import dev.panpty.TerminalControl.ForegroundProcess;
import dev.panpty.WindowSize;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Every public method of {@link PtyProcess} by its signature, each with a call of it that any thread may make at any time. */
public final class ProcessCalls {

    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final Duration GRACE = Duration.ofMillis(200);

    private ProcessCalls() {}

    /** A calling thread. Each has a number, and writes units of that number. */
    public static final class Caller {

        private final int number;
        private final Random random;
        private int units;

        public Caller(int number, Random random) {
            this.number = number;
            this.random = random;
        }

        public Random random() {
            return random;
        }

        /** The next unit; it counts once it is accepted. */
        private byte[] unit() {
            return Chatter.unit(number, units, random.nextInt(300));
        }

        private void accepted() {
            units++;
        }

        public int number() {
            return number;
        }

        public int units() {
            return units;
        }
    }

    /** One call; its result is ignored here. */
    @FunctionalInterface
    public interface Call {
        Object on(PtyProcess process, Caller caller) throws Exception;
    }

    /** A call without a result. */
    @FunctionalInterface
    interface Deed {
        void on(PtyProcess process, Caller caller) throws Exception;
    }

    private static Call call(Deed deed) {
        return (process, caller) -> {
            deed.on(process, caller);
            return "done";
        };
    }

    /** Calls that do not end anything, and return soon while the program reads and its output is read. Both styles. */
    public static Map<String, Call> harmless() {
        Map<String, Call> calls = new LinkedHashMap<>();
        calls.put("start(String[])", (process, caller) -> {
            try (PtyProcess other = PtyProcess.start("true")) {
                return other.waitFor();
            }
        });
        calls.put("pid()", (process, caller) -> process.pid());
        calls.put("spawnStrategy()", (process, caller) -> process.spawnStrategy());
        calls.put("isAlive()", (process, caller) -> process.isAlive());
        calls.put("exitStatus()", (process, caller) -> process.exitStatus());
        calls.put("waitFor(long,TimeUnit)", (process, caller) -> process.waitFor(1, TimeUnit.MILLISECONDS));
        calls.put("waitFor(Duration)", (process, caller) -> process.waitFor(MOMENT));
        calls.put("onExit()", (process, caller) -> process.onExit());
        calls.put("onEnd()", (process, caller) -> process.onEnd());
        calls.put("supportsNormalTermination()", (process, caller) -> process.supportsNormalTermination());
        calls.put("ptsName()", (process, caller) -> process.ptsName());
        calls.put("windowSize()", (process, caller) -> process.windowSize());
        calls.put("resize(WindowSize)", call((process, caller) -> process.resize(
                new WindowSize(1 + caller.random.nextInt(100), 1 + caller.random.nextInt(100)))));
        calls.put("attributes()", (process, caller) -> process.attributes());
        calls.put("attributes(TerminalAttributes)", call((process, caller) -> process.attributes(TerminalAttributes.raw())));
        calls.put("interrupt()", call((process, caller) -> process.interrupt()));
        calls.put("quit()", call((process, caller) -> process.quit()));
        calls.put("suspend()", call((process, caller) -> process.suspend()));
        calls.put("sendEndOfFile()", call((process, caller) -> process.sendEndOfFile()));
        calls.put("typeSecret(byte[])", call((process, caller) -> {
            process.typeSecret(caller.unit());
            caller.accepted();
        }));
        calls.put("signal(Signal)", call((process, caller) -> process.signal(Signal.WINCH)));
        calls.put("signalGroup(Signal)", call((process, caller) -> process.signalGroup(Signal.WINCH)));
        calls.put("signalForeground(Signal)", call((process, caller) -> process.signalForeground(Signal.WINCH)));
        calls.put("signalProcess(String)", call((process, caller) -> process.signalProcess("CONT")));
        calls.put("signalProcess(int)", call((process, caller) -> process.signalProcess(Signal.CONT.number())));
        calls.put("foregroundProcessGroup()", (process, caller) -> process.foregroundProcessGroup());
        calls.put("foregroundProcess()", (process, caller) -> process.foregroundProcess().map(ForegroundProcess::pid));
        // together, so that no writer stays blocked
        calls.put("stopOutput()", call((process, caller) -> {
            process.stopOutput();
            process.resumeOutput();
        }));
        calls.put("resumeOutput()", call((process, caller) -> process.resumeOutput()));
        calls.put("awaitEcho(boolean,Duration)", (process, caller) -> process.awaitEcho(true, MOMENT));
        calls.put("awaitPasswordPrompt(Duration)", (process, caller) -> process.awaitPasswordPrompt(MOMENT));
        calls.put("host()", (process, caller) -> process.host());
        calls.put("peer()", (process, caller) -> process.peer());
        calls.put("reactor()", (process, caller) -> process.reactor());
        calls.put("protocol()", (process, caller) -> process.protocol());
        calls.put("logPrefix()", (process, caller) -> process.logPrefix());
        calls.put("state()", (process, caller) -> process.state());
        calls.put("disconnectReason()", (process, caller) -> process.disconnectReason());
        calls.put("pendingBytes()", (process, caller) -> process.pendingBytes());
        calls.put("unwrittenBytes()", (process, caller) -> process.unwrittenBytes());
        calls.put("droppedBytes()", (process, caller) -> process.droppedBytes());
        calls.put("toHandle()", (process, caller) -> process.toHandle());
        calls.put("info()", (process, caller) -> process.info().command());
        calls.put("children()", (process, caller) -> process.children().count());
        calls.put("descendants()", (process, caller) -> process.descendants().count());
        calls.put("toString()", (process, caller) -> process.toString());
        return calls;
    }

    /** Calls that are refused in some states; {@link #mayBeRefused}. Both styles. */
    public static Map<String, Call> whileItLasts() {
        Map<String, Call> calls = new LinkedHashMap<>();
        calls.put("exitValue()", (process, caller) -> process.exitValue());
        calls.put("fileno()", (process, caller) -> process.fileno());
        return calls;
    }

    /** Calls of the streams. */
    public static Map<String, Call> ofStreams() {
        Map<String, Call> calls = new LinkedHashMap<>();
        calls.put("getInputStream()", (process, caller) -> process.getInputStream().available());
        calls.put("awaitOutput(Duration)", (process, caller) -> process.awaitOutput(MOMENT));
        calls.put("getErrorStream()", (process, caller) -> process.getErrorStream().read());
        calls.put("getOutputStream()", call((process, caller) -> {
            process.getOutputStream().write(caller.unit());
            caller.accepted();
        }));
        return calls;
    }

    /** Calls that need a protocol. */
    public static Map<String, Call> ofEvents() {
        Map<String, Call> calls = new LinkedHashMap<>();
        calls.put("write(ByteBuffer)", call((process, caller) -> {
            process.write(ByteBuffer.wrap(caller.unit()));
            caller.accepted();
        }));
        calls.put("write(byte[])", call((process, caller) -> {
            process.write(caller.unit());
            caller.accepted();
        }));
        calls.put("writeSequence(Iterable)", call((process, caller) -> {
            List<ByteBuffer> pieces = new ArrayList<>();
            for (byte one : caller.unit()) {
                pieces.add(ByteBuffer.wrap(new byte[] {one}));
            }
            process.writeSequence(pieces);
            caller.accepted();
        }));
        calls.put("writeSequence(byte[][])", call((process, caller) -> {
            byte[] unit = caller.unit();
            process.writeSequence(unit, new byte[0]);
            caller.accepted();
        }));
        calls.put("writeToChild(int,ByteBuffer)", call((process, caller) -> {
            process.writeToChild(0, ByteBuffer.wrap(caller.unit()));
            caller.accepted();
        }));
        calls.put("pauseProducing()", call((process, caller) -> {
            process.pauseProducing();
            process.resumeProducing();
        }));
        calls.put("isPaused()", (process, caller) -> process.isPaused());
        // together, so that no input stays pending
        calls.put("stopWriting()", call((process, caller) -> {
            process.stopWriting();
            process.startWriting();
        }));
        calls.put("startWriting()", call((process, caller) -> process.startWriting()));
        calls.put("waterMarks(int,int)", call((process, caller) -> process.waterMarks(1000 + caller.random.nextInt(100_000), 1000)));
        calls.put("highWaterBytes()", (process, caller) -> process.highWaterBytes());
        calls.put("lowWaterBytes()", (process, caller) -> process.lowWaterBytes());
        calls.put("isSendBufferFull()", (process, caller) -> process.isSendBufferFull());
        calls.put("producer()", (process, caller) -> process.producer());
        calls.put("isProducerPaused()", (process, caller) -> process.isProducerPaused());
        calls.put("resumeProducing()", call((process, caller) -> process.resumeProducing()));
        calls.put("registerProducer(Producer)", call((process, caller) -> process.registerProducer(new Idle())));
        calls.put("unregisterProducer()", call((process, caller) -> process.unregisterProducer()));
        return calls;
    }

    /** Calls that begin the end or a part of it, in both styles. */
    public static Map<String, Call> ending() {
        Map<String, Call> calls = new LinkedHashMap<>();
        calls.put("destroy()", call((process, caller) -> process.destroy()));
        calls.put("destroyForcibly()", (process, caller) -> process.destroyForcibly());
        calls.put("hangUp()", call((process, caller) -> process.hangUp()));
        calls.put("abortConnection()", call((process, caller) -> process.abortConnection()));
        calls.put("terminateSession(Duration)", (process, caller) -> process.terminateSession(GRACE));
        calls.put("closeAsync()", (process, caller) -> process.closeAsync());
        calls.put("terminateSessionAsync(Duration)", (process, caller) -> process.terminateSessionAsync(GRACE).get());
        calls.put("close()", call((process, caller) -> process.close()));
        return calls;
    }

    /** The same for calls of the streams. */
    public static Map<String, Call> endingOfStreams() {
        Map<String, Call> calls = new LinkedHashMap<>();
        calls.put("drain()", call((process, caller) -> process.drain()));
        return calls;
    }

    /** The same for calls that need a protocol. */
    public static Map<String, Call> endingOfEvents() {
        Map<String, Call> calls = new LinkedHashMap<>();
        calls.put("closeChildFd(int)", call((process, caller) -> process.closeChildFd(caller.random.nextInt(3))));
        calls.put("closeStdin()", call((process, caller) -> process.closeStdin()));
        calls.put("closeStdout()", call((process, caller) -> process.closeStdout()));
        calls.put("closeStderr()", call((process, caller) -> process.closeStderr()));
        calls.put("loseWriteConnection()", call((process, caller) -> process.loseWriteConnection()));
        calls.put("stopProducing()", call((process, caller) -> process.stopProducing()));
        calls.put("stopConsuming()", call((process, caller) -> process.stopConsuming()));
        calls.put("loseConnection()", call((process, caller) -> process.loseConnection()));
        return calls;
    }

    /** Calls that wait until the process has exited. */
    public static Map<String, Call> waiting() {
        Map<String, Call> calls = new LinkedHashMap<>();
        calls.put("waitFor()", (process, caller) -> process.waitFor());
        calls.put("onExit().get()", (process, caller) -> process.onExit().get());
        calls.put("onEnd().get()", (process, caller) -> process.onEnd().get());
        calls.put("awaitEcho(boolean,Duration)", (process, caller) -> process.awaitEcho(true, Duration.ofDays(1)));
        return calls;
    }

    /** Whether the method may refuse a call even while the program runs and nothing is closed. */
    public static boolean mayBeRefused(String signature) {
        return List.of("exitValue()", "registerProducer(Producer)").contains(signature);
    }

    /** Produces nothing. */
    private static final class Idle implements Producer.Pull {

        @Override
        public void resumeProducing() {
            // it has nothing
        }

        @Override
        public void stopProducing() {
            // it has not begun
        }
    }
}
