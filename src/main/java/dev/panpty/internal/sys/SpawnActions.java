package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.lang.foreign.Linker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The file actions and attributes of one {@code posix_spawnp(3)}, and the call itself. Used by one thread; {@link #close} frees them.
 * Every method gives 0 or the negative errno, unless it says otherwise.
 */
public final class SpawnActions implements AutoCloseable {

    /** Functions that not every libc has; glibc has them since 2.34. All others here are in POSIX. */
    private static final List<String> NOT_EVERYWHERE =
            List.of("posix_spawn_file_actions_addfchdir_np", "posix_spawn_file_actions_addclosefrom_np");

    /** Functions that a test declares missing, by name, comma-separated. */
    private static final String MISSING_PROPERTY = "dev.panpty.libc.missing";

    private static final long NO_DESCRIPTOR = 0xffffffffL;
    private static final List<String> LACKING = lacking();

    private final NativeBlock memory = new NativeBlock(Linux.SIZEOF_POSIX_SPAWN_FILE_ACTIONS() + Linux.SIZEOF_POSIX_SPAWNATTR()
            + 2L * Linux.SIZEOF_SIGSET() + 64);
    private final long actions = memory.reserve(Linux.SIZEOF_POSIX_SPAWN_FILE_ACTIONS());
    private final long attributes = memory.reserve(Linux.SIZEOF_POSIX_SPAWNATTR());
    private final long signals = memory.reserve(Linux.SIZEOF_SIGSET());
    private final long pid = memory.reserve(Integer.BYTES);
    private int initialized;

    /** The first function that this libc lacks; empty if {@code posix_spawnp} can be used. */
    public static Optional<String> missingFunction() {
        String hidden = System.getProperty(MISSING_PROPERTY);
        if (hidden == null && LACKING.isEmpty()) {
            return Optional.empty();
        }
        List<String> missing = new ArrayList<>(LACKING);
        if (hidden != null) {
            missing.addAll(List.of(hidden.split(",")));
        }
        missing.retainAll(NOT_EVERYWHERE);
        return missing.stream().findFirst();
    }

    private static List<String> lacking() {
        List<String> lacking = new ArrayList<>();
        for (String name : NOT_EVERYWHERE) {
            if (Linker.nativeLinker().defaultLookup().find(name).isEmpty()) {
                lacking.add(name);
            }
        }
        return lacking;
    }

    /** Whether close_range(2) works, which {@link #addCloseFrom} uses; if it is refused, glibc reads /proc/self/fd. */
    public static boolean hasCloseRange() {
        return Optionally.SYSCALL.call(Linux.SYS_close_range(), NO_DESCRIPTOR, NO_DESCRIPTOR, 0) == 0;
    }

    /** To be called first. */
    public int init() {
        int result = Calls.ACTIONS_INIT.callForError(actions, 0, 0, 0, 0, 0);
        if (result == 0) {
            initialized = 1;
            result = Calls.ATTR_INIT.callForError(attributes, 0, 0, 0, 0, 0);
        }
        if (result == 0) {
            initialized = 2;
        }
        return result;
    }

    /**
     * {@code open} for reading and writing in the child, as the given number.
     *
     * @param controlling whether a terminal becomes the child's controlling terminal
     */
    public int addOpen(int number, String path, boolean controlling) {
        try (Scratch scratch = Scratch.take()) {
            long name = scratch.string(0, path.getBytes(StandardCharsets.US_ASCII));
            return Calls.ADD_OPEN.callForError(actions, number, name,
                    Linux.O_RDWR() | (controlling ? 0 : Linux.O_NOCTTY()), 0, 0);
        }
    }

    public int addDup2(int from, int to) {
        return Calls.ADD_DUP2.callForError(actions, from, to, 0, 0, 0);
    }

    public int addFchdir(int directory) {
        return Optionally.ADD_FCHDIR.callForError(actions, directory, 0, 0, 0, 0);
    }

    public int addCloseFrom(int lowest) {
        return Optionally.ADD_CLOSEFROM.callForError(actions, lowest, 0, 0, 0, 0);
    }

    /** A new session, no signal blocked, none ignored; 32 and 33 included, which {@code sigfillset} leaves out. */
    public int setSessionAndSignals() {
        int flags = Linux.POSIX_SPAWN_SETSID() | Linux.POSIX_SPAWN_SETSIGMASK() | Linux.POSIX_SPAWN_SETSIGDEF();
        int result = Calls.SET_MASK.callForError(attributes, signals, 0, 0, 0, 0);
        if (result == 0) {
            memory.putLong(signals, -1L);
            result = Calls.SET_DEFAULT.callForError(attributes, signals, 0, 0, 0, 0);
        }
        return result == 0 ? Calls.SET_FLAGS.callForError(attributes, flags, 0, 0, 0, 0) : result;
    }

    /** {@code posix_spawnp} of a path with a slash: the pid, or the negative errno. */
    public int spawn(byte[] path, long argv, long envp) {
        try (Scratch scratch = Scratch.take()) {
            long name = scratch.string(0, path);
            int result = Calls.SPAWN.callForError(pid, name, actions, attributes, argv, envp);
            return result == 0 ? memory.getInt(pid) : result;
        }
    }

    @Override
    public void close() {
        if (initialized == 2) {
            Calls.ATTR_DESTROY.callForError(attributes, 0, 0, 0, 0, 0);
        }
        if (initialized >= 1) {
            Calls.ACTIONS_DESTROY.callForError(actions, 0, 0, 0, 0, 0);
        }
        memory.close();
    }

    private static final class Calls {
        static final Downcall ACTIONS_INIT = new Downcall(Linux.posix_spawn_file_actions_init$address());
        static final Downcall ACTIONS_DESTROY = new Downcall(Linux.posix_spawn_file_actions_destroy$address());
        static final Downcall ADD_OPEN = new Downcall(Linux.posix_spawn_file_actions_addopen$address());
        static final Downcall ADD_DUP2 = new Downcall(Linux.posix_spawn_file_actions_adddup2$address());
        static final Downcall ATTR_INIT = new Downcall(Linux.posix_spawnattr_init$address());
        static final Downcall ATTR_DESTROY = new Downcall(Linux.posix_spawnattr_destroy$address());
        static final Downcall SET_FLAGS = new Downcall(Linux.posix_spawnattr_setflags$address());
        static final Downcall SET_MASK = new Downcall(Linux.posix_spawnattr_setsigmask$address());
        static final Downcall SET_DEFAULT = new Downcall(Linux.posix_spawnattr_setsigdefault$address());
        static final Downcall SPAWN = new Downcall(Linux.posix_spawnp$address());
    }

    /** In a class of their own, so that a libc without them fails only at their use. */
    private static final class Optionally {
        static final Downcall SYSCALL = new Downcall(Linux.syscall_long$address());
        static final Downcall ADD_FCHDIR = new Downcall(Linux.posix_spawn_file_actions_addfchdir_np$address());
        static final Downcall ADD_CLOSEFROM = new Downcall(Linux.posix_spawn_file_actions_addclosefrom_np$address());
    }
}
