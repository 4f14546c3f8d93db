package dev.panpty.internal.sys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.internal.gen.Linux;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** struct termios as bytes. */
class TermiosTest {

    @Test
    void bytesWithoutANameStayAsTheyWere() {
        int end = Linux.OFFSETOF_TERMIOS_CC() + Termios.NCCS;
        byte[] before = new byte[end + 8];
        Arrays.fill(before, (byte) 0x5a);
        ByteBuffer struct = ByteBuffer.wrap(before.clone()).order(ByteOrder.nativeOrder());
        Termios.COOKED.writeTo(struct);
        Termios written = Termios.readFrom(struct);
        assertEquals(Termios.COOKED.control(), written.control());
        assertArrayEquals(Termios.COOKED.controlCharacters(), written.controlCharacters());
        assertArrayEquals(Arrays.copyOfRange(before, end, before.length), Arrays.copyOfRange(struct.array(), end, before.length));
    }
}
