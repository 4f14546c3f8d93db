import dev.panpty.*;

/** Runs a command line by sh on a terminal of its own, its input at end of file. Prints what comes back, as it comes. */
ExitStatus sh(String commandLine) throws Exception {
    try (PtyProcess process = PtyProcess.start("sh", "-c", commandLine)) {
        process.getOutputStream().close();
        process.getInputStream().transferTo(System.out);
        process.waitFor();
        return process.exitStatus().orElseThrow();
    }
}

/** Starts a program, which runs until it ends or you close() it: var p = start("bash"), or start("python3", "-q"). */
PtyProcess start(String... command) throws Exception {
    return PtyProcess.start(command);
}

/** Types a text at a program: send(p, "ls\n"). Control-C is "\3"; it signals as from a keyboard. */
void send(PtyProcess process, String text) throws Exception {
    process.getOutputStream().write(text.getBytes());
}

/** Prints the output that is there now, without waiting for more. */
void show(PtyProcess process) throws Exception {
    for (int count; (count = process.getInputStream().available()) > 0; ) {
        System.out.write(process.getInputStream().readNBytes(count));
    }
    System.out.flush();
}

/** Prints the output up to and with a text, and waits for it: showUntil(p, "$ "). The end of the output ends it too. */
void showUntil(PtyProcess process, String text) throws Exception {
    byte[] last = new byte[text.getBytes().length];
    while (!Arrays.equals(last, text.getBytes())) {
        int next = process.getInputStream().read();
        if (next < 0) {
            break;
        }
        System.out.write(next);
        System.arraycopy(last, 1, last, 0, last.length - 1);
        last[last.length - 1] = (byte) next;
    }
    System.out.flush();
}

System.out.println("""
        sh("ls -l")             runs a command line and prints what comes back
        var p = start("bash")   starts a program; send(p, "ls\\n"), showUntil(p, "$ "), show(p), p.close()
        /list -start            shows how these are made
        """);
