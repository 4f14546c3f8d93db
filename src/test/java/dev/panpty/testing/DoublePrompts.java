package dev.panpty.testing;

import dev.panpty.PtyProcessBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Programs that ask for two passwords, by different functions. */
public enum DoublePrompts {
    PYTHON("python3"),
    READPASSPHRASE("cc"),
    GETPASS("cc"),
    EARLY("cc"),
    ONCE("cc"),
    SLEEPER("cc"),
    SLEEPING_EARLY("cc"),
    BASH("bash"),
    BASH_WITH_NEWLINE("bash"),
    SSH_KEYGEN("ssh-keygen"),
    PASSWD("passwd", "unshare");

    private static final String C = Path.of(System.getProperty("panpty.test.native"), "prompts").toString();
    private static final String ETC = "passwd shadow group gshadow nsswitch.conf login.defs pam.conf pam.d security"; // passwd(1) reads these
    private static final String MANY = "100000";
    private static final String READ_TWICE = "while :; do read -s -p 'First: ' a; %sread -s -p 'Second: ' b; echo; echo \"got <$a> <$b>\"; read x; done";

    private final List<String> tools;

    DoublePrompts(String... tools) {
        this.tools = List.of(tools);
    }

    public List<String> tools() {
        return tools;
    }

    /** @param folder for files of the program, and nothing else in it */
    public DoublePrompt in(Path folder) throws IOException {
        return switch (this) {
            case PYTHON -> DoublePrompt.looping("python3", "-c", "from getpass import getpass\nwhile True:\n  a = getpass(); b = getpass('Again: ')\n"
                    + "  print('got <%s> <%s>' % (a, b), flush=True); input()");
            case READPASSPHRASE -> DoublePrompt.looping(C, "readpassphrase", MANY, "0");
            case GETPASS -> DoublePrompt.looping(C, "getpass", MANY, "0");
            case EARLY -> DoublePrompt.looping(C, "early", MANY, "0");
            case ONCE -> DoublePrompt.looping(C, "once", MANY, "0");
            case SLEEPER -> DoublePrompt.looping(C, "readpassphrase", MANY, "50");
            case SLEEPING_EARLY -> DoublePrompt.looping(C, "early", MANY, "50");
            case BASH -> DoublePrompt.looping("bash", "-c", READ_TWICE.formatted(""));
            case BASH_WITH_NEWLINE -> DoublePrompt.looping("bash", "-c", READ_TWICE.formatted("echo; "));
            case SSH_KEYGEN -> new DoublePrompt(round -> new PtyProcessBuilder("ssh-keygen", "-t", "ed25519", "-f", folder.resolve("key" + round).toString()),
                    true, "has been saved", false);
            case PASSWD -> new DoublePrompt(round -> new PtyProcessBuilder("unshare", "--mount", "sh", "-c", "mkdir \"$1\" && for name in "
                    + ETC + "; do test ! -e /etc/$name || cp -rpL /etc/$name \"$1\"; done; mount --bind \"$1\" /etc && exec passwd nobody",
                    "sh", folder.resolve("etc" + round).toString()), true, "successfully", false);
        };
    }
}
