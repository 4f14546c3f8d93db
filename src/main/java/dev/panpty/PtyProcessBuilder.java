package dev.panpty;

import static java.util.Objects.requireNonNull;

import dev.panpty.internal.spawn.Environment;
import dev.panpty.internal.spawn.PlatformString;
import dev.panpty.internal.sys.Architecture;
import dev.panpty.internal.sys.NativeAccess;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Starts programs on terminals; used like {@link ProcessBuilder}. A builder may start any number of processes. It may be used by one thread
 * at a time; the processes may be used by any thread.
 *
 * <p>The program is the first word of the command. A word with a slash is a path, relative to the child's directory. Any other is searched
 * along the PATH <em>of the child's environment</em>, as execvp(3) does ({@code ProcessBuilder} searches that of the JVM). A text file
 * without {@code #!}, also an empty one, is run by {@code /bin/sh}.
 */
public final class PtyProcessBuilder {

    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(1);
    private static final Duration DEFAULT_LOSE_CONNECTION_LIMIT = Duration.ofSeconds(5);
    private static final int DEFAULT_HIGH_WATER_BYTES = 64 * 1024;
    private static final int DEFAULT_LOW_WATER_BYTES = 16 * 1024;
    private static final int MIN_JOINED_BYTES = 4 * 1024;
    private static final int MAX_JOINED_BYTES = 64 * 1024;

    // Read by Launch, on the thread that calls start.
    List<String> command;
    Optional<String> argv0 = Optional.empty();
    Optional<Path> directory = Optional.empty();
    Optional<String> directoryName = Optional.empty(); // in place of directory
    Environment environment; // null: inherited unchanged
    private boolean login;
    Optional<Pty> pty = Optional.empty();
    Optional<WindowSize> windowSize = Optional.empty();
    Optional<TerminalAttributes> attributes = Optional.empty();
    Duration closeGrace = DEFAULT_GRACE;
    boolean endAtExit;
    StandardError standardError = StandardError.TERMINAL;
    boolean controllingTerminal = true;
    Optional<LongLines> longLines = Optional.empty(); // the default depends on the style
    int highWaterBytes = DEFAULT_HIGH_WATER_BYTES;
    int lowWaterBytes = DEFAULT_LOW_WATER_BYTES;
    int joinedBytes; // 0: not joined
    boolean ownedOutput;
    Duration loseConnectionLimit = DEFAULT_LOSE_CONNECTION_LIMIT;
    final List<TerminalTap> taps;
    final ChildOptions options;
    Optional<SpawnStrategy> strategy = Optional.empty();

    /**
     * A resource limit that is set, see prlimit(2).
     *
     * @param soft what is enforced, or {@link ResourceLimit#UNLIMITED}
     * @param hard up to which the program may raise it, or {@link ResourceLimit#UNLIMITED}
     */
    public record Limit(long soft, long hard) {}

    /**
     * Whether programs can be started here, see {@link #unsupportedReason}.
     *
     * @return true if nothing is missing
     */
    public static boolean isSupported() {
        return unsupportedReason().isEmpty();
    }

    /**
     * Why no program can be started here: another operating system or architecture, a JVM that denies native access, or a kernel or sandbox
     * that refuses a terminal, a pidfd, an epoll instance or each way to make a child. On another operating system nothing native is
     * loaded. On Linux each call opens and closes what a start needs, and makes no child: a limit on processes is not seen. Any thread;
     * throws nothing.
     *
     * @return one sentence; empty if nothing is missing
     */
    public static Optional<String> unsupportedReason() {
        Optional<String> machine = Architecture.unsupported();
        return machine.isPresent() ? machine : Support.missing();
    }

    /**
     * A builder for a command.
     *
     * @param command the program and its arguments
     */
    public PtyProcessBuilder(String... command) {
        this(Arrays.asList(requireNonNull(command, "command")));
    }

    /**
     * A builder for a command.
     *
     * @param command the program and its arguments; copied
     */
    public PtyProcessBuilder(List<String> command) {
        this.command = copy(command);
        taps = new ArrayList<>();
        options = new ChildOptions();
    }

    private PtyProcessBuilder(PtyProcessBuilder other) {
        command = other.command;
        argv0 = other.argv0;
        directory = other.directory;
        directoryName = other.directoryName;
        environment = other.environment == null ? null : new Environment(other.environment);
        login = other.login;
        pty = other.pty;
        windowSize = other.windowSize;
        attributes = other.attributes;
        closeGrace = other.closeGrace;
        endAtExit = other.endAtExit;
        standardError = other.standardError;
        controllingTerminal = other.controllingTerminal;
        longLines = other.longLines;
        highWaterBytes = other.highWaterBytes;
        lowWaterBytes = other.lowWaterBytes;
        joinedBytes = other.joinedBytes;
        ownedOutput = other.ownedOutput;
        loseConnectionLimit = other.loseConnectionLimit;
        taps = new ArrayList<>(other.taps);
        options = new ChildOptions(other.options);
        strategy = other.strategy;
    }

    /**
     * A builder with all that is set here, its environment included. What is changed in one does not change the other. A terminal that is
     * {@linkplain #pty(Pty) given} is that of both, and serves one process. {@linkplain #tap Taps} belong to both.
     *
     * @return the copy
     */
    public PtyProcessBuilder copy() {
        return new PtyProcessBuilder(this);
    }

    /**
     * Sets the command.
     *
     * @param command the program and its arguments
     * @return this builder
     */
    public PtyProcessBuilder command(String... command) {
        return command(Arrays.asList(requireNonNull(command, "command")));
    }

    /**
     * Sets the command.
     *
     * @param command the program and its arguments; copied
     * @return this builder
     */
    public PtyProcessBuilder command(List<String> command) {
        this.command = copy(command);
        return this;
    }

    private static List<String> copy(List<String> command) {
        for (String word : requireNonNull(command, "command")) {
            requireNonNull(word, "word of the command");
        }
        return List.copyOf(command);
    }

    /**
     * The command.
     *
     * @return the program and its arguments, unmodifiable
     */
    public List<String> command() {
        return command;
    }

    /**
     * Sets argv[0], the name that the program sees as its own, independent of the file that is executed. A shell whose name begins with
     * {@code -} is a login shell.
     *
     * @param argv0 the first word of the command unless set
     * @return this builder
     */
    public PtyProcessBuilder argv0(String argv0) {
        this.argv0 = Optional.of(requireNonNull(argv0, "argv0"));
        return this;
    }

    /**
     * Sets the working directory. PWD in the environment stays the JVM's, until a shell sets its own.
     *
     * @param directory in the default file system; relative to the JVM's own directory, which is the empty path, and null. Permission to
     *     search it is enough, it need not be readable. A {@code Path} of a name that {@code sun.jnu.encoding} cannot express cannot be
     *     made from text, as one of a name beyond US-ASCII without a locale: give the name to {@link #directoryName}, or its bytes as
     *     {@code %}-escapes to {@code Path.of(URI)}
     * @return this builder
     */
    public PtyProcessBuilder directory(Path directory) {
        this.directory = Optional.ofNullable(directory);
        directoryName = Optional.empty();
        return this;
    }

    /**
     * Sets the working directory by its name as text, in place of a {@link Path}, which the JVM without a locale has no names beyond
     * US-ASCII for.
     *
     * @param name encoded as arguments are; relative to the JVM's own directory, which is the empty name
     * @return this builder
     * @throws IllegalArgumentException if it contains a NUL character or what the encoding cannot express
     */
    public PtyProcessBuilder directoryName(String name) {
        PlatformString.of("directory", requireNonNull(name, "name"));
        directoryName = Optional.of(name);
        directory = Optional.empty();
        return this;
    }

    /**
     * The child's environment, which may be changed. It begins as the JVM's, without {@code LINES} and {@code COLUMNS}, and with
     * {@code TERM=xterm-256color} if there is no {@code TERM}; nothing else is added. Values that are not changed reach the child byte for
     * byte, even if the JVM's encoding cannot express them in this map. Changed values are encoded in {@code sun.jnu.encoding}, which the
     * JVM takes from its locale; in UTF-8 if that is US-ASCII, as it is without {@code LANG}.
     *
     * @return a live map. Its methods that put a variable throw {@link NullPointerException} for a null name or value, and
     *     {@link IllegalArgumentException} for an empty name, {@code =} in a name, a NUL character, or text that the encoding cannot
     *     express
     */
    public Map<String, String> environment() {
        if (environment == null) {
            NativeAccess.require();
            environment = new Environment();
        }
        return environment.map();
    }

    /**
     * Replaces the whole environment of the child. Nothing is added to it, not even {@code TERM}, except by a later {@link #user(String)}
     * after {@link #loginEnvironment()}.
     *
     * @param environment all variables; copied
     * @return this builder
     * @throws IllegalArgumentException for a variable that {@link #environment()} refuses; the environment is then as before
     */
    public PtyProcessBuilder environment(Map<String, String> environment) {
        requireNonNull(environment, "environment");
        environment();
        this.environment.replace(environment);
        return this;
    }

    /**
     * Starts the program on this terminal in place of a new one. The process then owns it; after a failed start the caller still owns it.
     * It keeps its size and attributes unless others are set here. A start throws {@link SpawnException} if the terminal is closed or
     * already the controlling terminal of another session, see TIOCGSID in ioctl_tty(2), and {@link IllegalStateException} if it belongs to
     * a process.
     *
     * @param pty for one process
     * @return this builder
     */
    public PtyProcessBuilder pty(Pty pty) {
        this.pty = Optional.of(requireNonNull(pty, "pty"));
        return this;
    }

    /**
     * Sets the window size that the program sees from its first instruction on.
     *
     * @param windowSize 24 rows of 80 columns unless set
     * @return this builder
     */
    public PtyProcessBuilder windowSize(WindowSize windowSize) {
        this.windowSize = Optional.of(requireNonNull(windowSize, "windowSize"));
        return this;
    }

    /**
     * Sets the attributes that the terminal has from the program's first instruction on.
     *
     * @param attributes {@link TerminalAttributes#cooked} unless set
     * @return this builder
     */
    public PtyProcessBuilder attributes(TerminalAttributes attributes) {
        this.attributes = Optional.of(requireNonNull(attributes, "attributes"));
        return this;
    }

    /**
     * Sets how long {@link PtyProcess#close} waits after each of SIGHUP, SIGTERM and SIGKILL; after SIGKILL a second at least, within which
     * a program exits unless the kernel holds it.
     *
     * @param closeGrace not negative; one second unless set
     * @return this builder
     */
    public PtyProcessBuilder closeGrace(Duration closeGrace) {
        if (requireNonNull(closeGrace, "closeGrace").isNegative()) {
            throw new IllegalArgumentException("closeGrace must not be negative, was " + closeGrace);
        }
        this.closeGrace = closeGrace;
        return this;
    }

    /**
     * Runs the program as another user, which needs privilege: the user's groups, group and user id are set, in this order, and verified;
     * the user becomes the owner of the terminal. The JVM's own user needs no privilege. The environment is not changed: HOME, USER and
     * LOGNAME stay those of the JVM, unless {@link #loginEnvironment()} is called too.
     *
     * @param nameOrNumber of the user; a number without an account needs {@link #group(String)} too
     * @return this builder
     */
    public PtyProcessBuilder user(String nameOrNumber) {
        Optional<String> user = Optional.of(requireNonNull(nameOrNumber, "nameOrNumber"));
        if (login) {
            environment.login(ChildOptions.login(user));
        }
        options.user = user;
        return this;
    }

    /**
     * Puts HOME, USER, LOGNAME and SHELL of the {@linkplain #user(String) user}, or of the JVM's effective user, into the
     * {@linkplain #environment() environment}, as a login does; other variables do not change. This and {@code user} may be called in
     * either order: each later {@code user} puts its own values. Values that the caller puts after both calls stay. The user database is
     * read at once, which may use the network, see getpwnam(3).
     *
     * @return this builder
     * @throws IllegalArgumentException here, or in a later {@code user}, if the user has no account; the builder is then unchanged
     * @throws UncheckedIOException if the user database cannot be read
     */
    public PtyProcessBuilder loginEnvironment() {
        environment();
        environment.login(ChildOptions.login(options.user));
        login = true;
        return this;
    }

    /**
     * {@link #user(String)} by number.
     *
     * @param uid not negative
     * @return this builder
     */
    public PtyProcessBuilder user(int uid) {
        return user(ChildOptions.id("uid", uid));
    }

    /**
     * Runs the program with another group.
     *
     * @param nameOrNumber of the group; unless set it is the primary group of the {@linkplain #user(String) user}
     * @return this builder
     */
    public PtyProcessBuilder group(String nameOrNumber) {
        options.group = Optional.of(requireNonNull(nameOrNumber, "nameOrNumber"));
        return this;
    }

    /**
     * {@link #group(String)} by number.
     *
     * @param gid not negative
     * @return this builder
     */
    public PtyProcessBuilder group(int gid) {
        return group(ChildOptions.id("gid", gid));
    }

    /**
     * Sets the supplementary groups, in place of those of the user.
     *
     * @param namesOrNumbers of the groups; without any the program has no supplementary groups
     * @return this builder
     */
    public PtyProcessBuilder supplementaryGroups(String... namesOrNumbers) {
        for (String nameOrNumber : requireNonNull(namesOrNumbers, "namesOrNumbers")) {
            requireNonNull(nameOrNumber, "nameOrNumber");
        }
        options.supplementaryGroups = Optional.of(List.of(namesOrNumbers));
        return this;
    }

    /**
     * Sets the file mode creation mask, see umask(2).
     *
     * @param mask 0 to 0777, octal
     * @return this builder
     */
    public PtyProcessBuilder umask(int mask) {
        options.umask(mask);
        return this;
    }

    /**
     * Sets a resource limit, see prlimit(2). Limits that are not set are inherited from the JVM, which raises its own soft limit of
     * {@link ResourceLimit#NOFILE} to the hard limit at its start, unless it is run with {@code -XX:-MaxFDLimit}.
     *
     * @param resource which
     * @param soft the limit that is enforced, or {@link ResourceLimit#UNLIMITED}
     * @param hard the highest soft limit that the program may set; a hard limit above the JVM's needs privilege
     * @return this builder
     */
    public PtyProcessBuilder limit(ResourceLimit resource, long soft, long hard) {
        options.limit(resource, soft, hard);
        return this;
    }

    /**
     * Sets the niceness, see setpriority(2).
     *
     * @param niceness -20 to 19; less than the JVM's needs privilege
     * @return this builder
     */
    public PtyProcessBuilder niceness(int niceness) {
        options.niceness(niceness);
        return this;
    }

    /**
     * Has the kernel send the program a signal when this JVM ends, in any way, see PR_SET_PDEATHSIG in prctl(2).
     *
     * @param signal which
     * @return this builder
     */
    public PtyProcessBuilder parentDeathSignal(Signal signal) {
        options.parentDeathSignal(signal);
        return this;
    }

    /**
     * Forces a way to make the child.
     *
     * @param strategy {@link SpawnStrategy#AUTO} unless set, or unless {@code -Ddev.panpty.spawn} names one
     * @return this builder
     */
    public PtyProcessBuilder spawnStrategy(SpawnStrategy strategy) {
        this.strategy = Optional.of(requireNonNull(strategy, "strategy"));
        return this;
    }

    /**
     * Ends the process with the exit of the program: the output that it wrote until then is delivered, then the terminal is closed. Without
     * this the end waits for other processes that hold the terminal, such as a child of the program that ignores SIGHUP, see nohup(1), or
     * that setsid(1) has started.
     *
     * @param endAtExit false unless set: the end waits until no process holds the terminal
     * @return this builder
     */
    public PtyProcessBuilder endAtExit(boolean endAtExit) {
        this.endAtExit = endAtExit;
        return this;
    }

    /**
     * Sets where standard error goes.
     *
     * @param standardError {@link StandardError#TERMINAL} unless set
     * @return this builder
     */
    public PtyProcessBuilder stderr(StandardError standardError) {
        this.standardError = requireNonNull(standardError, "standardError");
        return this;
    }

    /**
     * Whether the terminal becomes the program's controlling terminal. Without one, as a console of an IDE has it, the program leads a
     * session that has no {@code /dev/tty} and no foreground process group: the terminal then makes no signals of typed keys, and a shell
     * has no job control. In place of the kernel this library sends signals to the program's process group: {@link PtyProcess#interrupt},
     * {@link PtyProcess#quit} and {@link PtyProcess#suspend} theirs, {@link PtyProcess#resize} SIGWINCH, {@link PtyProcess#hangUp},
     * {@link PtyProcess#close} and the calls that do the same SIGHUP. {@link PtyProcess#signalForeground} signals that group too. At the
     * end of the JVM nothing is sent: a program that neither reads nor writes outlives it, see {@link #parentDeathSignal}. A program that
     * opens a terminal without O_NOCTTY takes it as its controlling terminal, see open(2).
     *
     * @param controlling true unless set
     * @return this builder
     */
    public PtyProcessBuilder controllingTerminal(boolean controlling) {
        controllingTerminal = controlling;
        return this;
    }

    /**
     * Sets how to treat a line that is too long for the kernel while the terminal is in canonical mode.
     *
     * @param longLines unless set, {@link LongLines#REFUSE} for streams, whose writer gets an exception; {@link LongLines#SPLIT} with a
     *     {@link ProcessProtocol}, so that a long line that a user pastes is no exception out of a callback
     * @return this builder
     */
    public PtyProcessBuilder longLines(LongLines longLines) {
        this.longLines = Optional.of(requireNonNull(longLines, "longLines"));
        return this;
    }

    /**
     * Sets above how many bytes of pending input a producer is paused, and at how many it is resumed.
     *
     * @param highBytes at least {@code lowBytes}; 64 KiB unless set
     * @param lowBytes not negative; 16 KiB unless set
     * @return this builder
     */
    public PtyProcessBuilder waterMarks(int highBytes, int lowBytes) {
        checkWaterMarks(highBytes, lowBytes);
        this.highWaterBytes = highBytes;
        this.lowWaterBytes = lowBytes;
        return this;
    }

    static void checkWaterMarks(int highBytes, int lowBytes) {
        if (lowBytes < 0 || highBytes < lowBytes) {
            throw new IllegalArgumentException("water marks must be 0 <= low <= high, were " + lowBytes + ", " + highBytes);
        }
    }

    /**
     * Joins output for a {@link ProcessProtocol}: a call of {@code outReceived} or {@code errReceived}, and an item of a
     * {@link ProcessFlow}, has all that can be read at that moment, up to this many bytes. Unless this is set each has what one read(2)
     * gives, which is about 4 KB of a terminal that has more, and up to 64 KiB of a pipe. Fewer, larger calls suit a receiver that pays for
     * each, as a web socket does. Nothing waits for more to be written. Streams are not concerned: a read takes what it asks for.
     *
     * @param maxBytes 4,096 to 65,536
     * @return this builder
     */
    public PtyProcessBuilder joinOutput(int maxBytes) {
        if (maxBytes < MIN_JOINED_BYTES || maxBytes > MAX_JOINED_BYTES) {
            throw new IllegalArgumentException("maxBytes must be " + MIN_JOINED_BYTES + ".." + MAX_JOINED_BYTES + ", was " + maxBytes);
        }
        this.joinedBytes = maxBytes;
        return this;
    }

    /**
     * Gives a {@link ProcessProtocol} buffers of its own, in place of a view of the reactor's buffer: {@code outReceived} and
     * {@code errReceived} may keep, change and pass on what they get, a new buffer with an array of just these bytes. It costs one copy. If
     * there is no memory for it the bytes are lost, and {@code onError} gets the {@link OutOfMemoryError}. The items of a
     * {@link ProcessFlow} are such buffers in any case.
     *
     * @param ownedOutput false unless set: a buffer is valid during the call only
     * @return this builder
     */
    public PtyProcessBuilder ownedOutput(boolean ownedOutput) {
        this.ownedOutput = ownedOutput;
        return this;
    }

    /**
     * Sets how long {@link ProcessTransport#loseConnection} waits for the program to read its input, counted from the last byte that the
     * kernel took.
     *
     * @param limit not negative; five seconds unless set
     * @return this builder
     */
    public PtyProcessBuilder loseConnectionLimit(Duration limit) {
        if (requireNonNull(limit, "limit").isNegative()) {
            throw new IllegalArgumentException("loseConnectionLimit must not be negative, was " + limit);
        }
        this.loseConnectionLimit = limit;
        return this;
    }

    /**
     * What the program sees as its own name, if it was set.
     *
     * @return the zeroth argument
     */
    public Optional<String> argv0() {
        return argv0;
    }

    /**
     * The working directory, if it was set by {@link #directory(Path)}.
     *
     * @return empty for that of the JVM, or one that was set by name
     */
    public Optional<Path> directory() {
        return directory;
    }

    /**
     * The working directory, if it was set by {@link #directoryName(String)}.
     *
     * @return empty for that of the JVM, or one that was set by path
     */
    public Optional<String> directoryName() {
        return directoryName;
    }

    /**
     * The terminal to start on, if one was given.
     *
     * @return empty for a new one
     */
    public Optional<Pty> pty() {
        return pty;
    }

    /**
     * The window size, if it was set.
     *
     * @return empty for the default, or that of the given terminal
     */
    public Optional<WindowSize> windowSize() {
        return windowSize;
    }

    /**
     * The attributes, if they were set.
     *
     * @return empty for the default, or those of the given terminal
     */
    public Optional<TerminalAttributes> attributes() {
        return attributes;
    }

    /**
     * How long {@link PtyProcess#close} waits after each signal.
     *
     * @return not negative
     */
    public Duration closeGrace() {
        return closeGrace;
    }

    /**
     * The user to run as, if it was set.
     *
     * @return its name or number
     */
    public Optional<String> user() {
        return options.user;
    }

    /**
     * The group to run with, if it was set.
     *
     * @return its name or number
     */
    public Optional<String> group() {
        return options.group;
    }

    /**
     * The supplementary groups, if they were set; {@link #supplementaryGroups(String...)} without arguments sets none.
     *
     * @return their names or numbers, unmodifiable
     */
    public Optional<List<String>> supplementaryGroupList() {
        return options.supplementaryGroups;
    }

    /**
     * Whether {@link #loginEnvironment()} was called.
     *
     * @return true if a later {@link #user(String)} changes the environment
     */
    public boolean hasLoginEnvironment() {
        return login;
    }

    /**
     * The file mode creation mask, if it was set.
     *
     * @return 0 to 0777
     */
    public OptionalInt umask() {
        return optional(options.umask);
    }

    /**
     * The resource limits that were set.
     *
     * @return by resource; the caller's own map
     */
    public Map<ResourceLimit, Limit> limits() {
        return options.limits();
    }

    /**
     * The niceness, if it was set.
     *
     * @return -20 to 19
     */
    public OptionalInt niceness() {
        return optional(options.niceness);
    }

    private static OptionalInt optional(Optional<Integer> number) {
        return number.isPresent() ? OptionalInt.of(number.get()) : OptionalInt.empty();
    }

    /**
     * The signal at the death of this JVM, if it was set.
     *
     * @return the signal
     */
    public Optional<Signal> parentDeathSignal() {
        return options.parentDeathSignal.map(Signal::new);
    }

    /**
     * The way to make the child, if it was set.
     *
     * @return empty for that of {@code -Ddev.panpty.spawn}, or {@link SpawnStrategy#AUTO}
     */
    public Optional<SpawnStrategy> spawnStrategy() {
        return strategy;
    }

    /**
     * Whether the process ends with the exit of the program.
     *
     * @return false unless set
     */
    public boolean endAtExit() {
        return endAtExit;
    }

    /**
     * Whether the terminal becomes the program's controlling terminal.
     *
     * @return true unless set
     */
    public boolean controllingTerminal() {
        return controllingTerminal;
    }

    /**
     * Where standard error goes.
     *
     * @return {@link StandardError#TERMINAL} unless set
     */
    public StandardError stderr() {
        return standardError;
    }

    /**
     * How a line that is too long is treated, if it was set.
     *
     * @return empty for the default of the style
     */
    public Optional<LongLines> longLines() {
        return longLines;
    }

    /**
     * How many bytes of pending input pause a producer.
     *
     * @return 64 KiB unless set
     */
    public int highWaterBytes() {
        return highWaterBytes;
    }

    /**
     * At how many bytes of pending input a producer is resumed.
     *
     * @return 16 KiB unless set
     */
    public int lowWaterBytes() {
        return lowWaterBytes;
    }

    /**
     * {@link #joinOutput(int)}.
     *
     * @return up to how many bytes output is joined; empty unless set: it is not joined
     */
    public OptionalInt joinOutput() {
        return joinedBytes == 0 ? OptionalInt.empty() : OptionalInt.of(joinedBytes);
    }

    /**
     * {@link #ownedOutput(boolean)}.
     *
     * @return whether a protocol gets buffers of its own
     */
    public boolean ownedOutput() {
        return ownedOutput;
    }

    /**
     * The time limit of {@link ProcessTransport#loseConnection}.
     *
     * @return not negative
     */
    public Duration loseConnectionLimit() {
        return loseConnectionLimit;
    }

    /**
     * Adds a tap, which receives what passes through the terminal of each process that this builder starts.
     *
     * @param tap called after the taps that were added before
     * @return this builder
     */
    public PtyProcessBuilder tap(TerminalTap tap) {
        taps.add(requireNonNull(tap, "tap"));
        return this;
    }

    /**
     * The taps, in the order in which they were added.
     *
     * @return a copy
     */
    public List<TerminalTap> taps() {
        return List.copyOf(taps);
    }

    /**
     * Starts the program, on the {@linkplain Reactor#shared() shared reactor}. Returns when its exec has succeeded.
     *
     * @return the running process, its output and input as streams
     * @throws SpawnException if it cannot be started; nothing is left of the attempt
     * @throws IllegalArgumentException for an empty command, a NUL in any string, {@code =} in a variable's name, a user or group that does
     *     not exist, or text that the encoding of arguments cannot express: {@code sun.jnu.encoding}, or UTF-8 if that is US-ASCII; nothing
     *     was opened
     * @throws IllegalCallerException if the JVM refuses native access
     */
    public PtyProcess start() throws SpawnException {
        return launch(Optional.empty(), Optional.empty());
    }

    /**
     * Starts the program as {@link #start()}, on another reactor. {@link Reactor#close} ends the process as {@link PtyProcess#close} does:
     * it closes the terminal, writes are refused, and reads end as {@link PtyProcess#getInputStream} says.
     *
     * @param reactor whose thread watches the process
     * @return the running process, its output and input as streams
     * @throws SpawnException as {@link #start()}
     * @throws IllegalStateException if the reactor is closed
     */
    public PtyProcess start(Reactor reactor) throws SpawnException {
        return launch(Optional.of(requireNonNull(reactor, "reactor")), Optional.empty());
    }

    /**
     * Starts the program in event style on the {@linkplain Reactor#shared() shared reactor}.
     *
     * @param protocol receives the events; for one process
     * @return the running process, which is also the transport that {@code connectionMade} gets
     * @throws SpawnException as {@link #start()}
     * @throws IllegalStateException if the protocol is a {@link ProcessFlow} that has a process already
     */
    public PtyProcess start(ProcessProtocol protocol) throws SpawnException {
        return launchOnce(Optional.empty(), requireNonNull(protocol, "protocol"));
    }

    /**
     * Starts the program in event style. It may also be called on the reactor's thread; {@code connectionMade} then runs after the current
     * callback.
     *
     * @param reactor whose thread calls the protocol
     * @param protocol receives the events; for one process
     * @return the running process, which is also the transport that {@code connectionMade} gets
     * @throws SpawnException as {@link #start()}
     * @throws IllegalStateException if the reactor is closed, or the protocol is a {@link ProcessFlow} that has a process already
     */
    public PtyProcess start(Reactor reactor, ProcessProtocol protocol) throws SpawnException {
        return launchOnce(Optional.of(requireNonNull(reactor, "reactor")), requireNonNull(protocol, "protocol"));
    }

    /** Refuses a flow that has a process, before a second one is started. */
    private PtyProcess launchOnce(Optional<Reactor> chosen, ProcessProtocol protocol) throws SpawnException {
        if (!(protocol instanceof ProcessFlow flow)) {
            return launch(chosen, Optional.of(protocol));
        }
        flow.claim();
        boolean started = false;
        try {
            PtyProcess process = launch(chosen, Optional.of(protocol));
            started = true;
            return process;
        } finally {
            if (!started) {
                flow.release();
            }
        }
    }

    private PtyProcess launch(Optional<Reactor> reactor, Optional<ProcessProtocol> protocol) throws SpawnException {
        return new Launch(this, reactor, protocol).start();
    }
}
