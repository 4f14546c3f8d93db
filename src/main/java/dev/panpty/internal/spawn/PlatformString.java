package dev.panpty.internal.spawn;

import dev.panpty.internal.sys.FileNameEncoding;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Arrays;

/** Encodes text for libc, see {@link FileNameEncoding}; never replaces a character by {@code ?}. */
public final class PlatformString {

    private static final String FILE_URI = "file://";

    private PlatformString() {}

    /**
     * The text's bytes.
     *
     * @param what names it in a message
     * @throws IllegalArgumentException if it has a NUL or a character that the encoding cannot express
     */
    public static byte[] of(String what, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(what + " must not contain a NUL character: " + text.replace("\0", "\\0"));
        }
        try {
            return FileNameEncoding.encode(text);
        } catch (CharacterCodingException cannot) {
            throw new IllegalArgumentException(what + " cannot be expressed in " + FileNameEncoding.CHARSET + " (sun.jnu.encoding is "
                    + System.getProperty("sun.jnu.encoding") + "): " + text, cannot);
        }
    }

    /**
     * The path's bytes. For a name that is no text in the JVM's encoding, or has several encodings, as some in Big5, they are taken from
     * the path's URI, which has every byte.
     */
    public static byte[] of(Path path) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException("the directory must be in the default file system: " + path);
        }
        String text = path.toString();
        byte[] guess = text.getBytes(StandardCharsets.UTF_8);
        boolean isAscii = guess.length == text.length();
        if (isAscii || FileNameEncoding.CHARSET.equals(StandardCharsets.UTF_8) && isExact(text, guess)) {
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

    private static boolean isExact(String text, byte[] guess) {
        return text.indexOf('\ufffd') < 0 && FileNameEncoding.decode(guess).equals(text);
    }
}
