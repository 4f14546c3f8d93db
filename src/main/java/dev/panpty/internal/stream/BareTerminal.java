package dev.panpty.internal.stream;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.process.Channel;
import dev.panpty.internal.process.PartialWrites;
import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Ptmx;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * A terminal without a process, with streams at both ends.
 *
 * <pre>
 *   ours --lend--> a process's for now --takeBack--> ours
 *                                      --give--> a process's: our streams have ended, closing does nothing
 *   ours --close--> closed
 * </pre>
 *
 * <p>Any thread; {@link #openPts} once.
 */
public final class BareTerminal {

    private static final StreamReader.Owner NOBODY = new StreamReader.Owner() {
        @Override
        public void awaitExitBriefly() {
            // there is no process
        }

        @Override
        public void advance() {
            // the streams say it
        }
    };

    private final EventLoop loop;
    private final PtmxChannel terminal;
    private final StreamReader reader;
    private final StreamWriter writer;
    private final PartialWrites partialWrites;

    public BareTerminal(EventLoop loop, Ptmx ptmx, PartialWrites partialWrites) {
        this.loop = loop;
        this.partialWrites = partialWrites;
        terminal = new PtmxChannel(loop, ptmx);
        reader = new StreamReader(terminal, false, NOBODY); // nobody is told of its end, so that may come on any thread
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

    /** The program's end, for a program that is part of this JVM. */
    public final class Pts {

        private final Channel channel;
        private final StreamReader ptsReader;
        private final ChannelWriter ptsWriter;

        private Pts(Descriptor descriptor) {
            channel = new Channel(loop, descriptor, Optional.empty(), terminal.ptmx().ptsPath());
            ptsReader = new StreamReader(channel, false, NOBODY);
            ptsWriter = new ChannelWriter(channel, Optional.empty(), partialWrites);
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

        /** What was typed and not read is lost with the terminal. */
        public void close() {
            ptsReader.cut();
            give();
        }

        /** What was typed and not read is another's. */
        public void give() {
            channel.close();
            ptsReader.closed();
            ptsWriter.closed();
        }
    }

    /** The program's end, or the negative errno. */
    public record OpenedPts(Pts pts, int error) {}

    public OpenedPts openPts() {
        Descriptor.Opened opened = terminal.ptmx().openOwnPts();
        return opened.failed() ? new OpenedPts(null, opened.error()) : new OpenedPts(new Pts(opened.descriptor()), 0);
    }

    /** The ptmx is a process's for now: it is not watched, and nothing is read from it; who waits goes on waiting. */
    public void lend() {
        terminal.lend();
        reader.lend();
    }

    /** The ptmx stays ours after all: whoever waits looks again, and has it watched again. */
    public void takeBack() {
        terminal.takeBack();
        reader.takeBack();
        writer.ready();
    }

    /** The ptmx is somebody else's now: our streams have ended when this returns, and nothing of them touches it any more. */
    public void give() {
        reader.closed();
        writer.closed();
    }

    public void close() {
        reader.cut();
        terminal.close();
        give();
    }
}
