package dev.panpty.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** The child processes of this one, zombies included, see proc_pid_stat(5). */
public final class Children {

    private Children() {}

    /** Each as {@code pid (name) state}. */
    public static Set<String> all() throws IOException {
        Set<String> children = new TreeSet<>();
        String parent = Long.toString(ProcessHandle.current().pid());
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Proc.path(), "[0-9]*")) {
            for (Path process : processes) {
                String stat = stat(process.getFileName().toString());
                String[] fields = fields(stat);
                if (fields.length > 1 && fields[1].equals(parent)) {
                    children.add(stat.substring(0, stat.lastIndexOf(')') + 1) + " " + fields[0]);
                }
            }
        }
        return children;
    }

    /** The fields after the name in the stat line: state, parent, group, session, terminal, foreground group and so on; empty if reaped. */
    public static String[] fields(long pid) {
        return fields(stat(Long.toString(pid)));
    }

    /** Whether it has exited: it does not exist, or is a zombie that its new parent has not reaped yet. */
    public static boolean hasExited(long pid) {
        String[] fields = fields(pid);
        return fields.length == 0 || fields[0].equals("Z");
    }

    /** The number of its threads; a zombie has one, a reaped process none. */
    public static int threads(long pid) throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Proc.path(pid, "task"))) {
            int count = 0;
            for (Path thread : threads) {
                count++;
            }
            return count;
        } catch (NoSuchFileException | DirectoryIteratorException gone) {
            return 0;
        }
    }

    /** {@link #fields} of this process, without its number in that /proc. */
    static String[] ofThis() {
        return fields(stat("self"));
    }

    private static String[] fields(String stat) {
        return stat.isEmpty() ? new String[0] : stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }

    private static String stat(String pid) {
        try {
            return Files.readString(Proc.path(pid, "stat"), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
