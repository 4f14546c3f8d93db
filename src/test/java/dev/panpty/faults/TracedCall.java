package dev.panpty.faults;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of strace, see strace(1), as written with {@code -y}.
 *
 * @param systemCall its name
 * @param label distinguishes the library's uses of the call, such as {@code ioctl TIOCSWINSZ} or {@code read ptmx}; empty for a call of the
 *     JVM's own
 * @param descriptor the descriptor in its first argument, or -1
 * @param injected whether it was made to fail
 */
record TracedCall(String systemCall, Optional<String> label, int descriptor, boolean injected) {

    private static final Pattern LINE = Pattern.compile("(?:\\d+ +)?(\\w+)\\((.*)\\) += .*");
    private static final Pattern DESCRIPTOR = Pattern.compile("(\\d+)<(.*?)>(?:, .*|)");
    private static final Pattern EPOLL_CTL = Pattern.compile("[^,]*, EPOLL_CTL_(\\w+), \\d+<(.*?)>, .*");
    private static final Pattern SECOND = Pattern.compile("[^,]*, \"?(?:\\w+ or )?([\\w/]+).*");

    /** Calls that only the library makes, on any file; the JVM makes none of them. */
    private static final Set<String> LIBRARY_ONLY = Set.of("epoll_create1", "epoll_wait", "epoll_pwait", "eventfd2", "pidfd_open",
            "pidfd_send_signal", "waitid", "pipe2", "rt_sigaction", "kill", "wait4", "fchown", "fchmod", "setsid", "dup2", "dup3", "close_range", "fchdir",
            "execve", "prlimit64", "setpriority", "setgroups", "setresgid", "setresuid", "capset", "poll", "ppoll", "faccessat", "faccessat2");

    static Optional<TracedCall> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty(); // cut off by attaching, detaching or a signal
        }
        String name = matcher.group(1);
        String arguments = matcher.group(2);
        Matcher descriptor = DESCRIPTOR.matcher(arguments);
        boolean has = descriptor.matches();
        Optional<String> kind = has ? kind(descriptor.group(2)) : Optional.empty();
        int number = has ? Integer.parseInt(descriptor.group(1)) : -1;
        return Optional.of(new TracedCall(name, label(name, arguments, kind), number, line.endsWith("(INJECTED)")));
    }

    private static Optional<String> label(String name, String arguments, Optional<String> kind) {
        return switch (name) {
            case "openat" -> kind(second(arguments)).map(what -> "openat " + what);
            case "ioctl" -> kind.map(what -> "ioctl " + second(arguments));
            case "fcntl" -> kind.map(what -> "fcntl " + second(arguments));
            case "read", "write", "close" -> kind.map(what -> name + " " + what);
            case "epoll_ctl" -> epollCtl(arguments);
            case "waitid" -> Optional.of("waitid " + arguments.replaceAll(",.*", ""));
            case "clone", "clone3", "vfork" -> Optional.of("clone").filter(any -> !arguments.contains("CLONE_THREAD"));
            case "mmap" -> Optional.of("mmap stack")
                    .filter(any -> arguments.contains("MAP_STACK") && !arguments.contains("PROT_NONE"));
            // the sizes of the trampoline's stack and its guard; the JVM has others
            case "munmap" -> Optional.of("munmap stack").filter(any -> arguments.endsWith(" 524288"));
            case "mprotect" -> Optional.of("mprotect stack guard").filter(any -> arguments.endsWith(" 65536, PROT_NONE"));
            case "rt_sigprocmask" -> Optional.of("rt_sigprocmask SIG_BLOCK").filter(any -> arguments.startsWith("SIG_BLOCK, ~[], "));
            case "prctl" -> Optional.of("prctl " + arguments.replaceAll(",.*", "")).filter(label -> label.endsWith("_DUMPABLE"));
            default -> Optional.of(name).filter(LIBRARY_ONLY::contains);
        };
    }

    private static Optional<String> epollCtl(String arguments) {
        Matcher matcher = EPOLL_CTL.matcher(arguments);
        return matcher.matches() ? kind(matcher.group(2)).map(what -> "epoll_ctl " + matcher.group(1) + " " + what) : Optional.empty();
    }

    private static String second(String arguments) {
        Matcher matcher = SECOND.matcher(arguments);
        return matcher.matches() ? matcher.group(1) : "";
    }

    private static Optional<String> kind(String path) {
        return switch (path) {
            case "/dev/ptmx", "/dev/pts/ptmx" -> Optional.of("ptmx"); // one may be a link to the other
            case Scenario.DIRECTORY -> Optional.of("directory");
            default -> path.startsWith("/dev/pts/") ? Optional.of("pts")
                    : path.startsWith("pipe:") ? Optional.of("pipe")
                    : path.startsWith("anon_inode:") ? Optional.of(path.replaceAll(".*\\[|\\]", ""))
                    : Optional.empty();
        };
    }
}
