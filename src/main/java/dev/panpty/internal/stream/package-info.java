/**
 * The style of {@link java.lang.Process}: callers read and write on their own threads and block.
 *
 * <p>A caller makes its system call itself and parks only if that gives EAGAIN; the loop then wakes it. A waiting caller may reap the child
 * itself, so what follows an exit may run on any thread here.
 *
 * <p>Locks, outer first: a writer's turn, the writer's state, the reader's state, the channel's writing lock.
 *
 * <p>It calls {@link dev.panpty.internal.process} and what is below; it does not know {@link dev.panpty.internal.event}.
 */
package dev.panpty.internal.stream;
