/**
 * Shell and exec channels of an Apache MINA SSHD server: on a terminal of the library where the client asks for one, else on pipes.
 * {@link dev.panpty.sshd.PtyCommandFactory} is the entrance. {@link dev.panpty.sshd.ChannelExpect} is for clients.
 *
 * <p>MINA calls a command on its own threads, one message of a session after the other. A terminal is served on the thread of its
 * {@link dev.panpty.Reactor}; a program on pipes has three platform threads.
 */
package dev.panpty.sshd;
