package dev.panpty.cast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.testing.Await;
import dev.panpty.testing.Needs;
import dev.panpty.testing.OtherUser;
import dev.panpty.testing.TapRecorder;
import dev.panpty.testing.TapStyle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A recorder that records input does not record a password. */
@Timeout(120)
class SecretInputTest {

    private static final String PASSWORD = "s3cret";

    @TempDir
    Path folder;

    /** Types the password at the prompt, then a line that the program reads with an echo. */
    private void typePassword(TapStyle style, String prompt, String input, String... command) throws Exception {
        Path path = folder.resolve(style + ".cast");
        TapRecorder log = new TapRecorder();
        TapStyle.Reader reader = style.start(new PtyProcessBuilder(command).tap(Recorder.to(path).input()).tap(log));
        try (PtyProcess process = reader.process()) {
            Await.until("the prompt", () -> log.output().contains(prompt));
            process.awaitPasswordPrompt(Await.DEADLINE);
            style.write(process, (PASSWORD + "\n").getBytes(StandardCharsets.US_ASCII));
            if (!input.isEmpty()) {
                Await.until("the line", () -> log.output().contains("line?"));
                style.write(process, "typed\n".getBytes(StandardCharsets.US_ASCII));
                process.onEnd().get();
            } else {
                Await.until("it is typed", () -> log.input().contains(PASSWORD));
            }
        }
        Await.until("the end", () -> log.events().getLast().equals("ended"));
        Await.until("the file", () -> RecorderTest.events(Recording.read(path)).getLast() instanceof CastEvent.Exit);
        assertEquals(PASSWORD + "\n" + input, log.input().substring(0, PASSWORD.length() + 1 + input.length()));
        assertEquals(input, RecorderTest.input(RecorderTest.events(Recording.read(path))));
        assertFalse(Files.readString(path).contains(PASSWORD));
    }

    @ParameterizedTest
    @EnumSource
    @Needs("bash")
    void atTheReadOfAShell(TapStyle style) throws Exception {
        typePassword(style, "password?", "typed\n", "bash", "-c", "read -r -s -p password? p; echo; echo line?; read -r l; echo ${#p}");
    }

    @ParameterizedTest
    @EnumSource(names = {"VIRTUAL_THREAD", "PROTOCOL"})
    @Needs("python3")
    void atGetpass(TapStyle style) throws Exception {
        typePassword(style, "Password:", "typed\n", "python3", "-c", "import getpass; p = getpass.getpass(); print('line?'); input(); print(len(p))");
    }

    /** Sudo asks any user but root, whether or not it knows the password. */
    @Test
    @Needs("sudo")
    void atSudo() throws Exception {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of(OtherUser.command(OtherUser.NOBODY)));
        }
        command.addAll(List.of("sudo", "-k", "-p", "password?", "true"));
        typePassword(TapStyle.PROTOCOL, "password?", "", command.toArray(String[]::new));
    }
}
