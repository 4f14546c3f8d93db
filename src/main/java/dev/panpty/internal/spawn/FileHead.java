package dev.panpty.internal.spawn;

import dev.panpty.internal.sys.Architecture;
import java.util.Arrays;

/**
 * The first bytes of a file, from which the kernel tells how to execute it; and what they are where the kernel answers ENOEXEC, see
 * execve(2). A value.
 */
final class FileHead {

    /** The kernel itself looks at no more, see BINPRM_BUF_SIZE in its sources. */
    static final int BYTES = 256;

    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};
    private static final byte[] INTERPRETED = {'#', '!'};
    private static final int ELF_DATA = 5; // EI_DATA in elf(5), 2 for the most significant byte first
    private static final int ELF_MACHINE = 18; // e_machine
    private static final int MOST_SIGNIFICANT_FIRST = 2;

    private final byte[] bytes;

    /** @param bytes at most {@link #BYTES}, fewer where the file has no more */
    FileHead(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Whether it is text that names no interpreter, which the shell runs, as execvp(3) has it. So is an empty file. */
    boolean isShellScript() {
        return !isElf() && !isInterpreted() && !contains((byte) 0, lineEnd());
    }

    boolean isElf() {
        return startsWith(ELF);
    }

    /** Whether it begins with {@code #!}. */
    boolean isInterpreted() {
        return startsWith(INTERPRETED);
    }

    /** The word after {@code #!} and blanks, as the kernel reads it; empty if there is none. */
    byte[] interpreter() {
        int start = nameStart();
        return isInterpreted() ? Arrays.copyOfRange(bytes, start, nameEnd(start)) : new byte[0];
    }

    /** Whether there is such a name, and all of it is here: the kernel takes no other. */
    boolean namesInterpreter() {
        int start = nameStart();
        int end = nameEnd(start);
        return isInterpreted() && end > start && end < BYTES;
    }

    /** Whether the first line ends as on Windows. */
    boolean hasWindowsLineEnd() {
        int end = lineEnd();
        return end > 0 && bytes[end - 1] == '\r';
    }

    /** Why the kernel does not execute it: what completes the file's name in a message. */
    String whyNotExecuted() {
        if (isElf()) {
            return bytes.length < ELF_MACHINE + Short.BYTES ? "is a program that was cut short" : "is a program for " + machine();
        }
        if (!isInterpreted()) {
            return isShellScript() ? "is text that names no interpreter" : "is neither a program nor text";
        }
        String line = visible(Arrays.copyOf(bytes, lineEnd()));
        String fault = interpreter().length == 0 ? "names no interpreter: " : "is too long for the kernel: ";
        return "begins with a line that " + fault + line;
    }

    private String machine() {
        int first = bytes[ELF_MACHINE] & 0xff;
        int second = bytes[ELF_MACHINE + 1] & 0xff;
        int number = bytes[ELF_DATA] == MOST_SIGNIFICANT_FIRST ? first << Byte.SIZE | second : second << Byte.SIZE | first;
        String name = machineName(number);
        String own = Architecture.here().equals(Architecture.X86_64) ? "x86-64" : "aarch64";
        return name.equals(own) ? name + " that the kernel cannot load" : name;
    }

    /** The names of EM_... in elf(5), as uname(2) says them, but for x86-64. */
    private static String machineName(int number) {
        return switch (number) {
            case 2, 18 -> "sparc";
            case 3 -> "i386";
            case 4 -> "m68k";
            case 8 -> "mips";
            case 15 -> "parisc";
            case 20 -> "ppc";
            case 21 -> "ppc64";
            case 22 -> "s390x";
            case 40 -> "arm";
            case 42 -> "sh";
            case 43 -> "sparc64";
            case 50 -> "ia64";
            case 62 -> "x86-64";
            case 183 -> "aarch64";
            case 243 -> "riscv";
            case 258 -> "loongarch";
            case 0x9026 -> "alpha";
            default -> "machine " + number + " of elf.h";
        };
    }

    private int lineEnd() {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return end;
    }

    private int nameStart() {
        int start = INTERPRETED.length;
        while (start < bytes.length && isBlank(bytes[start])) {
            start++;
        }
        return Math.min(start, bytes.length);
    }

    private int nameEnd(int start) {
        int end = start;
        while (end < bytes.length && !isBlank(bytes[end]) && bytes[end] != '\n' && bytes[end] != 0) {
            end++;
        }
        return end;
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || character == '\t';
    }

    private boolean startsWith(byte[] wanted) {
        return bytes.length >= wanted.length && Arrays.equals(bytes, 0, wanted.length, wanted, 0, wanted.length);
    }

    private boolean contains(byte wanted, int end) {
        for (int i = 0; i < end; i++) {
            if (bytes[i] == wanted) {
                return true;
            }
        }
        return false;
    }

    /** As a message shows it: what is no character stands as in C. */
    static String visible(byte[] name) {
        StringBuilder text = new StringBuilder();
        for (char character : Diagnosis.text(name).toCharArray()) {
            if (character == '\r') {
                text.append("\\r");
            } else if (character == '\t') {
                text.append("\\t");
            } else if (Character.isISOControl(character)) {
                text.append(String.format("\\x%02x", (int) character));
            } else {
                text.append(character);
            }
        }
        return text.toString();
    }
}
