package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.screen.ClipboardText.Selection;
import dev.panpty.testing.Await;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** OSC 52: what a program writes to the clipboard comes to a receiver that was asked for, and nowhere else; nothing is ever read. */
@Timeout(60)
class ClipboardTest {

    private static final int MEGABYTE = 1 << 20;

    private final List<ClipboardText> copied = new ArrayList<>();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(bytes(text));
    }

    private List<ClipboardText> copiedBy(String output) {
        copied.clear();
        new Screen().clipboard(copied::add).feed(bytes(output));
        return List.copyOf(copied);
    }

    private static List<ClipboardText> one(String text, Selection... selections) {
        return List.of(new ClipboardText(Set.of(selections), text));
    }

    @Test
    void whatIsWrittenComesToTheReceiver() {
        assertEquals(one("h\u00e9llo\n", Selection.CLIPBOARD), copiedBy("\u001b]52;c;" + base64("h\u00e9llo\n") + "\u0007"));
        assertEquals(one("x", Selection.PRIMARY), copiedBy("\u001b]52;p;" + base64("x") + "\u001b\\"));
        assertEquals(one("x", Selection.PRIMARY), copiedBy("\u009d52;p;" + base64("x") + "\u009c"));
        assertEquals(one("", Selection.CLIPBOARD), copiedBy("\u001b]52;c;\u0007"), "clears it");
        assertEquals(one("x", Selection.CLIPBOARD), copiedBy("\u001b]52;c;eA\u0007"), "the padding may be left out");
        assertEquals(one("line after line", Selection.CLIPBOARD), copiedBy("\u001b]52;c;bGluZSBhZnRl\r\nciBsaW5l\n\u0007"), "as base64(1) wraps");
        assertEquals(one("\ufffd", Selection.CLIPBOARD), copiedBy("\u001b]52;c;/w==\u0007"));
    }

    @Test
    void itNamesTheSelections() {
        assertEquals(one("x", Selection.CLIPBOARD, Selection.PRIMARY, Selection.SECONDARY, Selection.SELECT, Selection.CUT_BUFFER),
                copiedBy("\u001b]52;cpqs07;eA==\u0007"));
        assertEquals(one("x", Selection.SELECT, Selection.CUT_BUFFER), copiedBy("\u001b]52;;eA==\u0007"), "xterm's default, s0");
        assertEquals(one("x", Selection.CLIPBOARD), copiedBy("\u001b]52;c9zc;eA==\u0007"), "letters that xterm does not have");
        assertEquals(List.of(), copiedBy("\u001b]52;89;eA==\u0007"));
        assertThrows(IllegalArgumentException.class, () -> new ClipboardText(Set.of(), "x"));
    }

    @Test
    void malformedOnesAreDropped() {
        for (String malformed : List.of("c;e", "c;!", "c;eA==eA==", "c;e-_=", "c;eA==;", "c", "", "c;\u6f22", "c;eA= =")) {
            assertEquals(List.of(), copiedBy("\u001b]52;" + malformed + "\u0007"), malformed);
        }
        for (String cancelled : List.of("\u0018", "\u001a", "\u009b0m")) {
            assertEquals(List.of(), copiedBy("\u001b]52;c;eA==" + cancelled + "\u001b\\"), Escapes.show(bytes(cancelled)));
        }
    }

    @Test
    void nothingIsTakenUnlessAskedFor() {
        String output = "\u001b]52;c;" + base64("x") + "\u0007text\u001b]52;c;" + base64("y".repeat(Parser.MAX_STRING)) + "\u0007";
        Screen screen = new Screen();
        screen.feed(bytes(output));
        assertEquals("text", screen.snapshot().text());
        screen.clipboard(copied::add);
        assertEquals(List.of(), copied, "what came before");
    }

    @Test
    void aQueryIsNeverAnswered() {
        List<byte[]> answers = new ArrayList<>();
        Screen screen = new Screen().answering(answers::add).clipboard(copied::add);
        screen.feed(bytes("\u001b]52;c;" + base64("secret") + "\u0007\u001b]52;c;?\u0007\u001b]52;;?\u001b\\\u001b]52;?\u0007"));
        assertEquals(1, copied.size());
        assertEquals(List.of(), answers);
    }

    @Test
    void aLongTextIsTakenUpToItsLimitAndOtherStringsAreNoLonger() {
        String longest = "x".repeat(Screen.CLIPBOARD_LIMIT);
        assertEquals(longest, copiedBy("\u001b]52;c;" + base64(longest) + "\u0007").getFirst().text());
        assertEquals(List.of(), copiedBy("\u001b]52;c;" + base64(longest + "x") + "\u0007"));
        assertEquals(List.of(), copiedBy("\u001b]52;c;" + base64(longest + longest) + "\u0007"));
        assertEquals(one("after", Selection.CLIPBOARD), copiedBy("\u001b]52;c;" + base64(longest + longest) + "\u0007\u001b]52;c;" + base64("after") + "\u0007"));
        Screen screen = new Screen().clipboard(copied::add);
        screen.feed(bytes("\u001b]2;52;" + "x".repeat(Parser.MAX_STRING) + "\u0007\u001bP52;" + "x".repeat(Parser.MAX_STRING) + "\u001b\\"));
        assertEquals("", screen.snapshot().title());
    }

    @Test
    void howTheOutputIsCutMakesNoDifference() {
        String text = "漢字 and a text that is longer than one write".repeat(300);
        byte[] output = bytes("a\u001b]52;c;" + base64(text) + "\u0007b");
        for (int piece : new int[] {1, 7, 4096}) {
            copied.clear();
            Screen screen = new Screen().clipboard(copied::add);
            for (int at = 0; at < output.length; at += piece) {
                screen.feed(ByteBuffer.wrap(output, at, Math.min(piece, output.length - at)));
            }
            assertEquals(one(text, Selection.CLIPBOARD), copied, () -> piece + " bytes at a time");
            assertEquals("ab", screen.snapshot().text());
        }
    }

    @Test
    void theReceiverIsCalledWithoutALockWhenTheOutputIsSeen() throws Exception {
        List<String> seen = new ArrayList<>();
        Screen screen = new Screen();
        screen.clipboard(text -> {
            try {
                Thread.ofVirtual().start(() -> seen.add(text.text() + " " + screen.snapshot().text())).join();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        });
        screen.feed(bytes("\u001b]52;c;eA==\u0007then\u001b]52;c;eQ==\u0007more"));
        assertEquals(List.of("x thenmore", "y thenmore"), seen);
    }

    @Test
    void whatTheReceiverThrowsGoesToTheCallerAndTheScreenGoesOn() {
        IllegalStateException thrown = new IllegalStateException("of the user");
        Screen screen = new Screen().clipboard(text -> {
            throw thrown;
        });
        assertSame(thrown, assertThrows(IllegalStateException.class, () -> screen.feed(bytes("\u001b]52;c;eA==\u0007text"))));
        screen.clipboard(copied::add).feed(bytes("!\u001b]52;c;eQ==\u0007"));
        assertEquals("text!", screen.snapshot().text());
        assertEquals(one("y", Selection.CLIPBOARD), copied, "what was not delivered is not delivered later");
    }

    @Test
    void aProgramWritesToIt() throws Exception {
        Queue<ClipboardText> received = new ConcurrentLinkedQueue<>();
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "printf '\\033]52;c;%s\\a' $(echo hello | base64)")
                .tap(new Screen().clipboard(received::add)).start()) {
            process.drain();
            Await.until("the text", () -> !received.isEmpty());
        }
        assertEquals(one("hello\n", Selection.CLIPBOARD), List.copyOf(received));
    }

    @Test
    void anOpenStringTakesMemoryUpToTheLimit() {
        Screen screen = new Screen().clipboard(copied::add);
        screen.feed(bytes("\u001b]52;c;"));
        byte[] piece = bytes("AAAA".repeat(MEGABYTE / 4));
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int fed = 0; fed < 64; fed++) {
            screen.feed(piece);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 8 * MEGABYTE, () -> allocated + " bytes");
        screen.feed(bytes("\u0007ok"));
        assertFalse(screen.isInSequence());
        assertEquals(List.of(), copied);
        assertEquals("ok", screen.snapshot().text());
    }
}
