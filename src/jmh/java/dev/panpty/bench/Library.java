package dev.panpty.bench;

import com.pty4j.PtyProcessBuilder;
import dev.panpty.PtyProcess;
import java.io.IOException;

/** The libraries that start the programs; each returns a {@link Process}. */
public enum Library {
    /** This library. */
    PANPTY {
        @Override
        Process start(String... command) throws IOException {
            return PtyProcess.start(command);
        }
    },
    /** pty4j, which uses JNA. */
    PTY4J {
        @Override
        Process start(String... command) throws IOException {
            return new PtyProcessBuilder(command).setRedirectErrorStream(true).start();
        }
    },
    /** Pipes in place of a terminal, for orientation. */
    BUILDER {
        @Override
        Process start(String... command) throws IOException {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        }
    };

    /** Starts a program. */
    abstract Process start(String... command) throws IOException;

    /** Releases the resources of a process that has ended. */
    static void close(Process process) throws IOException {
        if (process instanceof PtyProcess terminal) {
            terminal.close();
        } else {
            process.getInputStream().close();
            process.getOutputStream().close();
        }
    }
}
