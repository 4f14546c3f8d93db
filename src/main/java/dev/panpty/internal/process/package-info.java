/**
 * What both styles share: a child, its terminal, and the join of its exit and the end of the output.
 *
 * <p>{@link dev.panpty.internal.process.TerminalProcess} owns a {@link dev.panpty.internal.process.Child} and a
 * {@link dev.panpty.internal.process.PtmxChannel}; a style adds a {@link dev.panpty.internal.process.ReadSide} and a
 * {@link dev.panpty.internal.process.WriteSide}. The names take our point of view: the read side reads the program's output. Here are also
 * the ways to end a process ({@code KillSequence}, {@link dev.panpty.internal.process.SessionTermination}), the kernel's line
 * ({@link dev.panpty.internal.process.LineGuard}) and the prompt for a password ({@code PasswordPrompt}).
 *
 * <p>Locks, outer first: the lock of a side's bytes (in the styles' packages), then the writing lock of the channel. The child's lock
 * orders signals and the reaping; no style is called while it is held. A {@link dev.panpty.internal.process.Tap} is called with the writing
 * lock, and types by {@link dev.panpty.internal.process.Replies}, on a thread of its own.
 *
 * <p>It calls {@link dev.panpty.internal.loop} and {@link dev.panpty.internal.sys}; the styles call it.
 */
package dev.panpty.internal.process;
