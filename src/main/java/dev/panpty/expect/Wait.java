package dev.panpty.expect;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One wait of a session, by the thread that has its turn: searches what is unread, then waits for output, and again.
 *
 * <p>It waits until the first of: output; the limit; the pause after which an open match counts; the time of a silence; the time after
 * which regexes may search again.
 */
final class Wait {

    private static final long NEVER = Long.MAX_VALUE / 4;

    /** Output that was there before the limit is read on for so long. */
    private static final long MOST_OVER = TimeUnit.MILLISECONDS.toNanos(100);

    private final Expect session;
    private final Output output;
    private final Standing standing;
    private final List<Awaited> named;
    private final List<Awaited> sought;
    private final long settleNanos;
    private final long begin = System.nanoTime();
    private final long deadline;

    Wait(Expect session, Output output, Standing standing, List<Awaited> named, Duration limit, Duration settle) {
        this.session = session;
        this.output = output;
        this.standing = standing;
        this.named = named;
        sought = standing.sought(named);
        settleNanos = Math.min(TimeUnit.NANOSECONDS.convert(settle), NEVER);
        deadline = begin + Math.clamp(TimeUnit.NANOSECONDS.convert(limit), 0, NEVER);
    }

    Match orTimeout() throws IOException, InterruptedException {
        Optional<Match> met = ifMet();
        if (met.isEmpty()) {
            throw new ExpectTimeoutException("not found", output.situation(named, begin));
        }
        return met.get();
    }

    /** Empty at the limit. */
    Optional<Match> ifMet() throws IOException, InterruptedException {
        boolean idle = false; // the last read has found nothing: no output waits in the kernel
        boolean over = false; // the limit is reached, and what had come by then was read
        for (;;) {
            Search search = output.search(sought);
            long now = System.nanoTime();
            long pause = over ? 0 : output.pause(search, now);
            search = output.search(sought); // an echo was taken out of what it had searched
            if (pause <= 0) {
                Optional<Match> met = look(search, now, idle);
                if (met.isPresent()) {
                    return met;
                }
                if (!output.isSearch(search)) {
                    if (System.nanoTime() - deadline >= MOST_OVER) {
                        return Optional.empty(); // each search finds an answer, as a regex does that matches nothing
                    }
                    continue; // an answer was typed: the search begins again behind its prompt
                }
                if (output.isEnded()) {
                    return Optional.of(atEnd());
                }
            }
            now = System.nanoTime();
            Optional<Match> silence = idle ? silence(now) : Optional.empty();
            if (silence.isPresent()) {
                return silence;
            }
            if (over) {
                return Optional.empty();
            }
            idle = !output.fill(Math.max(until(search, pause, now) - now, 0));
            now = System.nanoTime();
            over = now - deadline >= 0 && (idle || now - deadline >= MOST_OVER);
        }
    }

    private long until(Search search, long pause, long now) {
        long until = Math.min(deadline, nextSilence());
        if (pause > 0) {
            return Math.min(until, now + pause);
        }
        return search.isOpen() ? Math.min(until, output.outputNanos() + settleNanos) : until;
    }

    private Optional<Match> look(Search search, long now, boolean idle) throws IOException, InterruptedException {
        Optional<Search.Hit> hit;
        try {
            hit = output.look(search, deadline);
        } catch (RegexSearch.Hopeless hopeless) {
            throw new PatternException(hopeless.regex(), hopeless.getMessage(), hopeless.getCause(), output.situation(named, begin));
        }
        if (hit.isEmpty() && (output.isEnded() || idle && now - output.outputNanos() >= settleNanos)) {
            hit = search.open(output.unread());
        }
        return hit.isEmpty() ? Optional.empty() : meet(hit.get());
    }

    private Optional<Match> meet(Search.Hit hit) throws IOException {
        int index = hit.index();
        if (index < named.size()) {
            return Optional.of(output.take(hit, index, named.get(index)));
        }
        index -= named.size();
        if (index < standing.failures().size()) {
            Found found = output.take(hit, index, standing.failures().get(index));
            throw new UnexpectedException(found, output.situation(named, begin));
        }
        index -= standing.failures().size();
        Found prompt = output.answer(hit, index, standing.prompts().get(index));
        session.reply(standing.replies().get(index), prompt);
        return Optional.empty();
    }

    private Match atEnd() throws IOException {
        for (int i = 0; i < sought.size(); i++) {
            if (sought.get(i) instanceof Awaited.End) {
                return named(i, output.takeEnd(unnamed(i), sought.get(i)));
            }
        }
        throw new EndedException(output.situation(named, begin));
    }

    private Optional<Match> silence(long now) throws IOException {
        for (int i = 0; i < sought.size(); i++) {
            if (sought.get(i) instanceof Awaited.Quiet quiet && now - silentSince() >= TimeUnit.NANOSECONDS.convert(quiet.time())) {
                return Optional.of(named(i, output.takeSilence(unnamed(i), quiet)));
            }
        }
        return Optional.empty();
    }

    private long nextSilence() {
        long first = NEVER;
        for (Awaited each : sought) {
            if (each instanceof Awaited.Quiet quiet) {
                first = Math.min(first, TimeUnit.NANOSECONDS.convert(quiet.time()));
            }
        }
        return first == NEVER ? deadline : silentSince() + first;
    }

    private long silentSince() {
        return output.outputNanos() - begin > 0 ? output.outputNanos() : begin;
    }

    private int unnamed(int index) {
        return index < named.size() ? index : index - named.size();
    }

    /** The match, unless it is one on which the session fails. */
    private Match named(int index, Match match) throws UnexpectedException {
        if (index >= named.size()) {
            throw new UnexpectedException(match, output.situation(named, begin));
        }
        return match;
    }
}
