package dev.panpty.internal.stream;

import dev.panpty.internal.loop.LoopThread;
import dev.panpty.internal.process.PartialWrites;
import dev.panpty.internal.process.ProcessStart;
import dev.panpty.internal.process.TerminalProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** A process whose output and input are streams: callers read and write on their own threads and block. */
public final class StreamProcess extends TerminalProcess implements StreamOwner {

    private final StreamReader reader;
    private final StreamWriter writer;
    private final Optional<StreamReader> errorReader;

    /** {@link #prepare} follows. */
    public StreamProcess(ProcessStart start, PartialWrites partialWrites) {
        super(start);
        reader = new StreamReader(terminal(), start.endAtExit(), this);
        writer = new StreamWriter(terminal(), reader, start.splitLongLines(), partialWrites);
        errorReader = sides().errorPipe().isPresent()
                ? Optional.of(new StreamReader(sides().errorPipe().get(), start.endAtExit(), this)) : Optional.empty();
        attach(reader, writer, errorReader);
    }

    @Override
    public void advance() {
        child().advance();
        repeatMissed();
        if (child().isReaped()) {
            exited().reach();
            reader.takeRest();
            if (errorReader.isPresent()) {
                errorReader.get().takeRest();
            }
            writer.ready(); // a waiter retries and finds the child reaped
            endKillSequence();
        }
        sides().closeFinished();
        if (child().isReaped() && sides().isOutputFinished()) {
            reachEnd();
        }
    }

    @Override
    public void pollExit() {
        child().reap();
    }

    @Override
    public void awaitExitBriefly() {
        child().awaitBriefly();
    }

    @Override
    public void awaitExit() throws InterruptedException {
        if (!Thread.currentThread().isVirtual()) {
            awaitExitBriefly();
        }
        super.awaitExit();
    }

    /** @param owner kept reachable by the stream */
    public InputStream output(Object owner) {
        return new TerminalInputStream(reader, owner);
    }

    /** {@link StreamReader#await}. */
    public boolean awaitOutput(long nanos) throws IOException, InterruptedException {
        return reader.await(nanos);
    }

    /** @param owner kept reachable by the stream */
    public OutputStream input(Object owner) {
        return new TerminalOutputStream(writer, owner);
    }

    /**
     * Standard error, if it has a pipe.
     *
     * @param owner kept reachable by the stream
     */
    public Optional<InputStream> errors(Object owner) {
        return errorReader.isPresent() ? Optional.of(new TerminalInputStream(errorReader.get(), owner)) : Optional.empty();
    }

    @Override
    public void readAhead() {
        try {
            reader.readAhead();
        } catch (IOException unreadable) {
            // the next read meets the same failure
        }
    }

    @Override
    public boolean hasPendingInput() {
        return false; // a write returns when it is written
    }

    @Override
    public long acceptedInput() {
        return 0;
    }

    @Override
    public long writtenInput() {
        return 0;
    }

    @Override
    public void discardInput() {
        writer.discard();
    }

    @Override
    public void type(byte[] keys, boolean secret) throws IOException {
        LoopThread.refuse("typing into a stream", "use a ProcessProtocol");
        writer.write(keys, 0, keys.length, secret);
    }
}
