package dev.panpty.adapters.jediterm;

import com.techsenger.jeditermfx.core.TtyConnector;
import com.techsenger.jeditermfx.core.util.TermSize;
import dev.panpty.PtyProcess;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A process for JediTerm's widget. */
public final class PtyConnector implements TtyConnector {

    private final PtyProcess process;
    private final Reader output;

    public PtyConnector(PtyProcess process) {
        this.process = process;
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        return output.read(target, offset, length);
    }

    @Override
    public boolean ready() throws IOException {
        return output.ready();
    }

    @Override
    public void write(byte[] input) throws IOException {
        process.getOutputStream().write(input);
        process.getOutputStream().flush();
    }

    @Override
    public void write(String input) throws IOException {
        write(input.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void resize(TermSize size) {
        try {
            process.resize(new WindowSize(size.getRows(), size.getColumns()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public boolean isConnected() {
        return process.isAlive();
    }

    @Override
    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public String getName() {
        return process.info().command().orElse("terminal");
    }

    /** Called by the user interface's thread, which must not wait. */
    @Override
    public void close() {
        process.closeAsync();
    }
}
