/**
 * The style of callbacks: the loop reads and notifies a {@link dev.panpty.internal.event.Listener}.
 *
 * <p>The state is confined to the loop's thread. The exception is {@link dev.panpty.internal.event.WriteQueue}, which has a lock: while
 * nothing is pending the calling thread writes at once, else the loop drains. The listener is called on the loop's thread, under no lock.
 *
 * <p>It calls {@link dev.panpty.internal.process} and what is below; it does not know {@link dev.panpty.internal.stream}.
 */
package dev.panpty.internal.event;
