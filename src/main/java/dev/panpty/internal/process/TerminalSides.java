package dev.panpty.internal.process;

import dev.panpty.internal.sys.Ptmx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The ptmx of a process and the channel of its standard error, if that is a pipe or a second terminal, with the sides that read and write
 * them: operations on all of them. Any thread, except for calls that {@link ReadSide} confines to the loop's thread.
 *
 * <p>The first to close the ptmx records the cause:
 *
 * <pre>
 *   open --the output is finished, and no process holds the pts--> HUNG_UP
 *   open --the output is finished, and a process holds the pts, since the reader was told to finish--> CLOSED
 *   open --close, closeDescriptors: a caller's wish--> CLOSED
 *   open --failing: a descriptor or the loop--> FAILED
 * </pre>
 */
public final class TerminalSides {

    private final PtmxChannel terminal;
    private final Optional<Channel> errorPipe;
    private List<ReadSide> outputs; // the terminal's, and that of standard error if it has a pipe; set before the start, as the next
    private WriteSide input;
    private final AtomicReference<Cause> cause = new AtomicReference<>(); // null while the ptmx is open
    private volatile String failure; // set before FAILED

    /** Why the ptmx was closed. */
    public enum Cause { CLOSED, HUNG_UP, FAILED }

    TerminalSides(PtmxChannel terminal, Optional<Channel> errorPipe) {
        this.terminal = terminal;
        this.errorPipe = errorPipe;
    }

    /** Once, before the start. */
    void attach(ReadSide outputSide, WriteSide inputSide, Optional<? extends ReadSide> errorSide) {
        input = inputSide;
        terminal.attach(outputSide, Optional.of(inputSide));
        if (errorSide.isEmpty()) {
            outputs = List.of(outputSide);
        } else {
            outputs = List.of(outputSide, errorSide.get());
            errorPipe.orElseThrow().attach(errorSide.get(), Optional.empty());
        }
    }

    PtmxChannel terminal() {
        return terminal;
    }

    public Optional<Channel> errorPipe() {
        return errorPipe;
    }

    /** Sets the size of the terminals; 0 or the negative errno of the first. */
    int resize(Ptmx.Size size) {
        if (errorPipe.isPresent() && errorPipe.get() instanceof PtmxChannel errors) {
            errors.ptmx().setWindowSize(size); // fails once it is closed
        }
        return terminal.resize(size);
    }

    public ReadSide output() {
        return outputs.getFirst();
    }

    /** That of standard error; the same as {@link #output} unless it has a pipe. */
    public ReadSide errors() {
        return outputs.getLast();
    }

    /** The start has failed: the channels that had these descriptors before use them again. */
    void lend() {
        terminal.lend();
        if (errorPipe.isPresent()) {
            errorPipe.get().lend();
        }
    }

    /** Bytes of output that were read and not delivered. */
    public long droppedBytes() {
        long dropped = 0;
        for (ReadSide output : outputs) {
            dropped += output.droppedBytes();
        }
        return dropped;
    }

    /** The process is about to be ended: nothing more is delivered, and no more input is accepted. Idempotent. */
    void endDelivery() {
        for (ReadSide output : outputs) {
            output.endDelivery();
        }
        input.close();
    }

    /** The terminal is about to be closed. Idempotent. */
    void cut() {
        input.close();
        cutOutput();
    }

    private void cutOutput() {
        for (ReadSide output : outputs) {
            output.cut();
        }
    }

    /** Closes the descriptors; {@link #close} follows on the loop's thread. */
    void closeDescriptors() {
        try {
            cutOutput();
        } finally {
            cause.compareAndSet(null, Cause.CLOSED);
            terminal.close();
            closeErrorPipe();
        }
    }

    /** Closes the descriptors and notifies the sides. On the loop's thread. */
    void close() {
        try {
            closeDescriptors();
        } finally {
            for (ReadSide output : outputs) {
                output.closed();
            }
            input.closed();
        }
    }

    /** The loop has failed. The input goes first: the end of the output would close it without the reason. On the loop's thread. */
    void failed(String reason) {
        failing(reason);
        input.failed(reason);
        for (ReadSide output : outputs) {
            output.failed(reason);
        }
    }

    /** The terminal is about to be closed for this reason. */
    public void failing(String reason) {
        if (cause.get() == null) {
            failure = reason;
            cause.compareAndSet(null, Cause.FAILED);
        }
    }

    /** Why the ptmx was closed; empty while it is open. */
    public Optional<Cause> cause() {
        return terminal.isClosed() ? Optional.ofNullable(cause.get()) : Optional.empty();
    }

    /** The reason of {@link Cause#FAILED}. */
    public String failure() {
        return failure;
    }

    public boolean isOutputFinished() {
        return output().isFinished() && errors().isFinished();
    }

    /** Closes each descriptor whose output is finished. */
    public void closeFinished() {
        if (output().isFinished()) {
            input.closed(); // first: a write to a closed terminal would be reported as a failure
            if (cause.get() == null) {
                cause.compareAndSet(null, terminal.end().isHeld() ? Cause.CLOSED : Cause.HUNG_UP);
            }
            terminal.close();
        }
        if (errors().isFinished()) {
            closeErrorPipe();
        }
    }

    private void closeErrorPipe() {
        if (errorPipe.isPresent()) {
            errorPipe.get().close();
        }
    }
}
