package dev.panpty.internal.sys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The processes of the machine as {@code /proc} shows them at a moment, see proc(5). */
public final class ProcessTable {

    private static final Path PROC = Path.of("/proc");
    private static final int TICKS_PER_SECOND = 100;
    private static final int THREADS = 20 - 3; // proc(5) counts from 1, and two fields stand before the state
    private static final int START_TIME = 22 - 3;

    private ProcessTable() {}

    /**
     * One line of {@code /proc/PID/stat}.
     *
     * @param threads those that have not ended, and a zombie's main one
     * @param startTicks when it started, in hundredths of a second since the boot
     */
    public record Entry(int pid, String name, char state, int parent, int group, int session, int threads, long startTicks) {

        /** Whether it has ended; one whose main thread alone has done so looks the same but for the others. */
        public boolean isZombie() {
            return (state == 'Z' || state == 'X') && threads <= 1;
        }
    }

    /**
     * All processes that can be seen.
     *
     * @throws IOException where there is no /proc
     */
    public static List<Entry> list() throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                find(Integer.parseInt(process.getFileName().toString())).ifPresent(entries::add);
            }
        } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
        }
        return entries;
    }

    /** The time now, as {@link Entry#startTicks} counts it. */
    public static long nowTicks() throws IOException {
        String uptime = Files.readAllLines(PROC.resolve("uptime")).get(0);
        return (long) (Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) * TICKS_PER_SECOND);
    }

    /** One process, if it is there. */
    public static Optional<Entry> find(int pid) {
        try {
            return Optional.of(parse(Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1)));
        } catch (IOException gone) {
            return Optional.empty(); // it ended between the listing and now
        }
    }

    /** Its arguments; empty for a zombie or one that is gone. */
    public static List<String> command(int pid) {
        try {
            String arguments = Files.readString(PROC.resolve(pid + "/cmdline"), StandardCharsets.UTF_8);
            return arguments.isEmpty() ? List.of() : List.of(arguments.split("\0"));
        } catch (IOException gone) {
            return List.of(); // or its arguments are not UTF-8, or not for us to see
        }
    }

    /** Its working directory, if it may be seen. */
    public static Optional<Path> directory(int pid) {
        try {
            return Optional.of(Files.readSymbolicLink(PROC.resolve(pid + "/cwd")));
        } catch (IOException hidden) {
            return Optional.empty();
        }
    }

    /** Whether it has the file open; no where its descriptors may not be seen. */
    public static boolean holds(int pid, Path file) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(PROC.resolve(pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.isSameFile(descriptor, file)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException hidden) {
            return false; // gone, or another user's
        }
        return false;
    }

    /** The name stands in parentheses and may itself hold any character, so the fields are counted from the last one. */
    private static Entry parse(String stat) {
        int nameEnd = stat.lastIndexOf(')');
        String[] fields = stat.substring(nameEnd + 2).split(" ");
        return new Entry(Integer.parseInt(stat.substring(0, stat.indexOf(' '))), stat.substring(stat.indexOf('(') + 1, nameEnd),
                fields[0].charAt(0), Integer.parseInt(fields[1]), Integer.parseInt(fields[2]), Integer.parseInt(fields[3]),
                Integer.parseInt(fields[THREADS]), Long.parseLong(fields[START_TIME]));
    }
}
