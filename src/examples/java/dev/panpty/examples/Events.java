package dev.panpty.examples;

import dev.panpty.ExitStatus;
import dev.panpty.ProcessProtocol;
import dev.panpty.ProcessTransport;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.TextDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

public final class Events {
    public static void main(String[] arguments) throws Exception {
        new PtyProcessBuilder("tr", "a-z", "A-Z").start(new ProcessProtocol() {
            private final TextDecoder decoder = new TextDecoder(StandardCharsets.UTF_8);
            @Override public void connectionMade(ProcessTransport transport) {
                transport.write("duke\n".getBytes(StandardCharsets.US_ASCII));
                transport.closeStdin();
            }
            @Override public void outReceived(ByteBuffer data) {
                System.out.print(decoder.decode(data)); // a character may begin in one chunk and end in the next
            }
            @Override public void processEnded(ExitStatus status) {
                System.out.println("ended: " + status);
            }
        }).onEnd().join();
    }
}
