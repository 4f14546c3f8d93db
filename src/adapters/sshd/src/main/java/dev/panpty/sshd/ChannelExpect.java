package dev.panpty.sshd;

import static java.util.Objects.requireNonNull;

import dev.panpty.WindowSize;
import dev.panpty.expect.Expect;
import dev.panpty.expect.ExpectOptions;
import java.io.IOException;
import org.apache.sshd.client.channel.PtyCapableChannelSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * Dialogs with programs on terminals of other hosts, over shell and exec channels of MINA's client. {@link Expect#interact} puts such a
 * program on the terminal of this JVM: its window follows by the request {@code window-change}, RFC 4254 section 6.7. Any thread.
 */
public final class ChannelExpect {

    private ChannelExpect() {}

    /**
     * A session over an open channel, which has a terminal. {@link Expect#close} does not close the channel.
     *
     * @param channel open, with {@code setUsePty(true)} and without streams of its own
     * @return the session, with {@link ExpectOptions#defaults}
     */
    public static Expect over(PtyCapableChannelSession channel) {
        return over(channel, ExpectOptions.defaults());
    }

    /**
     * A session over an open channel, which has a terminal. {@link Expect#close} does not close the channel.
     *
     * @param channel open, with {@code setUsePty(true)} and without streams of its own
     * @param options of the session; the size of the window is that of the channel
     * @return the session
     */
    public static Expect over(PtyCapableChannelSession channel, ExpectOptions options) {
        requireNonNull(channel, "channel");
        requireNonNull(options, "options");
        WindowSize window = new WindowSize(channel.getPtyLines(), channel.getPtyColumns(), channel.getPtyWidth(), channel.getPtyHeight());
        return Expect.over(channel.getInvertedOut(), channel.getInvertedIn(), size -> resize(channel, size), options.withWindow(window));
    }

    /** The request by hand, since MINA's sendWindowChange sends the height in pixels before the width. */
    static void resize(PtyCapableChannelSession channel, WindowSize size) throws IOException {
        Buffer request = channel.getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST);
        request.putUInt(channel.getRecipient());
        request.putString("window-change");
        request.putBoolean(false); // no reply
        request.putUInt(size.columns());
        request.putUInt(size.rows());
        request.putUInt(size.widthPixels());
        request.putUInt(size.heightPixels());
        channel.writePacket(request); // without effect if the channel is being closed
        channel.setPtyColumns(size.columns());
        channel.setPtyLines(size.rows());
        channel.setPtyWidth(size.widthPixels());
        channel.setPtyHeight(size.heightPixels());
    }
}
