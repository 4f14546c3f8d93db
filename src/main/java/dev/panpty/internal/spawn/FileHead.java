package dev.panpty.internal.spawn;

import dev.panpty.internal.sys.Architecture;
import dev.panpty.internal.sys.FileNameEncoding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The first bytes of a file, by which the kernel decides how to execute it, see execve(2); and the reason to report after ENOEXEC. A value.
 */
final class FileHead {

    /** A page, in which an ELF program as a rule names its interpreter. */
    static final int BYTES = 4096;

    /** Of a script the kernel reads no more, see BINPRM_BUF_SIZE in its sources. */
    private static final int SCRIPT_BYTES = 256;

    /** For a file that cannot be read. */
    static final FileHead NONE = new FileHead(new byte[0]);

    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};
    private static final byte[] INTERPRETED = {'#', '!'};
    private static final int ELF_CLASS = 4; // EI_CLASS in elf(5), 2 for 64 bits
    private static final int ELF_DATA = 5; // EI_DATA, 2 for the most significant byte first
    private static final int ELF_MACHINE = 18; // e_machine
    private static final int ELF_HEADER_BYTES = 64;
    private static final int PT_INTERP = 3;

    private final byte[] bytes;
    private final ByteBuffer elf;

    /** @param bytes at most {@link #BYTES}, fewer if the file is shorter */
    FileHead(byte[] bytes) {
        this.bytes = Arrays.copyOf(bytes, Math.min(bytes.length, SCRIPT_BYTES));
        boolean isBigEndian = bytes.length > ELF_DATA && bytes[ELF_DATA] == 2;
        elf = ByteBuffer.wrap(bytes).order(isBigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether it is text that names no interpreter, which the shell runs, see execvp(3). An empty file is. */
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

    /**
     * The interpreter, as the kernel reads it: the word after {@code #!} and blanks, or the dynamic loader that the ELF header names; empty
     * if the file names none.
     */
    byte[] interpreter() {
        if (isElf()) {
            return elfInterpreter();
        }
        int start = nameStart();
        return isInterpreted() ? Arrays.copyOfRange(bytes, start, nameEnd(start)) : new byte[0];
    }

    /** Whether it is an ELF program that names an interpreter, in these bytes or further on in the file. */
    boolean namesLoader() {
        return isElf() && interpreterHeader() >= 0;
    }

    /** The string of the segment PT_INTERP, see elf(5); empty if it is not in these bytes. */
    private byte[] elfInterpreter() {
        int header = interpreterHeader();
        if (header < 0) {
            return new byte[0];
        }
        long start = isWide() ? elf.getLong(header + 8) : elf.getInt(header + 4); // p_offset
        long length = isWide() ? elf.getLong(header + 32) : elf.getInt(header + 16); // p_filesz, with the NUL
        boolean isHere = start >= 0 && length > 0 && start <= elf.limit() && length <= elf.limit() - start;
        return isHere ? Arrays.copyOfRange(elf.array(), (int) start, (int) (start + length - 1)) : new byte[0];
    }

    /** The offset of that segment's program header; -1 if it is not in these bytes. */
    private int interpreterHeader() {
        if (elf.limit() < ELF_HEADER_BYTES) {
            return -1;
        }
        long at = isWide() ? elf.getLong(32) : elf.getInt(28); // e_phoff
        int size = elf.getShort(isWide() ? 54 : 42); // e_phentsize
        int left = elf.getShort(isWide() ? 56 : 44); // e_phnum
        int least = isWide() ? 56 : 32;
        for (; left > 0 && size >= least && at >= 0 && at <= elf.limit() - size; left--, at += size) {
            if (elf.getInt((int) at) == PT_INTERP) {
                return (int) at;
            }
        }
        return -1;
    }

    private boolean isWide() {
        return elf.get(ELF_CLASS) == 2;
    }

    /** Whether it names an interpreter after {@code #!}, completely in the bytes that the kernel reads. */
    boolean namesInterpreter() {
        int start = nameStart();
        int end = nameEnd(start);
        return isInterpreted() && end > start && end < SCRIPT_BYTES;
    }

    /** Whether the first line ends in CR LF. */
    boolean hasWindowsLineEnd() {
        int end = lineEnd();
        return end > 0 && bytes[end - 1] == '\r';
    }

    /** Why the kernel does not execute it; follows the file's name in a message. */
    String whyNotExecuted() {
        if (isElf()) {
            return elf.limit() < ELF_MACHINE + Short.BYTES ? "is a program that was cut short" : "is a program for " + machine();
        }
        if (!isInterpreted()) {
            return isShellScript() ? "is text that names no interpreter" : "is neither a program nor text";
        }
        String line = visible(Arrays.copyOf(bytes, lineEnd()));
        String fault = interpreter().length == 0 ? "names no interpreter: " : "is too long for the kernel: ";
        return "begins with a line that " + fault + line;
    }

    private String machine() {
        int number = elf.getShort(ELF_MACHINE) & 0xffff;
        String name = machineName(number);
        String own = Architecture.here().equals(Architecture.X86_64) ? "x86-64" : "aarch64";
        return name.equals(own) ? name + " that the kernel cannot load" : name;
    }

    /** The names of EM_... in elf(5), in the spelling of uname(2), except for x86-64. */
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

    /** The name as text for a message: control characters are written as in C. */
    static String visible(byte[] name) {
        StringBuilder text = new StringBuilder();
        for (char character : FileNameEncoding.decode(name).toCharArray()) {
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
