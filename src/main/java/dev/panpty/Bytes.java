package dev.panpty;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Arrays;

/** Text as the bytes that libc takes: in {@code sun.jnu.encoding}, as the JVM itself does, but never with a {@code ?} in place. */
final class Bytes {

    /** The encoding of file names, arguments and environment. */
    static final Charset CHARSET = Charset.forName(System.getProperty("sun.jnu.encoding"));

    private static final String FILE_URI = "file://";

    private Bytes() {}

    /**
     * The text's bytes.
     *
     * @param what names it in a message
     * @throws IllegalArgumentException if it holds a NUL or what the encoding cannot express
     */
    static byte[] of(String what, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(what + " must not contain a NUL character: " + text.replace("\0", "\\0"));
        }
        try {
            ByteBuffer bytes = CHARSET.newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            return Arrays.copyOf(bytes.array(), bytes.limit());
        } catch (CharacterCodingException cannot) {
            throw new IllegalArgumentException(what + " cannot be expressed in " + CHARSET + ", sun.jnu.encoding: " + text, cannot);
        }
    }

    /** The path's bytes; those of a name that is not text in the JVM's encoding are found in its URI, which has them one by one. */
    static byte[] of(Path path) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException("the directory must be in the default file system: " + path);
        }
        String text = path.toString();
        byte[] guess = text.getBytes(CHARSET);
        if (text.indexOf('\ufffd') < 0 && new String(guess, CHARSET).equals(text)) {
            return guess;
        }
        String escaped = path.toUri().toString().substring(FILE_URI.length());
        byte[] bytes = new byte[escaped.length()];
        int count = 0;
        for (int i = 0; i < escaped.length(); i++) {
            boolean escape = escaped.charAt(i) == '%';
            bytes[count++] = (byte) (escape ? Integer.parseInt(escaped, i + 1, i + 3, 16) : escaped.charAt(i));
            i += escape ? 2 : 0;
        }
        return Arrays.copyOf(bytes, count);
    }

    /** Bytes as text, for a map or a message. */
    static String toString(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, CHARSET);
    }
}
