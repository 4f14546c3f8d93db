package dev.panpty.expect;

import dev.panpty.ExitStatus;
import dev.panpty.TerminalAttributes;
import dev.panpty.TerminalAttributes.LocalFlag;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * The read side of a session: what was read and not taken, the echo that is awaited, and the search. Its methods are called by the one
 * thread that has the session's turn, except {@link #expectEcho}.
 */
final class Output {

    private static final Duration STATUS_AFTER_END = Duration.ofSeconds(2);
    private static final long MOST_REGEX_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int REGEX_PAUSE_FACTOR = 10; // a search of regexes takes a tenth of the time at most
    private static final int MOST_UNLOOKED = 64 * 1024;

    private final Connection connection;
    private final Callers callers;
    private final SessionTaps taps;
    private final ExpectOptions options;
    private final Unread unread;
    private final Queue<Echo> arriving = new ConcurrentLinkedQueue<>(); // of threads that type
    private final Queue<Echo> echoes = new ArrayDeque<>(1);
    private Optional<Search> search = Optional.empty();
    private String context = ""; // the last character that was taken
    private Optional<Shower> raw = Optional.empty();
    private boolean ended;
    private long outputNanos = System.nanoTime(); // when output came last
    private long lookedNanos = outputNanos;
    private long lookTook;

    Output(Connection connection, Callers callers, SessionTaps taps, ExpectOptions options) {
        this.connection = connection;
        this.callers = callers;
        this.taps = taps;
        this.options = options;
        unread = new Unread(options.raw(), options.keepBytes());
    }

    boolean isEnded() {
        return ended;
    }

    long outputNanos() {
        return outputNanos;
    }

    Unread unread() {
        return unread;
    }

    /** Any thread: a line is about to be typed, and this is its echo. */
    void expectEcho(Echo echo) {
        arriving.add(echo);
    }

    /**
     * Reads what there is, or waits for it.
     *
     * @return whether there was output, or its end
     */
    boolean fill(long nanos) throws IOException, InterruptedException {
        callers.enter();
        boolean there = false;
        try {
            long remaining = taps.awaitUnpaused(nanos);
            there = remaining >= 0 && connection.await(remaining);
        } finally {
            leave();
        }
        if (there && !ended) {
            read();
        }
        return there;
    }

    private void read() throws IOException, InterruptedException {
        byte[] target = unread.makeRoom();
        int count = connection.read(target, unread.limit(), unread.room());
        if (count < 0) {
            ended = true;
            taps.ended(connection.awaitStatus(STATUS_AFTER_END).orElseGet(() -> new ExitStatus.Unknown("not known at the end of the output")));
        } else {
            taps.output(ByteBuffer.wrap(target, unread.limit(), count));
            if (raw.isPresent()) {
                raw.get().show(target, unread.limit(), count);
            }
            unread.accept(count);
            outputNanos = System.nanoTime();
        }
    }

    /** Gets output as it was read. */
    interface Shower {
        void show(byte[] bytes, int from, int count);
    }

    /** Reads, shows and takes what comes, with its escape sequences; {@link Interaction}. */
    void showNext(long nanos, Shower shower) throws IOException, InterruptedException {
        raw = Optional.of(shower);
        try {
            fill(nanos);
        } finally {
            raw = Optional.empty();
        }
        drop();
    }

    /** Reads what lies in the kernel, for a second at most; not more than is kept, for it is not searched yet. */
    void fillAll() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (!ended && unread.end() - unread.first() < options.keepBytes() && fill(0) && System.nanoTime() - deadline < 0) {
            continue;
        }
    }

    boolean isSearch(Search current) {
        return search.isPresent() && search.get() == current;
    }

    /** Begins a search, or goes on with the last one if it was for the same. */
    Search search(List<Awaited> sought) {
        if (search.isEmpty() || !search.get().isFor(sought)) {
            search = Optional.of(new Search(sought, unread, context, options));
            lookedNanos = System.nanoTime() - MOST_REGEX_PAUSE;
        }
        return search.get();
    }

    void forgetSearch() {
        search = Optional.empty();
    }

    /**
     * How long the next search must wait: for an echo to be taken out, and because regexes searched just now.
     *
     * @param now in nanoseconds
     */
    long pause(Search current, long now) {
        long echo = echoPause(now);
        if (echo > 0 || !current.hasRegex() || ended || current.unlooked(unread) > MOST_UNLOOKED) {
            return echo;
        }
        return lookedNanos + Math.min(lookTook * REGEX_PAUSE_FACTOR, MOST_REGEX_PAUSE) - now;
    }

    private long echoPause(long now) {
        for (Echo each = arriving.poll(); each != null; each = arriving.poll()) {
            echoes.add(each);
        }
        for (Echo next = echoes.peek(); next != null; next = echoes.peek()) {
            long end = unread.find(next.bytes(), Math.max(next.from(), unread.search()));
            if (end >= 0) {
                if (search.isPresent() && search.get().lookedTo() > end - next.bytes().length) {
                    forgetSearch(); // another thread typed during the wait
                }
                unread.remove(end - next.bytes().length, end);
            } else if (!ended && !next.isPast(unread.end()) && next.remaining(now) > 0) {
                return next.remaining(now);
            }
            echoes.remove();
        }
        return 0;
    }

    /** Searches what has come. A close or an interrupt ends the search, too. */
    Optional<Search.Hit> look(Search current, long deadline) throws IOException, InterruptedException, RegexSearch.Hopeless {
        long begin = System.nanoTime();
        callers.enter();
        try {
            Optional<Search.Hit> hit = current.look(unread, ended, deadline);
            unread.trim(current.searched(unread));
            return hit;
        } catch (RegexSearch.Hopeless hopeless) {
            forgetSearch();
            if (!callers.isClosed() && Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw hopeless;
        } finally {
            lookedNanos = System.nanoTime();
            lookTook = lookedNanos - begin;
            leave();
        }
    }

    private void leave() throws IOException {
        if (callers.leave()) {
            throw new IOException("the session was closed while it waited for output");
        }
    }

    /** What was found; the output up to its end is taken. */
    Found take(Search.Hit hit, int index, Awaited awaited) {
        Found found = found(hit, index, awaited);
        unread.take(hit.to());
        return found;
    }

    /** A standing answer: the output stays before the next match, and is not searched again. */
    Found answer(Search.Hit hit, int index, Awaited awaited) {
        Found found = found(hit, index, awaited);
        unread.answered(hit.to());
        return found;
    }

    private Found found(Search.Hit hit, int index, Awaited awaited) {
        Found found = new Found(index, awaited, unread.before(hit.from(), options.charset()), hit.groups(), hit.names(),
                unread.offset(hit.from()), unread.dropped(hit.from()));
        keepContext(found.text().isEmpty() ? found.before() : found.text());
        forgetSearch();
        return found;
    }

    private void keepContext(String text) {
        if (!text.isEmpty()) {
            context = text.substring(text.length() - 1);
        }
    }

    /** All that is unread, as the match of a silence. */
    Match.Silent takeSilence(int index, Awaited awaited) {
        long end = unread.end();
        Match.Silent silent = new Match.Silent(index, awaited, unread.before(end, options.charset()), unread.offset(end), unread.dropped(end));
        drop();
        return silent;
    }

    /** All that is unread, as the match of the end. */
    Match.Ended takeEnd(int index, Awaited awaited) {
        long end = unread.end();
        Match.Ended match = new Match.Ended(index, awaited, unread.before(end, options.charset()), unread.offset(end),
                unread.dropped(end), connection.status());
        drop();
        return match;
    }

    /** All that is unread, and what lies in the kernel, read for a second at most. It is taken. */
    String dropAll() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (!ended && fill(0) && System.nanoTime() - deadline < 0) {
            unread.trim(unread.end()); // a flood is dropped at its front
        }
        return drop();
    }

    /** All that is unread, which is taken. */
    String drop() {
        String text = text();
        keepContext(text);
        unread.take(unread.end());
        echoes.clear();
        forgetSearch();
        return text;
    }

    String text() {
        return unread.before(unread.end(), options.charset());
    }

    /** For an exception. */
    Situation situation(List<Awaited> awaited, long sinceNanos) {
        long end = unread.end();
        return situation(awaited, sinceNanos, unread.text(Math.max(unread.first(), end - Situation.MOST_SHOWN), end, options.charset()),
                end - unread.first());
    }

    /** For an exception while another thread has the turn, and so the output. */
    Situation situationOfOthers(long sinceNanos) {
        return situation(List.of(), sinceNanos, "", 0);
    }

    private Situation situation(List<Awaited> awaited, long sinceNanos, String text, long bytes) {
        Optional<TerminalAttributes> modes = connection.attributes();
        return new Situation(awaited, Duration.ofNanos(System.nanoTime() - sinceNanos), text, bytes, connection.status(),
                modes.map(each -> each.has(LocalFlag.ECHO)), connection.foreground(), connection.name());
    }
}
