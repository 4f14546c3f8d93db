package dev.panpty.cast;

import dev.panpty.WindowSize;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The members of a JSON object, by the type that they are to have. A member that is null counts as missing. */
record Members(Map<?, ?> all) {

    /** The object has another content than the format. */
    static final class MismatchException extends Exception {

        private static final long serialVersionUID = 1;

        MismatchException(String message) {
            super(message);
        }
    }

    static Members of(Object value, String what) throws MismatchException {
        if (value instanceof Map<?, ?> members) {
            return new Members(members);
        }
        throw new MismatchException(what + " is not an object");
    }

    Optional<Object> value(String name) {
        Object value = all.get(name);
        return value == null || value.equals(Optional.empty()) ? Optional.empty() : Optional.of(value);
    }

    Optional<Members> object(String name) throws MismatchException {
        Optional<Object> value = value(name);
        return value.isEmpty() ? Optional.empty() : Optional.of(of(value.get(), name));
    }

    Optional<String> string(String name) throws MismatchException {
        Optional<Object> value = value(name);
        if (value.isPresent() && !(value.get() instanceof String)) {
            throw new MismatchException(name + " is not a string");
        }
        return value.map(String.class::cast);
    }

    Optional<String> number(String name) throws MismatchException {
        Optional<Object> value = value(name);
        if (value.isPresent() && !(value.get() instanceof Json.Numeral)) {
            throw new MismatchException(name + " is not a number");
        }
        return value.map(number -> ((Json.Numeral) number).text());
    }

    Optional<Duration> seconds(String name) throws MismatchException {
        Optional<String> number = number(name);
        try {
            return number.map(Decimal::parse);
        } catch (NumberFormatException wrong) {
            throw new MismatchException(name + " is not a time: " + number.get());
        }
    }

    Optional<Instant> timestamp(String name) throws MismatchException {
        Optional<Duration> seconds = seconds(name);
        try {
            return seconds.map(Instant.EPOCH::plus);
        } catch (DateTimeException wrong) {
            throw new MismatchException(name + " is not a time: " + seconds.get());
        }
    }

    /** The variables that have a value. */
    Map<String, String> strings(String name) throws MismatchException {
        Optional<Members> members = object(name);
        Map<String, String> strings = new LinkedHashMap<>();
        if (members.isPresent()) {
            for (Object variable : members.get().all.keySet()) {
                members.get().string((String) variable).ifPresent(value -> strings.put((String) variable, value));
            }
        }
        return strings;
    }

    WindowSize size(String columns, String rows) throws MismatchException {
        return new WindowSize(cells(rows), cells(columns));
    }

    private int cells(String name) throws MismatchException {
        String number = number(name).orElseThrow(() -> new MismatchException("no " + name));
        return cells(name, number);
    }

    /** A number of rows or columns. */
    static int cells(String name, String number) throws MismatchException {
        int value = -1;
        try {
            value = Integer.parseInt(number);
        } catch (NumberFormatException wrong) {
            // as one that is out of range
        }
        if (value < 0 || value > 0xffff) {
            throw new MismatchException(name + " is not 0..65535: " + number);
        }
        return value;
    }
}
