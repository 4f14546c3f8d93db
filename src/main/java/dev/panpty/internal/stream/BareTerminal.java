package dev.panpty.internal.stream;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.process.Channel;
import dev.panpty.internal.process.PartialWrites;
import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.Result;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * A terminal without a process, with streams at both ends.
 *
 * <pre>
 *   ours --lend--> lent to a start --takeBack--> ours
 *                                  --give------> given to a process: our streams have ended, close has no effect
 *   ours --close--> closed
 * </pre>
 *
 * <p>Any thread; {@link #openPts} once.
 */
public final class BareTerminal {

    private static final StreamOwner NO_PROCESS = new StreamOwner() {
        @Override
        public void awaitExitBriefly() {
            // there is no process
        }

        @Override
        public void advance() {
            // there is no process
        }
    };

    private final EventLoop loop;
    private final PtmxChannel terminal;
    private final StreamReader reader;
    private final StreamWriter writer;
    private final PartialWrites partialWrites;
    private volatile PtmxChannel sized; // once the terminal is given, that of the process, which may have a tap

    public BareTerminal(EventLoop loop, Ptmx ptmx, PartialWrites partialWrites) {
        this.loop = loop;
        this.partialWrites = partialWrites;
        terminal = new PtmxChannel(loop, ptmx);
        sized = terminal;
        reader = new StreamReader(terminal, false, NO_PROCESS);
        writer = new StreamWriter(terminal, reader, false, partialWrites);
        terminal.attach(reader, Optional.of(writer));
    }

    public Ptmx ptmx() {
        return terminal.ptmx();
    }

    /** @param owner kept reachable by the stream */
    public InputStream output(Object owner) {
        return new TerminalInputStream(reader, owner);
    }

    /** @param owner kept reachable by the stream */
    public OutputStream input(Object owner) {
        return new TerminalOutputStream(writer, owner);
    }

    /** The pts, opened in this JVM, with its streams. */
    public final class Pts {

        private final Channel channel;
        private final StreamReader ptsReader;
        private final StreamWriter ptsWriter;

        private Pts(Descriptor descriptor) {
            channel = new Channel(loop, descriptor, Optional.empty(), terminal.ptmx().ptsPath());
            ptsReader = new StreamReader(channel, false, NO_PROCESS);
            ptsWriter = new StreamWriter(channel, partialWrites);
            channel.attach(ptsReader, Optional.of(ptsWriter));
        }

        /** @param owner kept reachable by the stream */
        public InputStream input(Object owner) {
            return new TerminalInputStream(ptsReader, owner);
        }

        /** @param owner kept reachable by the stream */
        public OutputStream output(Object owner) {
            return new TerminalOutputStream(ptsWriter, owner);
        }

        /** Closes it; input that was typed and not read is lost with the terminal. */
        public void close() {
            ptsReader.cut();
            give();
        }

        /** Closes it for a process that has the terminal now, and reads the input that was typed and not read. */
        public void give() {
            channel.close();
            ptsReader.closed();
            ptsWriter.closed();
        }
    }

    /** Opens the pts. */
    public Result<Pts> openPts() {
        Result<Descriptor> opened = terminal.ptmx().openOwnPts();
        return opened.failed() ? Result.failure(opened.error()) : Result.of(new Pts(opened.value()));
    }

    /** A start uses the ptmx: it is not registered here and nothing is read from it; waiters go on waiting. */
    public void lend() {
        terminal.lend();
        reader.lend();
    }

    /** No start uses the ptmx any more: waiters retry and register it again. */
    public void takeBack() {
        terminal.takeBack();
        reader.takeBack();
        writer.ready();
    }

    /** {@link PtmxChannel#resize}. */
    public int resize(Ptmx.Size size) {
        return sized.resize(size);
    }

    /** The ptmx belongs to a process: when this returns our streams have ended and no longer use it. */
    public void give(PtmxChannel owner) {
        sized = owner;
        end();
    }

    private void end() {
        reader.closed();
        writer.closed();
    }

    public void close() {
        reader.cut();
        terminal.close();
        end();
    }
}
