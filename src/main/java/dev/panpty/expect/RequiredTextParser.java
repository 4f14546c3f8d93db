package dev.panpty.expect;

/**
 * Reads the characters of a regular expression that stand for themselves, outside of groups, classes and alternatives. It gives up where it
 * does not know a construct of {@link java.util.regex.Pattern}: then nothing is required. For one thread.
 */
final class RequiredTextParser {

    private static final String NO_CHARACTER = "dDwWsSbBAGzZhHvVRX"; // behind a backslash: a class, a boundary
    private static final String CONTROLS = "tnrfae";
    private static final String CONTROL_CHARACTERS = "\t\n\r\f\007\033";

    private final String regex;
    private final StringBuilder run = new StringBuilder();
    private String longest = "";
    private int at;

    /** A construct that is not known here, or an alternative. */
    private static final class GivenUp extends Exception {

        private static final long serialVersionUID = 1;

        GivenUp() {
            super(null, null, false, false);
        }
    }

    RequiredTextParser(String regex) {
        this.regex = regex;
    }

    /** The longest text that each match contains; empty if none is known. */
    String longest() {
        try {
            while (at < regex.length()) {
                atom();
            }
            endRun();
            return longest;
        } catch (GivenUp unknown) {
            return "";
        }
    }

    private void endRun() {
        if (run.length() > longest.length()) {
            longest = run.toString();
        }
        run.setLength(0);
    }

    private char next() throws GivenUp {
        if (at == regex.length()) {
            throw new GivenUp();
        }
        return regex.charAt(at++);
    }

    private boolean isNext(String any) {
        return at < regex.length() && any.indexOf(regex.charAt(at)) >= 0;
    }

    private void atom() throws GivenUp {
        char value = next();
        switch (value) {
            case '|', ')', '*', '+', '?', '{' -> throw new GivenUp();
            case '.', '^', '$' -> other();
            case '[' -> {
                characterClass();
                other();
            }
            case '(' -> {
                group();
                other();
            }
            case '\\' -> {
                if (isNext(NO_CHARACTER)) {
                    at++;
                    other();
                } else {
                    character(escaped());
                }
            }
            default -> character(value);
        }
    }

    /** What stands for itself behind a backslash. */
    private char escaped() throws GivenUp {
        char value = next();
        int control = CONTROLS.indexOf(value);
        if (control >= 0) {
            return CONTROL_CHARACTERS.charAt(control);
        }
        if (value > 0x7f || Character.isLetterOrDigit(value)) {
            throw new GivenUp();
        }
        return value;
    }

    private void character(char value) throws GivenUp {
        if (Character.isSurrogate(value)) {
            throw new GivenUp(); // a quantifier stands for the pair
        }
        if (isNext("?*{")) {
            other();
        } else {
            run.append(value);
            if (isNext("+")) {
                other();
            }
        }
    }

    /** What may be another text, with its quantifier. */
    private void other() throws GivenUp {
        endRun();
        if (isNext("{")) {
            while (next() != '}') {
                continue;
            }
        } else if (isNext("?*+")) {
            at++;
        } else {
            return;
        }
        if (isNext("?+")) {
            at++;
        }
    }

    private void characterClass() throws GivenUp {
        if (isNext("^")) {
            at++;
        }
        if (isNext("]")) {
            throw new GivenUp(); // it stands for itself there
        }
        for (char value = next(); value != ']'; value = next()) {
            if (value == '[') {
                characterClass();
            } else if (value == '\\') {
                escapedElsewhere();
            }
        }
    }

    private void group() throws GivenUp {
        if (isNext("?")) {
            at++;
            if (!isNext(":=!><")) {
                throw new GivenUp(); // flags
            }
        }
        for (char value = next(); value != ')'; value = next()) {
            switch (value) {
                case '(' -> group();
                case '[' -> characterClass();
                case '\\' -> escapedElsewhere();
                default -> {
                    continue;
                }
            }
        }
    }

    /** Behind a backslash, in a class or group; a quotation or a control character may have a bracket. */
    private void escapedElsewhere() throws GivenUp {
        char value = next();
        if (value == 'Q' || value == 'c') {
            throw new GivenUp();
        }
    }
}
