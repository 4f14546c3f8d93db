import dev.panpty.*;

void apart(Callable<?> task) throws Exception {
    // Runs a task on a thread of its own and waits. jshell stops a snippet at ^C at any point, which must not be inside the library.
    var result = new FutureTask<>(task);
    Thread thread = Thread.startVirtualThread(result);
    try {
        result.get();
    } finally {
        thread.interrupt();
    }
}

ExitStatus sh(String commandLine) throws Exception {
    // Runs a command line by sh on a terminal of its own, without input, and prints its output while it runs.
    try (PtyProcess process = PtyProcess.start("sh", "-c", commandLine)) {
        apart(() -> {
            process.getOutputStream().close();
            process.getInputStream().transferTo(System.out);
            return process.waitFor();
        });
        return process.exitStatus().orElseThrow();
    }
}

PtyProcess start(String... command) throws Exception {
    // Starts a program, which runs until it exits or is closed: var p = start("bash"), or start("python3", "-q").
    return PtyProcess.start(command);
}

void send(PtyProcess process, String text) throws Exception {
    // Types a text: send(p, "ls\n"). The text appears in the output, since the program's terminal echoes it.
    process.getOutputStream().write(text.getBytes());
}

void show(PtyProcess process) throws Exception {
    // Prints the output that is available now.
    for (int count; (count = process.getInputStream().available()) > 0; ) {
        System.out.write(process.getInputStream().readNBytes(count));
    }
    System.out.flush();
}

void showUntil(PtyProcess process, String text) throws Exception {
    // Waits for a text and prints the output up to it, or up to the end: showUntil(p, "$ ").
    byte[] wanted = text.getBytes();
    byte[] last = new byte[wanted.length];
    apart(() -> {
        int next = 0;
        while (!Arrays.equals(last, wanted) && (next = process.getInputStream().read()) >= 0) {
            System.out.write(next);
            System.arraycopy(last, 1, last, 0, last.length - 1);
            last[last.length - 1] = (byte) next;
        }
        System.out.flush();
        return next;
    });
}

System.out.println("""
        sh("ls -l")             runs a command line and prints what comes back
        var p = start("bash")   starts a program on a terminal of its own
                                send(p, "ls\\n"), showUntil(p, "$ "), show(p), p.close()
        /list -start            shows how these are made
        """);
