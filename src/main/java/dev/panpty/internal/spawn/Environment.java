package dev.panpty.internal.spawn;

import static java.util.Objects.requireNonNull;

import dev.panpty.internal.sys.Accounts;
import dev.panpty.internal.sys.Environ;
import dev.panpty.internal.sys.FileNameEncoding;
import dev.panpty.internal.sys.NativeAccess;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The environment of a child to be started: a map for the user, and the original bytes of variables that the user has not changed, since
 * text cannot express every byte. Used by one thread, as its builder.
 */
public final class Environment {

    private static final String DEFAULT_TERM = "xterm-256color";

    /** They would override the terminal's size in Python, tput and others. */
    private static final List<String> LEFT_OUT = List.of("LINES", "COLUMNS");

    private final Map<String, String> values;
    private final Map<String, String> map = new Checked();

    /** One {@code NAME=value} of this process, and its name in the map. */
    private record Variable(String name, byte[] bytes) {}

    /** The environment that this process was started with, without LEFT_OUT; read once, as {@code System.getenv} does. */
    private static final class Inherited {

        static final List<Variable> VARIABLES = new ArrayList<>();
        static final Map<String, String> VALUES = new HashMap<>();
        static final List<byte[]> STRINGS;

        static {
            for (byte[] bytes : Environ.strings()) {
                int equals = indexOfEquals(bytes);
                String name = FileNameEncoding.decode(bytes, 0, equals);
                if (equals == 0 || equals == bytes.length || LEFT_OUT.contains(name)) {
                    continue;
                }
                VARIABLES.add(new Variable(name, bytes));
                VALUES.putIfAbsent(name, FileNameEncoding.decode(bytes, equals + 1, bytes.length));
            }
            STRINGS = new Environment().strings();
        }
    }

    /** Requires that {@link NativeAccess} is granted. */
    public Environment() {
        values = new LinkedHashMap<>(Inherited.VALUES);
        values.putIfAbsent("TERM", DEFAULT_TERM);
    }

    /** A copy, which changes apart from the other. */
    public Environment(Environment other) {
        values = new LinkedHashMap<>(other.values);
    }

    /** The user's view of the variables: refuses what no environment can hold, also by {@code putAll}, {@code merge} and entries. */
    private final class Checked extends AbstractMap<String, String> {

        @Override
        public String put(String name, String value) {
            check(name, value);
            return values.put(name, value);
        }

        @Override
        public String get(Object name) {
            return values.get(name);
        }

        @Override
        public boolean containsKey(Object name) {
            return values.containsKey(name);
        }

        @Override
        public String remove(Object name) {
            return values.remove(name);
        }

        @Override
        public Set<Map.Entry<String, String>> entrySet() {
            return new Entries();
        }
    }

    private final class Entries extends AbstractSet<Map.Entry<String, String>> {

        @Override
        public int size() {
            return values.size();
        }

        @Override
        public void clear() {
            values.clear();
        }

        @Override
        public Iterator<Map.Entry<String, String>> iterator() {
            Iterator<Map.Entry<String, String>> entries = values.entrySet().iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return entries.hasNext();
                }

                @Override
                public Map.Entry<String, String> next() {
                    return new CheckedEntry(entries.next());
                }

                @Override
                public void remove() {
                    entries.remove();
                }
            };
        }
    }

    private static final class CheckedEntry extends AbstractMap.SimpleEntry<String, String> {

        private static final long serialVersionUID = 1;

        private final transient Map.Entry<String, String> entry;

        CheckedEntry(Map.Entry<String, String> entry) {
            super(entry);
            this.entry = entry;
        }

        @Override
        public String setValue(String value) {
            check(getKey(), value);
            entry.setValue(value);
            return super.setValue(value);
        }
    }

    /** Replaces all variables; none is changed if one is refused. */
    public void replace(Map<String, String> variables) {
        Map<String, String> checked = new LinkedHashMap<>();
        variables.forEach((name, value) -> {
            check(name, value);
            checked.put(name, value);
        });
        values.clear();
        values.putAll(checked);
    }

    /** The {@link #strings} of an unchanged environment, which most children get. */
    public static List<byte[]> untouched() {
        return Inherited.STRINGS;
    }

    public Map<String, String> map() {
        return map;
    }

    /**
     * Puts the variables that a login sets from an account, see login(1), with the defaults of passwd(5) for empty fields.
     *
     * @throws IllegalArgumentException for a field that is no text in the encoding of file names
     */
    public void login(Accounts.User account) {
        String name = text("name of an account", account.name());
        String home = text("home directory of " + name, account.home());
        String shell = text("shell of " + name, account.shell());
        map.put("HOME", home.isEmpty() ? "/" : home);
        map.put("USER", name);
        map.put("LOGNAME", name);
        map.put("SHELL", shell.isEmpty() ? "/bin/sh" : shell);
    }

    private static String text(String what, byte[] bytes) {
        String text = FileNameEncoding.decode(bytes);
        if (!Arrays.equals(bytes, PlatformString.of(what, text))) {
            throw new IllegalArgumentException(what + " is no text in " + FileNameEncoding.CHARSET + ": " + text);
        }
        return text;
    }

    /** The strings for the child. */
    public List<byte[]> strings() {
        List<byte[]> strings = new ArrayList<>();
        for (Variable variable : Inherited.VARIABLES) {
            if (isUntouched(variable.name)) {
                strings.add(variable.bytes);
            }
        }
        for (Map.Entry<String, String> entry : values.entrySet()) {
            String name = entry.getKey();
            if (!isUntouched(name)) {
                strings.add(PlatformString.of("environment variable " + name, name + "=" + entry.getValue()));
            }
        }
        return strings;
    }

    /** The child's PATH as bytes, if it has one. */
    public static Optional<byte[]> path(List<byte[]> strings) {
        byte[] prefix = {'P', 'A', 'T', 'H', '='};
        for (byte[] string : strings) {
            if (string.length >= prefix.length && Arrays.equals(string, 0, prefix.length, prefix, 0, prefix.length)) {
                return Optional.of(Arrays.copyOfRange(string, prefix.length, string.length));
            }
        }
        return Optional.empty();
    }

    private boolean isUntouched(String name) {
        String before = Inherited.VALUES.get(name);
        return before != null && before.equals(values.get(name));
    }

    /** An inherited value passes even if it is no text in the encoding: the child gets its bytes. */
    private static void check(String name, String value) {
        requireNonNull(name, "environment variable name");
        if (value == null) {
            throw new NullPointerException("value of environment variable " + name);
        }
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new IllegalArgumentException("the name of an environment variable must not be empty or contain '=': \"" + name + "\"");
        }
        if (!value.equals(Inherited.VALUES.get(name))) {
            PlatformString.of("environment variable " + name.replace("\0", "\\0"), name + "=" + value);
        }
    }

    private static int indexOfEquals(byte[] bytes) {
        int at = 0;
        while (at < bytes.length && bytes[at] != '=') {
            at++;
        }
        return at;
    }
}
