package dev.panpty.screen;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.Tapped;
import dev.panpty.TerminalTap;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The screen of a terminal: it takes what a program prints, and shows it as a {@link Snapshot}. As a tap it sees the output of a process
 * ({@link PtyProcessBuilder#tap}); without one, {@link #feed(byte[])} gives it bytes. The encoding is UTF-8.
 *
 * {@snippet file="dev/panpty/examples/Screens.java" region="screen"}
 *
 * <p>It is a terminal of the xterm family: both buffers, margins, tab stops, character sets, SGR in full, wide and combining characters by
 * one width table, a history of the main buffer, which is laid out again when the size changes. Control functions that it does not know do
 * nothing. It takes 64 KiB at 24 rows of 80, 128 KiB once a program has shown the alternate buffer, and about a KiB for each row of 80 in
 * the history. Colours of underlines, links and combining marks take more, in rows that have such.
 *
 * <p>It types nothing. With {@link #answering()} it answers queries, such as one for the cursor's position; exactly one party may do that,
 * so not if a person's terminal shows the same output. What a program writes to the clipboard is dropped unless {@link #clipboard} asks for
 * it.
 *
 * <p>Any thread may call it. No call blocks, except for {@code await…}; a wait does not hold a lock while it waits, nor while a predicate
 * runs.
 */
public final class Screen implements TerminalTap {

    /** The most rows; more are taken as that many. */
    public static final int MOST_ROWS = Checks.MOST_ROWS;

    /** The most columns; more are taken as that many. */
    public static final int MOST_COLUMNS = Checks.MOST_COLUMNS;

    /** How many rows the history holds unless something else is asked for. */
    public static final int HISTORY_LIMIT = 1000;

    /** For how long {@link Mode#SYNCHRONIZED_OUTPUT} may keep what is new from being seen, unless something else is asked for. */
    public static final Duration SYNCHRONIZED_OUTPUT_LIMIT = View.SYNCHRONIZED_OUTPUT_LIMIT;

    /** The longest text that {@link #clipboard} takes, in bytes of UTF-8; a longer one is dropped. */
    public static final int CLIPBOARD_LIMIT = Clipboard.MOST_TEXT;

    private static final int MOST_HISTORY = 1_000_000;
    private static final int CHUNK = 8192;

    private final ReentrantLock lock = new ReentrantLock();

    // All below is read and written under the lock.
    private final Display display;
    private final Functions functions;
    private final Parser parser;
    private final View view;
    private final Waits waits;
    private final Answers answers = new Answers();
    private final Clipboard clipboard = new Clipboard();
    private final byte[] chunk = new byte[CHUNK];
    private Tapped terminal;

    /** A screen of the size that {@link WindowSize#DEFAULT} has; as a tap it takes the size of its terminal. */
    public Screen() {
        this(WindowSize.DEFAULT);
    }

    /**
     * A screen.
     *
     * @param size 0, which means unknown, counts as the default
     */
    public Screen(WindowSize size) {
        this(size, HISTORY_LIMIT);
    }

    /**
     * A screen with a history of another length.
     *
     * @param size 0, which means unknown, counts as the default
     * @param historyLimit how many rows that have left the top are kept, 0 to 1000000
     * @throws IllegalArgumentException for a limit that is out of range
     */
    public Screen(WindowSize size, int historyLimit) {
        Objects.requireNonNull(size, "size");
        Checks.range("historyLimit", historyLimit, 0, MOST_HISTORY);
        display = new Display(rows(size), columns(size), historyLimit);
        view = new View(display, this::state);
        waits = new Waits(lock, view);
        functions = new Functions(display, answers, clipboard, view::freeze);
        parser = new Parser(functions);
    }

    private State state() {
        return State.of(display, functions.title(), functions.cursorStyle);
    }

    private static int rows(WindowSize size) {
        return Math.min(size.rows() == 0 ? WindowSize.DEFAULT.rows() : size.rows(), MOST_ROWS);
    }

    private static int columns(WindowSize size) {
        return Math.min(size.columns() == 0 ? WindowSize.DEFAULT.columns() : size.columns(), MOST_COLUMNS);
    }

    /**
     * Answers queries from now on, by {@link Tapped#reply}: DSR, DA1, DA2, DECRQM, DECRQSS, XTVERSION, and OSC 4, 10, 11 and 12 for the
     * colours of {@link Snapshot#toSvg}. No answer holds text that the program has chosen.
     *
     * @return this screen
     */
    public Screen answering() {
        return answering(answer -> {
            Tapped to = terminal;
            if (to != null) {
                to.reply(ByteBuffer.wrap(answer));
            }
        });
    }

    /**
     * Answers queries from now on, to a receiver.
     *
     * @param receiver called under a lock, in the order of the queries, by the thread that feeds; it must not block
     * @return this screen
     */
    public Screen answering(Consumer<byte[]> receiver) {
        Objects.requireNonNull(receiver, "receiver");
        lock.lock();
        try {
            answers.to(receiver);
        } finally {
            lock.unlock();
        }
        return this;
    }

    /**
     * Takes what the program writes to the clipboard of its terminal, by OSC 52, from now on; without this call nothing is taken. What is
     * not Base64, or longer than {@link #CLIPBOARD_LIMIT}, is dropped; malformed UTF-8 becomes U+FFFD. A program that asks for the content
     * of a clipboard gets no answer, whether the screen {@linkplain #answering answers} or not.
     *
     * @param receiver called without a lock of the screen, in order, by the thread that feeds, when the output of its call is on the
     *        screen. As a tap the screen is called under the lock of its process: then it must not block. What it throws goes to the caller
     *        of {@code feed}, and the later texts of that call are dropped; as a tap the screen is then removed, see {@link TerminalTap}
     * @return this screen
     */
    public Screen clipboard(Consumer<ClipboardText> receiver) {
        Objects.requireNonNull(receiver, "receiver");
        lock.lock();
        try {
            clipboard.to(receiver);
        } finally {
            lock.unlock();
        }
        return this;
    }

    /**
     * Sets for how long a program may keep its output from being seen by {@link Mode#SYNCHRONIZED_OUTPUT}: until then snapshots and waits
     * see what was there before.
     *
     * @param limit zero or more; zero shows all at once
     * @return this screen
     * @throws IllegalArgumentException for a negative limit
     */
    public Screen synchronizedOutputLimit(Duration limit) {
        if (Objects.requireNonNull(limit, "limit").isNegative()) {
            throw new IllegalArgumentException("limit must not be negative, was " + limit);
        }
        lock.lock();
        try {
            view.limit(limit);
        } finally {
            lock.unlock();
        }
        return this;
    }

    /**
     * Takes output of a program.
     *
     * @param data any bytes; a character or a sequence may go on in the next call
     */
    public void feed(byte[] data) {
        Objects.requireNonNull(data, "data");
        List<Runnable> copied;
        lock.lock();
        try {
            parser.parse(data, 0, data.length);
            noteChange();
            copied = clipboard.take();
        } finally {
            lock.unlock();
        }
        copied.forEach(Runnable::run);
    }

    /**
     * Takes output of a program.
     *
     * @param data any bytes, read to its limit
     */
    public void feed(ByteBuffer data) {
        Objects.requireNonNull(data, "data");
        List<Runnable> copied;
        lock.lock();
        try {
            while (data.hasRemaining()) {
                int count = Math.min(data.remaining(), CHUNK);
                data.get(chunk, 0, count);
                parser.parse(chunk, 0, count);
            }
            noteChange();
            copied = clipboard.take();
        } finally {
            lock.unlock();
        }
        copied.forEach(Runnable::run);
    }

    private void noteChange() {
        view.change();
        waits.noteChange();
    }

    /**
     * Sets the size. The main buffer is laid out again: lines that were wrapped are joined and cut at the new width, no text is lost,
     * except for the oldest lines of a full history.
     *
     * @param size 0, which means unknown, counts as the default
     */
    public void resize(WindowSize size) {
        Objects.requireNonNull(size, "size");
        lock.lock();
        try {
            if (rows(size) != display.rowCount() || columns(size) != display.columns()) {
                view.thaw();
                functions.resize(rows(size), columns(size));
                noteChange();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether the output so far ends inside an escape sequence or a character. What follows does not then fit behind
     * {@link Snapshot#toAnsi}.
     *
     * @return true until the rest of it comes
     */
    public boolean isInSequence() {
        lock.lock();
        try {
            return parser.isInSequence();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What is shown now.
     *
     * @return a value that stays as it is
     */
    public Snapshot snapshot() {
        lock.lock();
        try {
            return view.seen();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The rows that have left the top of the main buffer, the oldest first, in the present width. {@link Snapshot#toHtml(List)} and
     * {@link Snapshot#toSvg(List)} show them above a screen. They are those of this moment, whatever {@link Mode#SYNCHRONIZED_OUTPUT} keeps
     * from being seen.
     *
     * <p>The call copies a reference for each row. The rows themselves are shared with the screen until it has dropped them, so a list that
     * is kept takes no more than the history does.
     *
     * @return unmodifiable, and stays as it is; empty without a history
     */
    public List<Row> history() {
        lock.lock();
        try {
            return Row.list(display.main().history.share());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a text is on the screen, see {@link Snapshot#contains}.
     *
     * @param text what to wait for
     * @param limit for how long
     * @return the screen with the text
     * @throws ScreenTimeoutException after the limit, or when the program has ended without it
     * @throws InterruptedException if the thread is interrupted
     */
    public Snapshot awaitText(String text, Duration limit) throws ScreenTimeoutException, InterruptedException {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(limit, "limit");
        return waits.await("no \"" + text + "\"", limit, snapshot -> snapshot.contains(text));
    }

    /**
     * Waits until a condition is true. It is tried when output pauses, and ten times a second while it does not.
     *
     * @param condition called by this thread, without a lock
     * @param limit for how long
     * @return the screen for which it is true
     * @throws ScreenTimeoutException after the limit, or when the program has ended without it
     * @throws InterruptedException if the thread is interrupted
     */
    public Snapshot await(Predicate<Snapshot> condition, Duration limit) throws ScreenTimeoutException, InterruptedException {
        Objects.requireNonNull(condition, "condition");
        Objects.requireNonNull(limit, "limit");
        return waits.await("the condition was not true", limit, condition);
    }

    /**
     * Waits until the program has printed nothing for some time, and no {@link Mode#SYNCHRONIZED_OUTPUT} is going on.
     *
     * @param quiet for how long nothing may come; what came before this call does not count
     * @param limit for how long to wait
     * @return the screen
     * @throws ScreenTimeoutException after the limit
     * @throws InterruptedException if the thread is interrupted
     */
    public Snapshot awaitSettled(Duration quiet, Duration limit) throws ScreenTimeoutException, InterruptedException {
        Objects.requireNonNull(quiet, "quiet");
        Objects.requireNonNull(limit, "limit");
        return waits.awaitSettled(quiet, limit);
    }

    @Override
    public void started(Tapped tapped) {
        lock.lock();
        try {
            terminal = tapped;
            waits.noteEnd(false);
        } finally {
            lock.unlock();
        }
        try {
            resize(tapped.windowSize());
        } catch (IOException closed) {
            // The start has failed: there will be no output, so any size will do.
            noteEnd();
        }
    }

    @Override
    public void output(ByteBuffer data) {
        feed(data);
    }

    @Override
    public void resized(WindowSize size) {
        resize(size);
    }

    @Override
    public void ended(ExitStatus status) {
        noteEnd();
    }

    private void noteEnd() {
        lock.lock();
        try {
            waits.noteEnd(true);
        } finally {
            lock.unlock();
        }
    }

    /** The screen as {@link Snapshot#toString} shows it. */
    @Override
    public String toString() {
        return snapshot().toString();
    }
}
