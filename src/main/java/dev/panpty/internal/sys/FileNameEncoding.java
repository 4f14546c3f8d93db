package dev.panpty.internal.sys;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The encoding of file names, arguments, environment variables and messages of the kernel and libc: {@code sun.jnu.encoding}, which the JVM
 * takes from LC_CTYPE, see locale(7). If that is US-ASCII, as it is without LANG, it is UTF-8: ASCII is part of it, and file names on such
 * machines are in UTF-8 nevertheless. Any thread.
 */
public final class FileNameEncoding {

    private static final Charset JVMS = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    /** The encoding. */
    public static final Charset CHARSET = JVMS.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : JVMS;

    private FileNameEncoding() {}

    /** The bytes as text; invalid bytes become U+FFFD. */
    public static String decode(byte[] bytes) {
        return new String(bytes, CHARSET);
    }

    /** {@link #decode(byte[])} of some of the bytes. */
    public static String decode(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, CHARSET);
    }

    /**
     * The text's bytes.
     *
     * @throws CharacterCodingException if the encoding cannot express it
     */
    public static byte[] encode(String text) throws CharacterCodingException {
        ByteBuffer bytes = CHARSET.newEncoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .encode(CharBuffer.wrap(text));
        return Arrays.copyOf(bytes.array(), bytes.limit());
    }
}
