package dev.panpty.expect;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import dev.panpty.TerminalAttributes;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * A process in stream style. The waiting caller itself reads, so a session needs no thread, and one on a virtual thread does not hold its
 * carrier; unless the output is read by others, and comes by another stream.
 */
final class ProcessConnection implements Connection {

    private final PtyProcess process;
    private final boolean owned;
    private final Optional<StreamOutput> copy;
    private final OutputStream input;

    /** @param owned whether {@link #close} closes the process */
    ProcessConnection(PtyProcess process, boolean owned) {
        this(process, owned, Optional.empty());
    }

    /** @param output of the process, which others read */
    ProcessConnection(PtyProcess process, InputStream output) {
        this(process, false, Optional.of(output));
    }

    private ProcessConnection(PtyProcess process, boolean owned, Optional<InputStream> output) {
        this.process = process;
        this.owned = owned;
        input = process.getOutputStream();
        copy = output.map(StreamOutput::new);
    }

    @Override
    public boolean await(long nanos) throws IOException, InterruptedException {
        return copy.isPresent() ? copy.get().await(nanos) : process.awaitOutput(Duration.ofNanos(nanos));
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return copy.isPresent() ? copy.get().read(target, offset, length) : process.getInputStream().read(target, offset, length);
    }

    @Override
    public void write(byte[] bytes, boolean secret) throws IOException {
        if (secret) {
            process.typeSecret(bytes);
        } else {
            input.write(bytes);
        }
    }

    @Override
    public Optional<TerminalAttributes> attributes() {
        try {
            return Optional.of(process.attributes());
        } catch (IOException closed) {
            return Optional.empty();
        }
    }

    @Override
    public boolean awaitPasswordPrompt(Duration timeout) throws IOException, InterruptedException {
        return process.awaitPasswordPrompt(timeout);
    }

    @Override
    public WindowSize windowSize() throws IOException {
        return process.windowSize();
    }

    @Override
    public boolean canResize() {
        return process.exitStatus().isEmpty();
    }

    @Override
    public void resize(WindowSize size) throws IOException {
        process.resize(size);
    }

    @Override
    public Optional<ExitStatus> status() {
        return process.exitStatus();
    }

    @Override
    public Optional<ExitStatus> awaitStatus(Duration timeout) throws InterruptedException {
        process.waitFor(timeout);
        return process.exitStatus();
    }

    @Override
    public Optional<String> foreground() {
        try {
            return process.foregroundProcess()
                    .map(each -> each.command().stream().findFirst().orElse("?") + " (pid " + each.pid() + ")");
        } catch (IOException closed) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<PtyProcess> process() {
        return Optional.of(process);
    }

    @Override
    public void close() {
        copy.ifPresent(StreamOutput::close);
        if (owned) {
            process.close();
        }
    }

    @Override
    public String name() {
        return "pid " + process.pid();
    }
}
