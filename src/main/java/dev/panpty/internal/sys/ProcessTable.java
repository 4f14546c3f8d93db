package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The processes of the machine, read from {@code /proc}, see proc(5), which no other class reads. Links are read by readlink(2) and not
 * followed, since their targets may be on a mount that does not answer; the exception is a link to a directory or program whose name ends
 * in "(deleted)". Any thread.
 */
public final class ProcessTable {

    private static final Downcall READLINK = new Downcall(Linux.readlink$address());

    private static final Path PROC = Path.of("/proc");
    private static final int TICKS_PER_SECOND = 100;
    private static final int PARENT = 4 - 3; // proc(5) counts fields from 1, and the state, the third, has index 0 here
    private static final int GROUP = 5 - 3;
    private static final int SESSION = 6 - 3;
    private static final int FLAGS = 9 - 3;
    private static final int THREADS = 20 - 3;
    private static final int START_TIME = 22 - 3;

    private static final long FORK_NO_EXEC = 0x40; // PF_FORKNOEXEC in include/linux/sched.h

    private static final int FIRST_READ_BYTES = 1024;
    private static final int LINK_BYTES = 4096; // the kernel's limit
    private static final String DELETED = " (deleted)";

    private ProcessTable() {}

    /**
     * One line of {@code /proc/PID/stat}.
     *
     * @param name of its program, which the kernel cuts
     * @param threads the number of threads that have not exited; a zombie's main thread counts
     * @param startTicks when it started, in hundredths of a second since the boot
     * @param isForkOnly whether it has not called execve(2) since its fork; false where the kernel hides it
     */
    public record Entry(int pid, String name, char state, int parent, int group, int session, int threads, long startTicks, boolean isForkOnly) {

        /** Whether it has exited. If only its main thread has, the state is Z too, but other threads are left. */
        public boolean isZombie() {
            return (state == 'Z' || state == 'X') && threads <= 1;
        }

        /** The fields that do not change while it lives. */
        public Identity identity() {
            return new Identity(pid, startTicks);
        }
    }

    /** Identifies a process, as distinct from a later one of the same number. */
    public record Identity(int pid, long startTicks) {}

    /**
     * All visible processes.
     *
     * @throws IOException if /proc or a descriptor to read it is not available
     */
    public static List<Entry> list() throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> names = Files.newDirectoryStream(PROC)) {
            for (Path path : names) {
                String name = path.getFileName().toString();
                if (name.charAt(0) >= '1' && name.charAt(0) <= '9') {
                    find(Integer.parseInt(name)).ifPresent(entries::add);
                }
            }
        } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
        }
        if (entries.isEmpty()) {
            throw new IOException("no process is in /proc: no proc(5) is mounted there");
        }
        return entries;
    }

    /** The time now, in the unit of {@link Entry#startTicks}. */
    public static long nowTicks() throws IOException {
        String uptime = new String(read("/proc/uptime").orElseThrow(() -> new IOException("/proc/uptime is not there")),
                StandardCharsets.US_ASCII);
        return Math.round(Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) * TICKS_PER_SECOND); // it has two decimals
    }

    /**
     * One process, if it exists.
     *
     * @throws IOException if that cannot be read, as at the limit of descriptors
     */
    public static Optional<Entry> find(int pid) throws IOException {
        return read("/proc/" + pid + "/stat").filter(stat -> stat.length > 0).map(ProcessTable::parse);
    }

    /** Its arguments; empty for a zombie, for one that is reaped or hidden, and for a short time in each exec, see execve(2). */
    public static List<String> command(int pid) {
        byte[] bytes;
        try {
            bytes = read("/proc/" + pid + "/cmdline").orElse(new byte[0]);
        } catch (IOException hidden) {
            return List.of();
        }
        List<String> arguments = new ArrayList<>();
        for (int from = 0, to = 0; from < bytes.length; from = to + 1) {
            to = from;
            while (to < bytes.length && bytes[to] != 0) { // a program may overwrite them, so that the last NUL is missing
                to++;
            }
            arguments.add(FileNameEncoding.decode(bytes, from, to));
        }
        return arguments;
    }

    /** Its working directory; empty if it may not be read, or was removed. */
    public static Optional<Path> directory(int pid) {
        Path link = PROC.resolve(pid + "/cwd");
        try {
            Path directory = Files.readSymbolicLink(link);
            boolean removed = directory.toString().endsWith(DELETED) && FileIdentity.isRemoved(bytes(link.toString()));
            return removed ? Optional.empty() : Optional.of(directory);
        } catch (IOException hidden) {
            return Optional.empty();
        }
    }

    /** The file that it executes, by its former name if it was removed; empty if it may not be read. */
    public static Optional<String> executable(int pid) {
        byte[] link = bytes("/proc/" + pid + "/exe");
        byte[] target = readLink(link);
        if (target.length == 0) {
            return Optional.empty();
        }
        String path = FileNameEncoding.decode(target);
        boolean removed = path.endsWith(DELETED) && !FileIdentity.same(link, target); // it may have other names
        return Optional.of(removed ? path.substring(0, path.length() - DELETED.length()) : path);
    }

    /**
     * Whether it has the file open by this name; false if its descriptors may not be read. In another mount namespace the name may be that
     * of another file, as of a pts of another devpts. Only a descriptor of this name is followed: others may wait for a file server.
     *
     * @param over called before each descriptor, true to stop; a process may have a million
     */
    public static boolean holds(int pid, String file, BooleanSupplier over) {
        byte[] wanted = bytes(file);
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(PROC.resolve(pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                if (over.getAsBoolean()) {
                    return false;
                }
                byte[] link = bytes(descriptor.toString());
                if (Arrays.equals(readLink(link), wanted) && FileIdentity.same(link, wanted)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException hidden) {
            return false; // gone, or another user's
        }
        return false;
    }

    /** The target of a symbolic link; empty if it cannot be read. */
    static byte[] readLink(byte[] path) {
        try (Scratch scratch = Scratch.take()) {
            int length = READLINK.call(scratch.string(LINK_BYTES, path), scratch.address(), LINK_BYTES);
            byte[] target = new byte[Math.max(length, 0)];
            scratch.data().get(0, target);
            return target;
        }
    }

    /** The name is in parentheses and may have any character, so the fields are counted from the last parenthesis. */
    private static Entry parse(byte[] stat) {
        int nameStart = 0;
        while (stat[nameStart] != '(') {
            nameStart++;
        }
        int nameEnd = stat.length - 1;
        while (stat[nameEnd] != ')') {
            nameEnd--;
        }
        long[] fields = new long[START_TIME + 1];
        int at = nameEnd + 2;
        for (int field = 1; field <= START_TIME; field++) {
            at = after(stat, at);
            fields[field] = number(stat, at);
        }
        return new Entry((int) number(stat, 0), FileNameEncoding.decode(stat, nameStart + 1, nameEnd), (char) stat[nameEnd + 2],
                (int) fields[PARENT], (int) fields[GROUP], (int) fields[SESSION], (int) fields[THREADS], fields[START_TIME],
                (fields[FLAGS] & FORK_NO_EXEC) != 0);
    }

    /** The index of the next field. */
    private static int after(byte[] stat, int field) {
        int at = field;
        while (stat[at] != ' ') {
            at++;
        }
        return at + 1;
    }

    /** The number at this index; only plain numbers are read. */
    private static long number(byte[] stat, int field) {
        long number = 0;
        for (int at = field; stat[at] >= '0' && stat[at] <= '9'; at++) {
            number = 10 * number + stat[at] - '0';
        }
        return number;
    }

    /** A whole file of /proc; empty if its process does not exist any more. */
    private static Optional<byte[]> read(String path) throws IOException {
        Result<Descriptor> opened = Descriptor.open(bytes(path), Linux.O_RDONLY());
        if (opened.failed()) {
            return failed("open", path, opened.error());
        }
        try (Descriptor file = opened.value()) {
            byte[] bytes = new byte[FIRST_READ_BYTES];
            int length = 0;
            for (;;) {
                int count = file.read(bytes, length, bytes.length - length);
                if (count < 0) {
                    return failed("read", path, count);
                }
                if (count == 0) {
                    return Optional.of(Arrays.copyOf(bytes, length));
                }
                length += count;
                bytes = length == bytes.length ? Arrays.copyOf(bytes, 2 * length) : bytes;
            }
        }
    }

    private static Optional<byte[]> failed(String call, String path, int error) throws IOException {
        if (error == -Linux.ENOENT() || error == -Linux.ESRCH()) {
            return Optional.empty();
        }
        throw new IOException(call + " (" + path + "): " + Errno.describe(-error));
    }

    private static byte[] bytes(String path) {
        return path.getBytes(StandardCharsets.US_ASCII);
    }
}
