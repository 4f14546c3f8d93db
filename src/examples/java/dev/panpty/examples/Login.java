package dev.panpty.examples;

import static dev.panpty.expect.Awaited.regex;
import static dev.panpty.expect.Awaited.text;

import dev.panpty.PtyProcessBuilder;
import dev.panpty.expect.Expect;
import dev.panpty.expect.ExpectOptions;
import java.io.IOException;
import java.util.List;

/** Logs in by ssh: {@code Login ssh -t HOST} asks for the secret and then connects this terminal; ^] leaves. */
public final class Login {

    private static final byte CTRL_BRACKET = 0x1d;

    private Login() {}

    public static void main(String[] arguments) throws Exception {
        char[] secret = System.console().readPassword("Secret: ");
        try (Expect session = login(List.of(arguments), secret)) {
            System.out.println(session.interact(CTRL_BRACKET));
        }
    }

    // @start region="login"
    /** Accepts an unknown host, and types the secret when it is asked for: a passphrase or a password. */
    public static Expect login(List<String> ssh, char[] secret) throws IOException {
        Expect session = Expect.start(new PtyProcessBuilder(ssh), ExpectOptions.defaults());
        session.answer(text("(yes/no/[fingerprint])? "), "yes").failOn(text("Permission denied"));
        session.await(regex("(?i)pass(word|phrase).*: "));
        return session.sendSecret(secret);
    }
    // @end
}
