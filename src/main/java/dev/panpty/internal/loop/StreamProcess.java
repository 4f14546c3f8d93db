package dev.panpty.internal.loop;

import java.io.IOException;

/** A process whose output and input are streams: their users read and write on their own threads, and block. */
public final class StreamProcess extends TerminalProcess {

    private final StreamReader reader;
    private final StreamWriter writer;

    /** {@link #begin} is to follow. */
    public StreamProcess(Start start) {
        super(start);
        reader = new StreamReader(terminal(), start.endAtExit(), this::outputFinished);
        writer = new StreamWriter(terminal(), reader, start.splitLongLines());
        attach(reader, writer);
    }

    int read(byte[] target, int offset, int length) throws IOException {
        return reader.read(target, offset, length);
    }

    int available() {
        return reader.available();
    }

    void write(byte[] source, int offset, int length) throws IOException {
        writer.write(source, offset, length);
    }

    void endOfInput() throws IOException {
        writer.endOfInput();
    }

    @Override
    public void type(byte[] keys) throws IOException {
        writer.write(keys, 0, keys.length);
    }
}
