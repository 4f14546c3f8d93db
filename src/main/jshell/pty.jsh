import dev.panpty.*;
import dev.panpty.cast.*;
import dev.panpty.expect.*;
import dev.panpty.screen.*;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A program and what has been seen of it. */
record Running(PtyProcess process, Screen screen, Expect session) {}

var running = new ArrayList<Running>();

<T> T apart(Callable<T> task) throws Exception {
    // Runs a task on a thread of its own and waits. jshell stops a snippet at ^C at any point, which must not be inside the library.
    var result = new FutureTask<T>(task);
    Thread thread = Thread.startVirtualThread(result);
    try {
        return result.get();
    } catch (ExecutionException failed) {
        throw failed.getCause() instanceof Exception cause ? cause : failed;
    } finally {
        thread.interrupt();
    }
}

WindowSize window() {
    // The size of jshell's own terminal, less a frame; 24 x 80 without one.
    try (OwnTerminal own = OwnTerminal.open()) {
        WindowSize size = own.windowSize();
        return new WindowSize(Math.max(size.rows() - 4, 5), Math.max(size.columns() - 2, 20));
    } catch (IOException none) {
        return WindowSize.DEFAULT;
    }
}

/** What a command line has written, and how it ended. */
record Output(String text, ExitStatus status) {
    List<String> lines() {
        return text.lines().toList();
    }

    public String toString() {
        return status + ", " + lines().size() + " lines";
    }
}

Output sh(String commandLine) throws Exception {
    // Runs a command line by sh on a terminal of its own, without input, and prints its output with its colours while it runs.
    var plain = new PlainText();
    var text = new StringBuilder();
    try (PtyProcess process = new PtyProcessBuilder("sh", "-c", commandLine).windowSize(window()).start()) {
        apart(() -> {
            process.getOutputStream().close();
            byte[] bytes = new byte[8192];
            for (int count; (count = process.getInputStream().read(bytes)) >= 0; ) {
                System.out.write(bytes, 0, count);
                System.out.flush();
                text.append(plain.decode(ByteBuffer.wrap(bytes, 0, count)));
            }
            return process.waitFor();
        });
        return new Output(text.toString().replace("\r\n", "\n"), process.exitStatus().orElseThrow());
    }
}

PtyProcess start(String... command) throws Exception {
    // Starts a program, which runs until it exits or is closed: var p = start("bash"), or start("python3", "-q").
    var screen = new Screen().answering();
    PtyProcess process = new PtyProcessBuilder(command).windowSize(window()).tap(screen).start();
    running.add(new Running(process, screen, Expect.of(process)));
    return process;
}

Running of(PtyProcess process) {
    return running.stream().filter(one -> one.process() == process).findFirst().orElseThrow(() -> new IllegalArgumentException("not by start(...)"));
}

void send(PtyProcess process, String text) throws Exception {
    // Types a text: send(p, "ls\n").
    process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
}

Key key(String name) {
    // A key by its name: Esc, Enter, Up, F5, C-c, A-x, S-Tab.
    if (name.length() > 2 && name.charAt(1) == '-') {
        Key key = key(name.substring(2));
        return switch (name.charAt(0)) {
            case 'C' -> key.ctrl();
            case 'A' -> key.alt();
            case 'S' -> key.shift();
            default -> throw new IllegalArgumentException("C-, A- or S-, and not " + name);
        };
    }
    return switch (name) {
        case "Esc" -> Key.ESCAPE;
        case "Enter" -> Key.ENTER;
        case "Tab" -> Key.TAB;
        case "Backspace" -> Key.BACKSPACE;
        case "Delete" -> Key.DELETE;
        case "Insert" -> Key.INSERT;
        case "Up" -> Key.UP;
        case "Down" -> Key.DOWN;
        case "Left" -> Key.LEFT;
        case "Right" -> Key.RIGHT;
        case "Home" -> Key.HOME;
        case "End" -> Key.END;
        case "PageUp" -> Key.PAGE_UP;
        case "PageDown" -> Key.PAGE_DOWN;
        default -> {
            if (name.matches("F\\d{1,2}")) {
                yield Key.function(Integer.parseInt(name.substring(1)));
            } else if (name.codePointCount(0, name.length()) == 1) {
                yield Key.character(name.codePointAt(0));
            }
            throw new IllegalArgumentException("no key <" + name + ">: Esc, Enter, Up, F5, C-c, A-x, S-Tab; send(...) types any text");
        }
    };
}

void keys(PtyProcess process, String text) throws Exception {
    // Types a text with keys: keys(p, "ihello<Esc>"), keys(p, "<C-c>").
    Running one = of(process);
    var parts = java.util.regex.Pattern.compile("<([^<>]+)>|.", java.util.regex.Pattern.DOTALL).matcher(text).results().toList();
    for (var part : parts) {
        if (part.group(1) != null) {
            key(part.group(1)); // is refused before anything is typed
        }
    }
    settle(one);
    for (var part : parts) {
        if (part.group(1) == null) {
            one.session().send(part.group());
        } else {
            one.session().press(key(part.group(1)));
        }
    }
}

void settle(Running one) throws Exception {
    // Reads what the program writes, until it has been quiet for 100 ms, and for 2 s at most; it stays unread for expect.
    apart(() -> {
        Screen screen = one.screen();
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        try {
            for (Snapshot before = null; !screen.snapshot().equals(before) && System.nanoTime() - end < 0; ) {
                before = screen.snapshot();
                one.session().poll(Duration.ofMillis(100), new Awaited.Text("\0\0\0"));
            }
        } catch (EndedException ended) {
            return null; // all of it was read
        } catch (IOException cut) {
            if (one.process().isAlive()) {
                throw cut;
            }
        }
        return null;
    });
}

void screen(PtyProcess process) throws Exception {
    // Prints what the program shows now, with its colours in a frame.
    Running one = of(process);
    settle(one);
    System.out.print(one.screen().snapshot().toFrame());
}

String expect(PtyProcess process, String text) throws Exception {
    // Waits for a text and returns what came before it: expect(p, "$ ").
    return apart(() -> of(process).session().expect(text).before());
}

Recorder record(String file, PtyProcess process) throws Exception {
    // Records what comes from now on: var r = record("demo.cast", p), later r.close().
    Recorder recorder = Recorder.to(Path.of(file));
    of(process).session().tap(recorder);
    return recorder;
}

void replay(String file) throws Exception {
    // Plays a recording as fast as it was, but for pauses of more than a second.
    apart(() -> {
        Recording.read(Path.of(file)).play(System.out, Speed.times(1).idleLimit(Duration.ofSeconds(1)));
        return null;
    });
}

void help() {
    System.out.println("""
            sh("ls -l")                     runs a command line and prints what comes back: text(), lines(), status()
            var p = start("bash")           starts a program on a terminal of its own
            expect(p, "$ ")                 waits for a text and returns what came before
            send(p, "ls\\n")                 types a text
            keys(p, "ihello<Esc>")          types keys too: <Up>, <F5>, <C-c>
            screen(p)                       prints the screen
            var r = record("demo.cast", p)  records from now on, until r.close()
            replay("demo.cast")             plays it
            p.close(), help(), /list -start
            """);
}

help();
