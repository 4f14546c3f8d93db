package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalAttributes.ControlCharacter;
import dev.panpty.TerminalAttributes.ControlFlag;
import dev.panpty.TerminalAttributes.Flag;
import dev.panpty.TerminalAttributes.InputFlag;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.TerminalAttributes.OutputFlag;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The attributes of a terminal, compared with those that stty(1) prints and sets. */
@Needs("stty")
class AttributesTest {

    @RegisterExtension
    final Seed seed = new Seed();

    /** A pseudo-terminal fixes these: 8 bits, no parity, receiver enabled. */
    private static final Set<Flag> FIXED = Set.of(ControlFlag.CREAD, ControlFlag.PARENB);

    private static final Map<ControlCharacter, String> CHARACTER_WORDS = Map.ofEntries(
            Map.entry(ControlCharacter.VINTR, "intr"), Map.entry(ControlCharacter.VQUIT, "quit"),
            Map.entry(ControlCharacter.VERASE, "erase"), Map.entry(ControlCharacter.VKILL, "kill"),
            Map.entry(ControlCharacter.VEOF, "eof"), Map.entry(ControlCharacter.VTIME, "time"),
            Map.entry(ControlCharacter.VMIN, "min"), Map.entry(ControlCharacter.VSWTC, "swtch"),
            Map.entry(ControlCharacter.VSTART, "start"), Map.entry(ControlCharacter.VSTOP, "stop"),
            Map.entry(ControlCharacter.VSUSP, "susp"), Map.entry(ControlCharacter.VEOL, "eol"),
            Map.entry(ControlCharacter.VREPRINT, "rprnt"), Map.entry(ControlCharacter.VDISCARD, "discard"),
            Map.entry(ControlCharacter.VWERASE, "werase"), Map.entry(ControlCharacter.VLNEXT, "lnext"),
            Map.entry(ControlCharacter.VEOL2, "eol2"));

    private static final int[] SPEEDS = {
        0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 500000,
        576000, 921600, 1000000, 1152000, 1500000, 2000000, 2500000, 3000000, 3500000, 4000000
    };

    private Pty pty;

    @BeforeEach
    void openATerminal() throws IOException {
        pty = Pty.open();
    }

    @AfterEach
    void closeIt() {
        pty.close();
    }

    /** All flags that have a name here. */
    private static List<Flag> flags() {
        return Stream.<Flag[]>of(InputFlag.values(), OutputFlag.values(), ControlFlag.values(), LocalFlag.values())
                .flatMap(Arrays::stream).toList();
    }

    /** The flags that stty has a word for and that can be changed. */
    private static List<Flag> changeableFlags() {
        return flags().stream().filter(flag -> !FIXED.contains(flag) && flag != LocalFlag.PENDIN).toList();
    }

    /** The output of stty on our terminal. */
    private String stty(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("stty", "-F", pty.ptsName()));
        command.addAll(List.of(arguments));
        Process stty = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1).strip();
        assertEquals(0, stty.waitFor(), command + ": " + said);
        return said;
    }

    /** The words of {@code stty -a} for flags and delays. */
    private Set<String> words() throws IOException, InterruptedException {
        return new TreeSet<>(List.of(stty("-a").replaceAll(".*;\\s", "").split("\\s+")));
    }

    /** The word of stty for a flag: a delay with its number, any other with or without a dash. */
    private static String word(Flag flag, boolean on) {
        String name = flag.toString().toLowerCase(Locale.ROOT);
        if (name.matches("[a-z]+\\d") && !name.equals("iutf8")) {
            return on ? name : name.replaceAll("\\d", "0");
        }
        return on ? name : "-" + name;
    }

    private static Set<String> minus(Set<String> words, Set<String> others) {
        Set<String> rest = new TreeSet<>(words);
        rest.removeAll(others);
        return rest;
    }

    @Test
    void eachFlagThatIsSetOrClearedChangesOneWordOfStty() throws Exception {
        TerminalAttributes cooked = pty.attributes();
        Set<String> before = words();
        for (Flag flag : changeableFlags()) {
            boolean on = !cooked.has(flag);
            pty.attributes(cooked.with(flag, on));
            Set<String> after = words();
            assertEquals(Set.of(word(flag, on)), minus(after, before), flag + " on: " + on);
            assertEquals(Set.of(word(flag, !on)), minus(before, after), flag + " on: " + on);
        }
        pty.attributes(cooked);
        assertEquals(before, words());
    }

    @Test
    void eachFlagThatSttySetsOrClearsIsTheOnlyOneThatChanges() throws Exception {
        for (Flag flag : changeableFlags()) {
            TerminalAttributes before = pty.attributes();
            boolean on = !before.has(flag);
            stty(word(flag, on));
            assertEquals(before.with(flag, on), pty.attributes(), flag + " on: " + on);
            stty(word(flag, !on));
            assertEquals(before, pty.attributes(), flag + " on: " + !on);
        }
    }

    @Test
    void aFlagThatSttyHasNoWordForIsInTheNumbersItSaves() throws Exception {
        pty.attributes(pty.attributes().with(LocalFlag.PENDIN, true));
        int local = Integer.parseInt(stty("-g").split(":")[3], 16);
        assertEquals(LocalFlag.PENDIN.bit(), local & LocalFlag.PENDIN.bit());
        assertTrue(pty.attributes().has(LocalFlag.PENDIN));
    }

    @Test
    void theDelaysOfTwoBitsAreThoseOfStty() throws Exception {
        pty.attributes(pty.attributes().with(OutputFlag.CR1, true).with(OutputFlag.CR2, true));
        assertTrue(words().contains("cr3"));
        pty.attributes(pty.attributes().with(OutputFlag.TAB1, true).with(OutputFlag.TAB2, true));
        assertTrue(words().contains("tab3"));
    }

    @Test
    void flagsThatAPseudoTerminalFixesAreReadBackAsFixed() throws Exception {
        TerminalAttributes cooked = pty.attributes();
        for (TerminalAttributes other : List.of(cooked.with(ControlFlag.PARENB, true), cooked.with(ControlFlag.CREAD, false),
                cooked.withCharacterSize(5))) {
            try {
                pty.attributes(other);
            } catch (IOException refused) {
                assertTrue(refused.getMessage().contains("EINVAL"), refused::getMessage); // by glibc; other libraries report no error
            }
            assertEquals(cooked, pty.attributes());
        }
        assertTrue(words().containsAll(Set.of("cs8", "cread", "-parenb")));
    }

    @Test
    void eachControlCharacterIsWhatSttySays() throws Exception {
        TerminalAttributes attributes = pty.attributes();
        for (ControlCharacter character : ControlCharacter.values()) {
            for (int value : new int[] {0, 1, 31, 'x', 127, 128, 129, 200, 254, 255}) {
                pty.attributes(attributes.with(character, value));
                assertEquals(value, pty.attributes().character(character));
                String expected = CHARACTER_WORDS.get(character) + " = " + visible(character, value) + ";";
                assertTrue(stty("-a").contains(expected), () -> "no " + expected);
            }
        }
    }

    /** The notation of stty for characters. */
    private static String visible(ControlCharacter character, int value) {
        if (character == ControlCharacter.VMIN || character == ControlCharacter.VTIME) {
            return Integer.toString(value);
        }
        if (value == 0) {
            return "<undef>";
        }
        int seven = value & 127;
        String shown = seven < 32 ? "^" + (char) (seven + 64) : seven == 127 ? "^?" : Character.toString(seven);
        return value < 128 ? shown : "M-" + shown;
    }

    @Test
    void eachControlCharacterThatSttySetsIsTheOnlyOneThatChanges() throws Exception {
        int value = 129;
        for (ControlCharacter character : ControlCharacter.values()) {
            TerminalAttributes before = pty.attributes();
            stty(CHARACTER_WORDS.get(character), Integer.toString(++value));
            assertEquals(before.with(character, value), pty.attributes(), character.toString());
        }
    }

    @Test
    void eachSpeedIsTheOneOfStty() throws Exception {
        TerminalAttributes cooked = pty.attributes();
        for (int speed : SPEEDS) {
            pty.attributes(cooked.withSpeed(speed));
            assertEquals(speed, pty.attributes().speed());
            assertTrue(stty("-a").startsWith("speed " + speed + " baud;"), () -> "speed " + speed);
        }
        for (int speed : Arrays.copyOfRange(SPEEDS, 1, SPEEDS.length)) {
            stty("ispeed", Integer.toString(speed), "ospeed", Integer.toString(speed));
            assertEquals(cooked.withSpeed(speed), pty.attributes());
        }
    }

    @Test
    void rawIsWhatSttyMakesRawWithoutEchoAndExtensions() throws Exception {
        stty("raw", "-echo", "-iexten", "iutf8");
        assertEquals(TerminalAttributes.raw(), pty.attributes());
    }

    @Test
    void rawIsReadBackAsSet() throws Exception {
        pty.attributes(TerminalAttributes.raw());
        assertEquals(TerminalAttributes.raw(), pty.attributes());
    }

    @Test
    @Needs("python3")
    void cookedIsWhatTheKernelGivesANewTerminalAndUtf8() throws Exception {
        String kernels = Programs.output("python3", "-c",
                "import os, subprocess; m, s = os.openpty(); subprocess.run(['stty', '-g'], stdin=s)").strip();
        pty.attributes(TerminalAttributes.cooked().with(InputFlag.IUTF8, false));
        assertEquals(kernels, stty("-g"));
    }

    @Test
    void aNewTerminalIsCooked() throws Exception {
        assertEquals(TerminalAttributes.cooked(), pty.attributes());
        try (PtyProcess process = PtyProcess.start("cat")) {
            assertEquals(TerminalAttributes.cooked(), process.attributes());
        }
    }

    @Test
    void attributesAreReadBackExactlyAsSet() throws Exception {
        Random random = seed.random();
        for (int i = 0; i < 300; i++) {
            TerminalAttributes some = random(random, changeableFlags());
            pty.attributes(some);
            assertEquals(some, pty.attributes());
        }
    }

    @Test
    void attributesThatSttySavesItRestoresOverAnyOthers() throws Exception {
        Random random = seed.random();
        for (int i = 0; i < 20; i++) {
            TerminalAttributes some = random(random, changeableFlags()).withSpeed(38400); // stty fails to restore some other speeds
            pty.attributes(some);
            String saved = stty("-g");
            pty.attributes(TerminalAttributes.cooked());
            stty(saved);
            assertEquals(some, pty.attributes());
        }
    }

    private static TerminalAttributes random(Random random, List<Flag> flags) {
        TerminalAttributes some = TerminalAttributes.cooked().withSpeed(SPEEDS[random.nextInt(SPEEDS.length)]);
        for (Flag flag : flags) {
            some = some.with(flag, random.nextBoolean());
        }
        for (ControlCharacter character : ControlCharacter.values()) {
            some = some.with(character, random.nextInt(256));
        }
        return some;
    }

    @Test
    void aCopyLeavesTheOriginalAsItWas() {
        TerminalAttributes cooked = TerminalAttributes.cooked();
        TerminalAttributes copy = cooked.withEcho(false).with(ControlCharacter.VEOF, 'x').withSpeed(50).withCharacterSize(7);
        assertNotEquals(cooked, copy);
        assertEquals(TerminalAttributes.cooked(), cooked);
        assertTrue(cooked.has(LocalFlag.ECHO));
        assertFalse(copy.has(LocalFlag.ECHO));
        assertEquals(4, cooked.character(ControlCharacter.VEOF));
        assertEquals('x', copy.character(ControlCharacter.VEOF));
        assertEquals(List.of(38400, 8, 50, 7), List.of(cooked.speed(), cooked.characterSize(), copy.speed(), copy.characterSize()));
    }

    @Test
    void theFlagsOfAGroupAreThoseThatAreSet() {
        TerminalAttributes cooked = TerminalAttributes.cooked();
        assertEquals(Set.of(InputFlag.ICRNL, InputFlag.IXON, InputFlag.IUTF8), cooked.flags(InputFlag.class));
        assertEquals(Set.of(OutputFlag.OPOST, OutputFlag.ONLCR), cooked.flags(OutputFlag.class));
        assertEquals(Set.of(ControlFlag.CREAD), cooked.flags(ControlFlag.class));
        for (Flag flag : flags()) {
            assertTrue(cooked.with(flag, true).has(flag));
            assertFalse(cooked.with(flag, false).has(flag));
        }
    }

    @Test
    void equalAttributesHaveEqualHashCodesAndTexts() throws Exception {
        assertEquals(TerminalAttributes.raw().hashCode(), TerminalAttributes.raw().hashCode());
        assertEquals(TerminalAttributes.cooked().toString(), pty.attributes().toString());
        assertTrue(TerminalAttributes.cooked().toString().contains("ICANON"));
    }

    @Test
    void attributesThatNoTerminalHasAreRefused() {
        TerminalAttributes cooked = TerminalAttributes.cooked();
        assertThrows(IllegalArgumentException.class, () -> cooked.withSpeed(12345));
        assertThrows(IllegalArgumentException.class, () -> cooked.withSpeed(-1));
        assertThrows(IllegalArgumentException.class, () -> cooked.withCharacterSize(4));
        assertThrows(IllegalArgumentException.class, () -> cooked.withCharacterSize(9));
        Exception refused = assertThrows(IllegalArgumentException.class, () -> cooked.with(ControlCharacter.VEOF, 256));
        assertEquals("VEOF must be 0..255, was 256", refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> cooked.with(ControlCharacter.VEOF, -1));
    }

    @Test
    void attributesThatAProgramSetsAreRead() throws Exception {
        try (PtyProcess process = Programs.sh("stty -echo intr ^K; echo done; read x")) {
            assertEquals("done", process.inputReader().readLine());
            assertEquals(TerminalAttributes.cooked().withEcho(false).with(ControlCharacter.VINTR, 11), process.attributes());
        }
    }

    @Test
    void attributesSetLiveAreReadByTheProgram() throws Exception {
        try (PtyProcess process = Programs.sh("read x; stty -a")) {
            process.attributes(process.attributes().withEcho(false));
            process.getOutputStream().write('\n');
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(said.contains(" -echo "), said);
        }
    }
}
