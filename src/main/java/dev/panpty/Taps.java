package dev.panpty;

import static java.util.Objects.requireNonNull;

import dev.panpty.internal.process.Replies;
import dev.panpty.internal.process.Tap;
import dev.panpty.internal.process.TerminalProcess;
import dev.panpty.internal.process.WaitStatus;
import dev.panpty.internal.sys.Ptmx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The taps of one process, as one {@link Tap}: turns values of the engine into those of the API, and what a tap throws into a report.
 * Guarded by the terminal's writing lock, except for {@link Told}, which any thread may use. It has no reference to the
 * {@link PtyProcess}, so that a process its user has dropped can be collected.
 */
final class Taps implements Tap {

    private final List<TerminalTap> taps;
    private final List<Told> told = new ArrayList<>();
    private final List<String> command;
    private final Map<String, String> environment;
    private TerminalProcess process; // set before the start, as the next two
    private LiveTerminal live;
    private Replies replies;
    private boolean telling;
    private volatile long nanoTime; // written with the writing lock
    private final ReentrantLock pausing = new ReentrantLock(); // innermost but for the loop's; it guards what follows and each Told's pause
    private int pauses;

    Taps(List<TerminalTap> taps, List<String> command, Map<String, String> environment) {
        this.taps = List.copyOf(taps);
        this.command = command;
        this.environment = environment;
    }

    /** Before the start. */
    void attach(TerminalProcess tapped, LiveTerminal terminal) {
        process = tapped;
        live = terminal;
        replies = new Replies(tapped);
        taps.forEach(tap -> told.add(new Told(tap)));
    }

    @Override
    public void started() {
        tell(each -> each.tap.started(each));
    }

    @Override
    public void output(ByteBuffer data) {
        tellData(data, TerminalTap::output);
    }

    @Override
    public void input(ByteBuffer data, boolean secret) {
        tellData(data, (tap, view) -> tap.input(view, secret));
    }

    @Override
    public void resized(Ptmx.Size size) {
        WindowSize now = TerminalSettings.fromSys(size);
        tell(each -> each.tap.resized(now));
    }

    @Override
    public void ended(WaitStatus status) {
        ExitStatus how = PtyProcess.exitStatus(status);
        tell(each -> each.tap.ended(how));
    }

    @Override
    public void refuseInside() {
        if (telling) {
            throw new IllegalStateException("a tap must not use its process while it is called: it calls back by Tapped.reply");
        }
    }

    /** A call with data. */
    private interface DataCall {
        void on(TerminalTap tap, ByteBuffer view);
    }

    /** Each tap has a view of its own, whose position it may change, and whose limit is 0 afterwards. */
    private void tellData(ByteBuffer data, DataCall call) {
        tell(each -> {
            ByteBuffer view = data.slice();
            try {
                call.on(each.tap, view);
            } finally {
                view.limit(0);
            }
        });
    }

    private void tell(Consumer<Told> call) {
        nanoTime = System.nanoTime();
        telling = true;
        try {
            for (Iterator<Told> all = told.iterator(); all.hasNext(); ) {
                Told each = all.next();
                try {
                    call.accept(each);
                } catch (Throwable thrown) {
                    all.remove();
                    each.remove();
                    process.tapFailed(thrown);
                }
            }
        } finally {
            telling = false;
        }
    }

    /** A tap, and the terminal as it sees it. Any thread. */
    private final class Told implements Tapped {

        private final TerminalTap tap;
        private boolean paused;
        private boolean removed;

        Told(TerminalTap tap) {
            this.tap = tap;
        }

        private void pause(boolean on) {
            pausing.lock();
            try {
                boolean now = on && !removed;
                if (now == paused) {
                    return;
                }
                paused = now;
                pauses += now ? 1 : -1;
                if (pauses == (now ? 1 : 0)) {
                    process.sides().output().hold(now);
                }
            } finally {
                pausing.unlock();
            }
        }

        void remove() {
            pausing.lock();
            try {
                removed = true;
                pause(false);
            } finally {
                pausing.unlock();
            }
        }

        @Override
        public void pauseProducing() {
            pause(true);
        }

        @Override
        public void resumeProducing() {
            pause(false);
        }

        @Override
        public List<String> command() {
            return command;
        }

        @Override
        public Map<String, String> environment() {
            return environment;
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public WindowSize windowSize() throws IOException {
            return live.windowSize();
        }

        @Override
        public TerminalAttributes attributes() throws IOException {
            return live.attributes();
        }

        @Override
        public OptionalInt foregroundProcessGroup() throws IOException {
            return live.foregroundProcessGroup();
        }

        @Override
        public Optional<TerminalControl.ForegroundProcess> foregroundProcess() throws IOException {
            return live.foregroundProcess();
        }

        @Override
        public long nanoTime() {
            return nanoTime;
        }

        @Override
        public boolean reply(ByteBuffer data) {
            return replies.reply(requireNonNull(data, "data"));
        }

        @Override
        public long droppedReplyBytes() {
            return replies.droppedBytes();
        }

        @Override
        public String toString() {
            return "terminal " + live.ptsName() + " of process " + pid();
        }
    }
}
